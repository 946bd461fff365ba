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
  /** Tickets of operators whose relays are to carry the channel. */
  readonly tickets?: readonly Uint8Array[] | undefined;
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

/** The number of the rendition where there is only one. */
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
  #relays: readonly string[] = [];
  #cutters: ReadonlyMap<number, PieceCutter> | undefined;
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
    if (this.#cutters) {
      this.#signer = this.#options.signers.next(this.#options.wallNow());
      this.#revision = 0;
    }
    const { epoch, sign } = this.#signer;
    this.#clock = new CaptureClock();
    this.#renditions = format.renditions ?? [onlyRendition(format)];
    const cutterOf = (renditionId: number): PieceCutter =>
      new PieceCutter({ epoch, renditionId, sign, digest: sha256 });
    this.#cutters = new Map(this.#renditions.map(({ id }) => [id, cutterOf(id)]));
    this.#words = { ...this.#words, reason: undefined, startsMs: undefined };
    this.#announce('live');
  }

  /** Signs a chunk of one of the run's renditions and sends its pieces. */
  add(chunk: CutChunk, renditionId: number = RENDITION_ID): void {
    const cutter = this.#cutters?.get(renditionId);
    if (!cutter || this.#state !== 'live') return;
    // One clock for all renditions: the same moment has the same capture time in each.
    const captureMs = wallMs(Math.floor(this.#clock.capturedAt(chunk, this.#options.wallNow())));
    const { bytes, isKeyframe, durationUs } = chunk;
    const uncut = { bytes, isKeyframe, durationUs, mediaTimeUs: mediaUs(chunk.mediaTimeUs), captureMs };
    for (const message of cutter.cut(uncut)) this.#options.sink.publishPiece(message);
    this.#bytesSigned += bytes.length;
  }

  /** The source is gone and waited for; `reason` is a sentence for viewers. */
  wait(reason?: string): void {
    if (this.#state !== 'live') return;
    this.#words = { ...this.#words, reason };
    this.#announce('waiting');
  }

  /** Names the relays that carry the channel, in a catalog of its own. */
  nameRelays(relays: readonly string[]): void {
    this.#relays = relays;
    if (this.#state !== 'ended') this.#announce(this.#state);
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
      relays: this.#relays,
      tickets: this.#options.tickets ?? [],
      description,
      posterDigest,
      ...(isWaiting && { reason, startsMs: startsMs === undefined ? undefined : wallMs(startsMs) }),
    };
    this.#options.sink.publishCatalog(signCatalog(catalog, this.#signer.certificate, this.#signer.sign));
  }
}

function onlyRendition(format: MediaFormat): Rendition {
  const { mimeType, width, height, frameRateMilli, bitrate, initSegment } = format;
  const name = height > 0 ? `${height}p` : 'audio';
  return { id: RENDITION_ID, name, mimeType, width, height, frameRateMilli, bitrate, initSegment };
}
