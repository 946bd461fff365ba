/** A synthetic broadcast: chunks of a steady rate with a large keyframe each second, cut and signed for real. */

import {
  type Catalog,
  Limits,
  mediaUs,
  PieceCutter,
  type Rendition,
  signCatalog,
  signCertificate,
  wallMs,
} from '@freshet/proto';
import type { SimNode } from './sim-node.js';
import type { Wakeable } from './virtual-clock.js';
import type { World } from './world.js';

/** What the source sends. */
export type SourceOptions = {
  readonly bitrate: number;
  readonly chunksPerSecond: number;
  readonly chunksPerGroup: number;
  /** How many times an ordinary chunk a keyframe is. */
  readonly keyframeWeight: number;
  /** Relay names that the catalog tells. */
  readonly relays: readonly string[];
};

/** 4 Mbit/s, 30 chunks and one keyframe a second. */
export const SOURCE_DEFAULT: SourceOptions = {
  bitrate: 4_000_000,
  chunksPerSecond: 30,
  chunksPerGroup: 30,
  keyframeWeight: 6,
  relays: [],
};

/** Bytes of a keyframe's chunk and of an ordinary one. */
export function chunkSizes(options: SourceOptions): readonly [number, number] {
  const { bitrate, chunksPerSecond, chunksPerGroup, keyframeWeight } = options;
  const groupBytes = (bitrate / 8 / chunksPerSecond) * chunksPerGroup;
  const ordinary = groupBytes / (chunksPerGroup - 1 + keyframeWeight);
  return [Math.round(ordinary * keyframeWeight), Math.round(ordinary)];
}

/** Wall time at the world's time 0. */
export const WALL_START_MS = 1_800_000_000_000;

const RENDITION_ID = 1;

/** Drives one publisher node. */
export class Source implements Wakeable {
  readonly #world: World;
  readonly #node: SimNode;
  readonly #options: SourceOptions;
  #cutter: PieceCutter | undefined;
  #epoch = 0;
  #revision = 0;
  #startedMs = 0;
  #chunkCount = 0;
  #run = 0;
  /** Signs with the session key of the run. */
  #sign: (message: Uint8Array) => Uint8Array = () => new Uint8Array(64);

  constructor(world: World, node: SimNode, options: Partial<SourceOptions>) {
    this.#world = world;
    this.#node = node;
    this.#options = { ...SOURCE_DEFAULT, ...options };
  }

  /** The epoch of the run in progress, 0 before the first. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Begins a run under a new, higher epoch with a new session key. */
  begin(): void {
    const { channelKeys, scheme, clock } = this.#world;
    this.#epoch = WALL_START_MS + Math.ceil(clock.now) + this.#run;
    this.#run++;
    this.#startedMs = clock.now;
    this.#chunkCount = 0;
    this.#revision = 0;
    const sessionKeys = scheme.createKeys(`session ${this.#epoch}`);
    this.#sign = sessionKeys.sign;
    this.#cutter = new PieceCutter({
      epoch: this.#epoch,
      renditionId: RENDITION_ID,
      sign: sessionKeys.sign,
      digest: scheme.digest,
    });
    this.#certificate = signCertificate(
      {
        channelKey: channelKeys.publicKey,
        sessionKey: sessionKeys.publicKey,
        epochFirst: this.#epoch,
        epochLast: this.#epoch,
      },
      channelKeys.sign,
    );
    this.publishCatalog('live');
    clock.schedule(clock.now, this, this.#run);
  }

  /** Stops sending; the catalog stays as it is. */
  pause(): void {
    this.#cutter = undefined;
  }

  /** Signs and publishes the next revision of the catalog. */
  publishCatalog(state: Catalog['state']): void {
    const certificate = this.#certificate;
    if (!certificate) return;
    const catalog: Catalog = {
      epoch: this.#epoch,
      revision: ++this.#revision,
      state,
      title: 'A synthetic broadcast',
      startedMs: wallMs(WALL_START_MS),
      stripeCount: Limits.STRIPES_DEFAULT,
      renditions: [this.#rendition()],
      relays: this.#options.relays.map((name) => this.#world.originOf(name)),
    };
    this.#node.handle({ kind: 'publish-catalog', signed: signCatalog(catalog, certificate, this.#sign) });
  }

  wake(run: number): void {
    if (!this.#cutter || run !== this.#run) return;
    const { clock, ledger } = this.#world;
    const { chunksPerSecond, chunksPerGroup } = this.#options;
    const isKeyframe = this.#chunkCount % chunksPerGroup === 0;
    const bytes = this.#chunkBytes(isKeyframe);
    const messages = this.#cutter.cut({
      isKeyframe,
      mediaTimeUs: mediaUs(Math.round((this.#chunkCount * 1_000_000) / chunksPerSecond)),
      durationUs: Math.round(1_000_000 / chunksPerSecond),
      captureMs: wallMs(WALL_START_MS + Math.round(clock.now)),
      bytes,
    });
    this.#chunkCount++;
    ledger.record(bytes, messages);
    for (const message of messages) this.#node.handle({ kind: 'publish-piece', message });
    clock.schedule(this.#startedMs + (this.#chunkCount * 1000) / chunksPerSecond, this, run);
  }

  #certificate: ReturnType<typeof signCertificate> | undefined;

  #rendition(): Rendition {
    return {
      id: RENDITION_ID,
      name: '720p',
      mimeType: 'video/mp4; codecs="avc1.64001f"',
      width: 1280,
      height: 720,
      frameRateMilli: this.#options.chunksPerSecond * 1000,
      bitrate: this.#options.bitrate,
      initSegment: new Uint8Array(600).fill(7),
    };
  }

  /** No two chunks of a run are alike. */
  #chunkBytes(isKeyframe: boolean): Uint8Array {
    const [keyframe, ordinary] = chunkSizes(this.#options);
    const bytes = new Uint8Array(isKeyframe ? keyframe : ordinary);
    bytes.fill(this.#chunkCount & 0xff);
    new DataView(bytes.buffer).setFloat64(0, this.#epoch + this.#chunkCount / 65536);
    return bytes;
  }
}
