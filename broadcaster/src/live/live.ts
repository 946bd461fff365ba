/** Going live: the source, the broadcast and the embedded relay, from start to stop. */

import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { appLink, encodeAddress, watchLink } from '@freshet/proto';
import type { DiscoveryOptions, Finder, LinkEngine, Relay } from '@freshet/relay-node';
import type { ControlPart } from '../control/control-part.js';
import { type ControlRoom, openControlRoom } from '../control/control-room.js';
import { createMediaSource, type MediaEvent, type MediaSourceOptions } from '../ingest/media-source.js';
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
import { beFound } from './be-found.js';
import { Broadcast } from './broadcast.js';
import { lanAddress } from './lan-address.js';
import type { LiveReady, LiveView } from './live-view.js';
import { openRelay } from './open-relay.js';
import { STUDIO_PATH, StudioDesk, type StudioOptions, type StudioPlace } from './studio-desk.js';

/** How to go live. */
export type LiveOptions = {
  /** The source, without what this module fills in. */
  readonly source: MediaSourceOptions;
  readonly title: string;
  /** Key file; the user's channel key, made when there is none, if left out. */
  readonly keyFile?: string | undefined;
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Origin under which others reach the relay: `https://live.example.org`. */
  readonly publicUrl?: string | undefined;
  /** How the broadcast may be found by its key alone. */
  readonly discovery?: DiscoveryOptions | undefined;
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
  const { view, signal, title } = options;
  const { key, keyFile, isNewKey } = await openKey(options.keyFile);
  const streamKey = options.source.streamKey ?? streamKeyOf(key);
  const gate = options.studio && new PublisherGate(options.studio);
  const source = await createMediaSource({ ...options.source, streamKey, gate });
  const { host, engine, publicUrl: publicOrigin, port } = options;
  const relay = await openRelay({ host, engine, publicOrigin, log: (line) => view.note(line) }, port);
  const wallAtZeroMs = Date.now() - performance.now();
  const publisher = relay.publish(channelKeyOf(key), wallAtZeroMs);
  let stopStatus: () => void = () => undefined;
  let finder: Finder | undefined;
  let control: ControlRoom | undefined;
  let studio: StudioDesk | undefined;
  let ready: LiveReady | undefined;
  let broadcast: Broadcast | undefined;
  try {
    const parts: ControlPart[] = [];
    if (gate) {
      const info = (): StudioInfo => ({
        title,
        watch: ready?.watch ?? '',
        share: ready?.share,
        viewers: publisher.channel.stats().viewerCount,
        state: broadcast?.state ?? 'waiting',
      });
      studio = await openStudio(options, gate, { streamKey, info });
      if (studio) parts.push(...studio.parts);
    }
    if (options.control)
      control = await openControlRoom({ ...options.control, parts, log: (line) => view.note(line) });
    broadcast = new Broadcast({
      signers: new EpochSigners(key),
      sink: publisher,
      title,
      wallNow: () => wallAtZeroMs + performance.now(),
    });
    ready = describeReady(options, relay, key, { keyFile, isNewKey, streamKey, control: control?.origin });
    view.ready(ready);
    finder = await beFound({
      key,
      relay,
      host: options.host,
      origin: options.publicUrl,
      discovery: options.discovery ?? {},
      log: (line) => view.note(line),
    });
    const progress: { speed: number | undefined } = { speed: undefined };
    stopStatus = startStatus(view, broadcast, progress, () => publisher.channel.stats().viewerCount);
    const reason = await runSource({ source, broadcast, view, signal, progress });
    stopStatus();
    // No event comes from here on: Ctrl-C reaches ffmpeg too, and the source would begin again for its sake.
    const stopped = source.stop();
    broadcast.end();
    view.ended(reason);
    await Promise.all([stopped, delay(FAREWELL_MS)]);
  } finally {
    stopStatus();
    await source.stop();
    await finder?.close();
    await control?.close();
    await studio?.close();
    await relay.close();
  }
}

/** The key that was named, or else the user's own, made where there is none. */
async function openKey(
  named: string | undefined,
): Promise<{ readonly key: HeldKey; readonly keyFile: string; readonly isNewKey: boolean }> {
  const keyFile = named ?? defaultKeyPath();
  const isNewKey = named === undefined && !(await fileExists(keyFile));
  return { key: isNewKey ? await createKeyFile(keyFile) : await readKeyFile(keyFile), keyFile, isNewKey };
}

async function openStudio(
  { studio, host, publicUrl, view }: LiveOptions,
  gate: PublisherGate,
  place: Pick<StudioPlace, 'streamKey' | 'info'>,
): Promise<StudioDesk | undefined> {
  const log = (line: string): void => view.note(line);
  return studio && StudioDesk.open({ ...studio, ...place, host, publicUrl, log }, gate);
}

type RunOptions = {
  readonly source: Awaited<ReturnType<typeof createMediaSource>>;
  readonly broadcast: Broadcast;
  readonly view: LiveView;
  readonly signal: AbortSignal;
  readonly progress: { speed: number | undefined };
};

/** Feeds the broadcast until the source ends, fails or is told to stop. */
function runSource(options: RunOptions): Promise<'source-ended' | 'stopped'> {
  const { source, broadcast, view, signal, progress } = options;
  return new Promise((resolve, reject) => {
    const handle = (event: MediaEvent): void => {
      switch (event.kind) {
        case 'format':
          broadcast.begin(event.format);
          return view.began(event.format.describe);
        case 'chunk':
          return broadcast.add(event.chunk);
        case 'progress':
          progress.speed = event.speed;
          return;
        case 'waiting':
          broadcast.wait();
          return view.waiting(event.reason);
        case 'ended':
          return resolve('source-ended');
        case 'failed':
          return reject(event.error);
      }
    };
    const onAbort = (): void => resolve('stopped');
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    source.start((event) => {
      try {
        handle(event);
      } catch (cause) {
        // An expired session key, found when the source comes back under a new epoch.
        reject(cause);
      }
    });
  });
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

function describeReady(
  options: LiveOptions,
  relay: Relay,
  key: HeldKey,
  found: {
    readonly keyFile: string;
    readonly isNewKey: boolean;
    readonly streamKey: string;
    readonly control: string | undefined;
  },
): LiveReady {
  const channelKey = channelKeyOf(key);
  const { host, publicUrl, source, title } = options;
  const isEverywhere = host === undefined || host === '0.0.0.0' || host === '::';
  const local = `http://${isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${relay.port}`;
  const lan = isEverywhere ? lanAddress() : undefined;
  const share = publicUrl ?? (lan ? `http://${lan}:${relay.port}` : undefined);
  const listener = source.rtmpPort !== undefined ? 'rtmp' : source.srtPort !== undefined ? 'srt' : undefined;
  const machine = lan ?? 'localhost';
  const pushUrl =
    listener === 'rtmp' ? `rtmp://${machine}:${source.rtmpPort}/live` : `srt://${machine}:${source.srtPort}`;
  return {
    title,
    address: encodeAddress(channelKey),
    watch: watchLink(local, channelKey),
    share: share === undefined ? undefined : watchLink(share, channelKey),
    app: appLink({ channelKey, relays: [share ?? local] }),
    control: found.control,
    keyFile: found.keyFile,
    isNewKey: found.isNewKey,
    push: listener && { url: pushUrl, streamKey: found.streamKey },
    ...(options.studio &&
      found.control !== undefined && {
        studio: {
          page: `${found.control}${STUDIO_PATH}`,
          whip: `${found.control}${WHIP_PATH}`,
          streamKey: found.streamKey,
        },
      }),
  };
}

/** The same stream key every time for the same key file, so that OBS need not be set up again. */
function streamKeyOf(key: HeldKey): string {
  const { secret } = key.kind === 'channel-key' ? key.channel : key.session;
  return createHash('sha256').update('freshet stream key v1\n').update(secret).digest('hex').slice(0, 24);
}
