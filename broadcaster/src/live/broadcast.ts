/** A broadcast: media goes in, signed catalogs and pieces come out. */

import {
  type BroadcastState,
  type Catalog,
  Limits,
  mediaUs,
  PieceCutter,
  type Rendition,
  type SignedCatalog,
  signCatalog,
  wallMs,
} from '@freshet/proto';
import { sha256 } from '@freshet/relay-node';
import type { CutChunk, MediaFormat } from '../ingest/media-source.js';
import type { EpochSigner, EpochSigners } from '../keys/epoch-signer.js';
import { CaptureClock } from './capture-clock.js';

/** Where a broadcast's products go. */
export interface BroadcastSink {
  publishCatalog(signed: SignedCatalog): void;
  publishPiece(message: Uint8Array): void;
}

/** What a broadcast is made of. */
export type BroadcastOptions = {
  readonly signers: EpochSigners;
  readonly sink: BroadcastSink;
  readonly title: string;
  /** What viewers are told beside the title; nothing if left out. */
  readonly words?: Omit<BroadcastWords, 'title'>;
  readonly stripeCount?: number;
  /** The wall clock in Unix milliseconds; must not jump while the broadcast runs. */
  readonly wallNow: () => number;
};

/** What the catalog says for people. What is `undefined` is not said. */
export type BroadcastWords = {
  readonly title: string;
  readonly description?: string | undefined;
  /** Why it waits. Said while it waits only. */
  readonly reason?: string | undefined;
  /** When it is to begin, in Unix milliseconds. Said while it waits only. */
  readonly startsMs?: number | undefined;
  /** SHA-256 of the poster. */
  readonly posterDigest?: Uint8Array | undefined;
};

/** The number of the one rendition there is. */
const RENDITION_ID = 1;

/** Announces the broadcast's states and runs, and signs what its source delivers. Begins as `waiting`. */
export class Broadcast {
  readonly #options: BroadcastOptions;
  #startedMs: number;
  #words: BroadcastWords;
  #signer: EpochSigner;
  #revision = 0;
  #state: BroadcastState = 'waiting';
  #renditions: readonly Rendition[] = [];
  #cutter: PieceCutter | undefined;
  #clock = new CaptureClock();
  #bytesSigned = 0;

  constructor(options: BroadcastOptions) {
    this.#options = options;
    this.#words = { ...options.words, title: options.title };
    this.#startedMs = Math.floor(options.wallNow());
    this.#signer = options.signers.next(this.#startedMs);
    this.#publish();
  }

  /** Whether media flows. */
  get state(): BroadcastState {
    return this.#state;
  }

  /** Media bytes signed so far. */
  get bytesSigned(): number {
    return this.#bytesSigned;
  }

  /** What viewers are told at this moment. */
  get words(): BroadcastWords {
    return this.#words;
  }

  /** Changes what viewers are told; they hear of it at once. Members that are left out stay as they are. */
  describe(changes: Partial<BroadcastWords>): void {
    this.#words = { ...this.#words, ...changes };
    this.#revision++;
    this.#publish();
  }

  /**
   * A run of the source begins: the first takes the epoch that was announced, each further one a new epoch. After the end
   * it is another broadcast, which begins now; so is one that was announced for a time.
   */
  begin(format: MediaFormat): void {
    if (this.#state === 'ended' || this.#words.startsMs !== undefined)
      this.#startedMs = Math.floor(this.#options.wallNow());
    if (this.#cutter) {
      this.#signer = this.#options.signers.next(this.#options.wallNow());
      this.#revision = 0;
    }
    const { epoch, sign } = this.#signer;
    this.#cutter = new PieceCutter({ epoch, renditionId: RENDITION_ID, sign, digest: sha256 });
    this.#clock = new CaptureClock();
    const { mimeType, width, height, frameRateMilli, bitrate, initSegment } = format;
    const name = height > 0 ? `${height}p` : 'audio';
    this.#renditions = [
      { id: RENDITION_ID, name, mimeType, width, height, frameRateMilli, bitrate, initSegment },
    ];
    this.#words = { ...this.#words, reason: undefined, startsMs: undefined };
    this.#announce('live');
  }

  /** Signs a chunk of the run and sends its pieces. */
  add(chunk: CutChunk): void {
    if (!this.#cutter || this.#state !== 'live') return;
    const captureMs = wallMs(Math.floor(this.#clock.capturedAt(chunk, this.#options.wallNow())));
    const { bytes, isKeyframe, durationUs } = chunk;
    const uncut = { bytes, isKeyframe, durationUs, mediaTimeUs: mediaUs(chunk.mediaTimeUs), captureMs };
    for (const message of this.#cutter.cut(uncut)) this.#options.sink.publishPiece(message);
    this.#bytesSigned += bytes.length;
  }

  /** The source is gone and waited for; `reason` is a sentence for viewers. */
  wait(reason?: string): void {
    if (this.#state !== 'live') return;
    this.#words = { ...this.#words, reason };
    this.#announce('waiting');
  }

  /** It waits for its start, in Unix milliseconds; after the end, too. */
  announceStart(startsMs: number): void {
    this.#words = { ...this.#words, startsMs, reason: undefined };
    this.#announce('waiting');
  }

  /** The broadcast is over, until another run begins. */
  end(): void {
    if (this.#state !== 'ended') this.#announce('ended');
  }

  #announce(state: BroadcastState): void {
    this.#state = state;
    this.#revision++;
    this.#publish();
  }

  #publish(): void {
    const { title, description, reason, startsMs, posterDigest } = this.#words;
    const isWaiting = this.#state === 'waiting';
    const catalog: Catalog = {
      epoch: this.#signer.epoch,
      revision: this.#revision,
      state: this.#state,
      title,
      startedMs: wallMs(this.#startedMs),
      stripeCount: this.#options.stripeCount ?? Limits.STRIPES_DEFAULT,
      renditions: this.#renditions,
      relays: [],
      description,
      posterDigest,
      ...(isWaiting && { reason, startsMs: startsMs === undefined ? undefined : wallMs(startsMs) }),
    };
    this.#options.sink.publishCatalog(signCatalog(catalog, this.#signer.certificate, this.#signer.sign));
  }
}
