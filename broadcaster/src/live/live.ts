/** Going live: the source, the broadcast and the embedded relay, from start to stop. */

import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelHost, ChannelPublisher, DiscoveryOptions, LinkEngine, Relay } from '@freshet/relay-node';
import { broadcastFigures } from '../audience/broadcast-figures.js';
import { Dashboard } from '../audience/dashboard.js';
import { openControlRoom } from '../control/control-room.js';
import type { EncoderHealth } from '../encode/encoder-health.js';
import { createMediaSource, type MediaSourceOptions } from '../ingest/media-source.js';
import { PublisherGate } from '../ingest/webrtc/publisher-gate.js';
import type { StudioInfo } from '../ingest/webrtc/studio-session.js';
import { WHIP_PATH } from '../ingest/webrtc/whip-part.js';
import { EpochSigners } from '../keys/epoch-signer.js';
import {
  channelKeyOf,
  createKeyFile,
  defaultKeyPath,
  fileExists,
  type HeldKey,
  readKeyFile,
} from '../keys/key-file.js';
import { createKeysPart } from '../keys/keys-part.js';
import { type ShowChoices, ShowDesk } from '../show/show-desk.js';
import { beFound, type Found } from './be-found.js';
import { Broadcast } from './broadcast.js';
import { describeReady, shareLinksOf } from './live-links.js';
import type { LiveReady, LiveView } from './live-view.js';
import { openRelay } from './open-relay.js';
import { RelayNames } from './relay-names.js';
import { runSource } from './run-source.js';
import { isLiveSource } from './show-options.js';
import { STUDIO_PATH, StudioDesk, type StudioOptions, type StudioPlace } from './studio-desk.js';
import { readTickets } from './tickets.js';

/** How to go live. */
export type LiveOptions = {
  /** The source, without what this module fills in. */
  readonly source: MediaSourceOptions;
  readonly title: string;
  /** Description, poster, start, recording. */
  readonly show?: ShowChoices | undefined;
  /** Key file; the user's channel key, made when there is none, if left out. */
  readonly keyFile?: string | undefined;
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Origin under which others reach the relay: `https://live.example.org`. */
  readonly publicUrl?: string | undefined;
  /** How the broadcast may be found by its key alone. */
  readonly discovery?: DiscoveryOptions | undefined;
  /** Tickets of operators of relays, as text. */
  readonly tickets?: readonly string[] | undefined;
  readonly engine?: LinkEngine | undefined;
  /** Where the control room is; none if left out. */
  readonly control?: ControlPlace | undefined;
  /** Takes what the studio page and WHIP clients publish as the source; needs the control room. */
  readonly studio?: StudioOptions | undefined;
  readonly view: LiveView;
  /** Stops the broadcast cleanly. */
  readonly signal: AbortSignal;
};

/** Where the control room listens, as its own options say. */
export type ControlPlace = {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly password?: string | undefined;
};

/** Time for the last pieces and the word that it is over to reach the viewers. */
const FAREWELL_MS = 700;

/** Between two status lines. */
const STATUS_MS = 1_000;

/**
 * Goes live and resolves when it is over: the source ended or the signal came. Rejects with a KeyError, SourceError
 * or ListenError, each one sentence for a person; everything is released by then.
 */
export async function goLive(options: LiveOptions): Promise<void> {
  const { view, signal, title, host, publicUrl } = options;
  const log = (line: string): void => view.note(line);
  const held = await openKey(options.keyFile);
  const { key } = held;
  const tickets = readTickets(options.tickets ?? [], channelKeyOf(key), Date.now());
  const streamKey = options.source.streamKey ?? streamKeyOf(key);
  const gate = options.studio && new PublisherGate(options.studio);
  const source = await createMediaSource({ ...options.source, streamKey, gate });
  const relay = await openRelay({ host, engine: options.engine, publicOrigin: publicUrl, log }, options.port);
  /** What to release in the end, the last first. */
  const releases: (() => unknown)[] = [() => relay.close()];
  try {
    const wallAtZeroMs = Date.now() - performance.now();
    const publisher = relay.publish(channelKeyOf(key), wallAtZeroMs);
    const wallNow = (): number => wallAtZeroMs + performance.now();
    const viewerCount = (): number => publisher.channel.stats().viewerCount;
    const { broadcast, desk } = openShow(options, { relay, publisher, key, tickets, wallNow });
    releases.push(() => desk.close());
    if (options.show?.poster) await desk.setPoster(options.show.poster);
    const { source: media } = options;
    const ready = describeReady({ ...held, title, source: media, relay, streamKey, host, publicUrl });
    const dashboard = showAudience(options, ready, publisher.channel, wallNow);
    releases.push(() => dashboard.close());
    const info = (): StudioInfo => ({
      title: broadcast.words.title,
      watch: ready.watch,
      share: ready.share,
      viewers: viewerCount(),
      state: broadcast.state,
    });
    const studio = gate && (await openStudio(options, gate, { streamKey, info }));
    releases.push(() => studio?.close());
    const parts = [dashboard.part, desk.part, createKeysPart(held), ...(studio?.parts ?? [])];
    const control = options.control && (await openControlRoom({ ...options.control, parts, log }));
    releases.push(() => control?.close());
    view.ready({ ...ready, control: control?.origin, ...studioLinks(studio, control?.origin, streamKey) });
    const discovery = options.discovery ?? {};
    const found = await beFound({ key, relay, host, origin: publicUrl, discovery, log });
    releases.push(() => found.close());
    releases.push(startNaming(options, broadcast, found, publisher.channel));
    releases.push(() => source.stop());
    const progress: { speed: number | undefined } = { speed: undefined };
    const stopStatus = startStatus(view, broadcast, progress, viewerCount);
    releases.push(stopStatus);
    const now = (): number => performance.now();
    dashboard.begin(broadcastFigures(broadcast, () => publisher.channel.session.catalog, now));
    const onProgress = ({ speed, health }: EncoderWords): void => {
      progress.speed = speed;
      dashboard.report({ encoder: encoderReport(speed, health) });
    };
    const isLive = isLiveSource(options.source, options.studio);
    const reason = await runSource({ source, isLive, show: desk.show, view, signal, onProgress });
    stopStatus();
    // No event comes from here on: Ctrl-C reaches ffmpeg too, and the source would begin again for its sake.
    const stopped = source.stop();
    desk.show.end();
    dashboard.tick();
    view.ended(reason);
    await Promise.all([stopped, delay(FAREWELL_MS), desk.close()]);
  } finally {
    for (const release of releases.reverse()) await release();
  }
}

async function openStudio(
  { studio, host, publicUrl, view }: LiveOptions,
  gate: PublisherGate,
  place: Pick<StudioPlace, 'streamKey' | 'info'>,
): Promise<StudioDesk | undefined> {
  const log = (line: string): void => view.note(line);
  return studio && StudioDesk.open({ ...studio, ...place, host, publicUrl, log }, gate);
}

function studioLinks(
  studio: StudioDesk | undefined,
  control: string | undefined,
  streamKey: string,
): Pick<LiveReady, 'studio'> {
  if (!studio || control === undefined) return {};
  return { studio: { page: `${control}${STUDIO_PATH}`, whip: `${control}${WHIP_PATH}`, streamKey } };
}

type EncoderWords = { readonly speed: number; readonly health?: EncoderHealth };

function encoderReport(speed: number, health: EncoderHealth | undefined) {
  if (!health) return { speed };
  const { fps, droppedFrames, ladder } = health;
  return { speed, framesPerSecond: fps, framesDropped: droppedFrames, ladder };
}

function showAudience(
  { title, publicUrl }: LiveOptions,
  { share, watch }: LiveReady,
  channel: ChannelHost,
  wallNow: () => number,
): Dashboard {
  const isLinkLocal = publicUrl === undefined;
  const takeAudience = () => channel.takeAudience();
  return new Dashboard({ title, link: share ?? watch, isLinkLocal, takeAudience, wallNow });
}

/** The key that was named, or else the user's own, made where there is none. */
async function openKey(
  named: string | undefined,
): Promise<{ readonly key: HeldKey; readonly keyFile: string; readonly isNewKey: boolean }> {
  const keyFile = named ?? defaultKeyPath();
  const isNewKey = named === undefined && !(await fileExists(keyFile));
  return { key: isNewKey ? await createKeyFile(keyFile) : await readKeyFile(keyFile), keyFile, isNewKey };
}

type ShowSetup = {
  readonly relay: Relay;
  readonly publisher: ChannelPublisher;
  readonly key: HeldKey;
  readonly tickets: readonly Uint8Array[];
  readonly wallNow: () => number;
};

/** Announces the broadcast, and makes what stands between it and the source. */
function openShow(options: LiveOptions, { relay, publisher, key, tickets, wallNow }: ShowSetup) {
  const { show: choices = {}, title, view, host, publicUrl } = options;
  const { description, startsMs } = choices;
  const words = { description, startsMs };
  const signers = new EpochSigners(key);
  const broadcast = new Broadcast({ signers, sink: publisher, title, words, tickets, wallNow });
  const desk = new ShowDesk({
    choices,
    broadcast,
    publishPoster: (picture) => publisher.publishPoster(picture),
    links: shareLinksOf({ relay, key, host, publicUrl }),
    viewerCount: () => publisher.channel.stats().viewerCount,
    wallNow,
    log: (line) => view.note(line),
  });
  return { broadcast, desk };
}

function startStatus(
  view: LiveView,
  broadcast: Broadcast,
  progress: { readonly speed: number | undefined },
  viewerCount: () => number,
): () => void {
  const startedAt = performance.now();
  let bytesBefore = 0;
  let timeBefore = startedAt;
  const timer = setInterval(() => {
    const now = performance.now();
    const bitrate = Math.round(((broadcast.bytesSigned - bytesBefore) * 8000) / (now - timeBefore));
    bytesBefore = broadcast.bytesSigned;
    timeBefore = now;
    const { state } = broadcast;
    const elapsedMs = Math.round(now - startedAt);
    view.status({ state, viewers: viewerCount(), bitrate, speed: progress.speed, elapsedMs });
  }, STATUS_MS);
  return () => clearInterval(timer);
}

/** Names the relays below the embedded one wherever viewers look, as they come and go. */
function startNaming(
  { publicUrl, discovery }: LiveOptions,
  broadcast: Broadcast,
  found: Found,
  { session }: ChannelPublisher['channel'],
): () => void {
  const names = new RelayNames({
    own: publicUrl,
    isPrivateAllowed: discovery?.dht?.isPrivateAllowed ?? false,
    below: () => session.originsBelow,
    nameInCatalog: (relays) => broadcast.nameRelays(relays),
    nameInItem: (relays) => found.publish(relays),
    now: () => performance.now(),
  });
  names.tick();
  const timer = setInterval(() => names.tick(), STATUS_MS);
  return () => clearInterval(timer);
}

/** The same stream key every time for the same key file, so that OBS need not be set up again. */
function streamKeyOf(key: HeldKey): string {
  const { secret } = key.kind === 'channel-key' ? key.channel : key.session;
  return createHash('sha256').update('freshet stream key v1\n').update(secret).digest('hex').slice(0, 24);
}
