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
  readonly stripeCount?: number;
  /** Tickets of operators whose relays are to carry the channel. */
  readonly tickets?: readonly Uint8Array[] | undefined;
  /** The wall clock in Unix milliseconds; must not jump while the broadcast runs. */
  readonly wallNow: () => number;
};

/** The number of the rendition where there is only one. */
const RENDITION_ID = 1;

/** Announces the broadcast's states and runs, and signs what its source delivers. Begins as `waiting`. */
export class Broadcast {
  readonly #options: BroadcastOptions;
  readonly #startedMs: number;
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

  /** A run of the source begins: the first takes the epoch that was announced, each further one a new epoch. */
  begin(format: MediaFormat): void {
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

  /** The source is gone and waited for. */
  wait(): void {
    if (this.#state === 'live') this.#announce('waiting');
  }

  /** Names the relays that carry the channel, in a catalog of its own. */
  nameRelays(relays: readonly string[]): void {
    this.#relays = relays;
    if (this.#state !== 'ended') this.#announce(this.#state);
  }

  /** The broadcast is over. Nothing may follow. */
  end(): void {
    if (this.#state !== 'ended') this.#announce('ended');
  }

  #announce(state: BroadcastState): void {
    this.#state = state;
    this.#revision++;
    this.#publish();
  }

  #publish(): void {
    const catalog: Catalog = {
      epoch: this.#signer.epoch,
      revision: this.#revision,
      state: this.#state,
      title: this.#options.title,
      startedMs: wallMs(this.#startedMs),
      stripeCount: this.#options.stripeCount ?? Limits.STRIPES_DEFAULT,
      renditions: this.#renditions,
      relays: this.#relays,
      tickets: this.#options.tickets ?? [],
    };
    this.#options.sink.publishCatalog(signCatalog(catalog, this.#signer.certificate, this.#signer.sign));
  }
}

function onlyRendition(format: MediaFormat): Rendition {
  const { mimeType, width, height, frameRateMilli, bitrate, initSegment } = format;
  const name = height > 0 ? `${height}p` : 'audio';
  return { id: RENDITION_ID, name, mimeType, width, height, frameRateMilli, bitrate, initSegment };
}
