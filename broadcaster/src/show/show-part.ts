/** The show in the control room: its state, its buttons, its markers, its links. */

import {
  type HttpReply,
  type HttpRequest,
  jsonReply,
  pictureTypeOf,
  type Route,
  textReply,
} from '@freshet/relay-node';
import { renderSVG } from 'uqr';
import type { ControlPart } from '../control/control-part.js';
import type { Broadcast } from '../live/broadcast.js';
import type { Recorder } from '../record/recorder.js';
import { readJson, readText } from './json-body.js';
import type { Show } from './show.js';
import { ShowError } from './show-error.js';
import { readDescription, readStart, readTitle } from './show-words.js';

/** Where the show can be watched. */
export type ShareLinks = {
  /** For others: the public address, or this machine's on its network. */
  readonly watch: string;
  /** For this machine only, so that a page can say so. */
  readonly isLocal: boolean;
  readonly app: string;
};

/** What the part reads and changes. */
export type ShowPartOptions = {
  readonly show: Show;
  readonly broadcast: Broadcast;
  /** `undefined` where nothing is recorded. */
  readonly recorder: Recorder | undefined;
  readonly links: ShareLinks;
  readonly viewerCount: () => number;
  readonly wallNow: () => number;
  readonly poster: () => Uint8Array | undefined;
  readonly setPoster: (picture: Uint8Array) => Promise<void>;
};

/** Markers in one answer, the newest ones. */
const MARKERS_SHOWN_MAX = 200;

/** The show's routes and its page. */
export function createShowPart(options: ShowPartOptions): ControlPart {
  const route = (method: string, pattern: string, handler: Route['handler']): Route => ({
    method,
    pattern,
    handler: (request) => guarded(() => handler(request)),
  });
  return {
    routes: [
      route('GET', '/api/show', () => jsonReply(200, stateOf(options))),
      route('POST', '/api/show', (request) => act(options, request)),
      route('GET', '/api/markers', () => jsonReply(200, { markers: options.show.markers })),
      route('POST', '/api/markers', (request) => mark(options, request)),
      route('GET', '/api/poster', () => posterReply(options.poster())),
      route('POST', '/api/poster', (request) => takePoster(options, request)),
      route('GET', '/api/share', () => jsonReply(200, shareOf(options.links))),
    ],
    pages: { '/show': '/show.html' },
  };
}

/** What a person asked for and cannot have is an answer, not a fault. */
async function guarded(work: () => HttpReply | Promise<HttpReply>): Promise<HttpReply> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ShowError) return textReply(400, cause.message);
    throw cause;
  }
}

function stateOf(options: ShowPartOptions) {
  const { show, broadcast, recorder, viewerCount, poster, wallNow } = options;
  const { title, description = '', reason } = broadcast.words;
  return {
    phase: show.phase,
    state: broadcast.state,
    title,
    description,
    reason: reason ?? null,
    startsMs: show.startsMs ?? null,
    nowMs: Math.round(wallNow()),
    mediaMs: show.mediaMs,
    viewers: viewerCount(),
    hasPoster: poster() !== undefined,
    recording: recorder ? { isOn: true, ...recorder.state } : { isOn: false },
    markers: show.markers.slice(-MARKERS_SHOWN_MAX),
  };
}

/**
 * `{action?: 'pause' | 'resume' | 'end', title?, description?, reason?, startsAt?}`: words first, so that an action is
 * announced with them.
 */
function act(options: ShowPartOptions, request: HttpRequest): HttpReply {
  const { show, broadcast } = options;
  const asked = readJson(request);
  const [title, description, startsAt] = ['title', 'description', 'startsAt'].map((name) =>
    readText(asked, name),
  );
  const changes = {
    ...(title !== undefined && { title: readTitle(title) }),
    ...(description !== undefined && { description: readDescription(description) }),
  };
  const startsMs = startsAt === undefined ? undefined : readStart(startsAt, options.wallNow());
  const action = readText(asked, 'action');
  if (action !== undefined && !['pause', 'resume', 'end'].includes(action))
    throw new ShowError('An action is "pause", "resume" or "end".');
  if (Object.keys(changes).length > 0) broadcast.describe(changes);
  if (startsMs !== undefined) show.schedule(startsMs);
  const reason = readText(asked, 'reason');
  if (action === 'pause') show.pause(reason === undefined || reason === '' ? undefined : readTitle(reason));
  if (action === 'resume') show.resume();
  if (action === 'end') show.end();
  return jsonReply(200, stateOf(options));
}

function mark({ show, recorder }: ShowPartOptions, request: HttpRequest): HttpReply {
  const marker = show.mark(readText(readJson(request), 'title') ?? '');
  recorder?.mark(marker.title);
  return jsonReply(201, marker);
}

function posterReply(picture: Uint8Array | undefined): HttpReply {
  const type = picture && pictureTypeOf(picture);
  if (!picture || !type) return textReply(404, 'There is no poster yet.');
  return { status: 200, headers: { 'Content-Type': type, 'Cache-Control': 'no-store' }, body: picture };
}

async function takePoster(options: ShowPartOptions, request: HttpRequest): Promise<HttpReply> {
  if (!pictureTypeOf(request.body)) throw new ShowError('A poster is a JPEG, PNG or WebP picture.');
  await options.setPoster(request.body);
  return jsonReply(200, { hasPoster: true });
}

/** Links, embed code and QR code; the code says which features the page may lend to the player. */
function shareOf({ watch, app, isLocal }: ShareLinks) {
  const allow = 'autoplay; fullscreen; picture-in-picture';
  const style = 'aspect-ratio:16/9;width:100%;border:0';
  const embed = `<iframe src="${watch}" style="${style}" allow="${allow}" title="Live broadcast"></iframe>`;
  return { watch, app, isLocal, embed, qr: renderSVG(watch, { border: 2 }) };
}
