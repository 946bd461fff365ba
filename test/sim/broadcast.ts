/** A signed broadcast made by hand, for tests that need single catalogs and pieces rather than a running source. */

import {
  type Catalog,
  mediaUs,
  PieceCutter,
  type Rendition,
  type SignedCatalog,
  signCatalog,
  signCertificate,
  wallMs,
} from '@freshet/proto';
import { type SigningScheme, TagScheme } from './signing-scheme.js';

/** Wall time of the first chunk of every broadcast made here. */
export const BROADCAST_START_MS = 1_800_000_000_000;

/** A chunk in short form. */
export type ChunkSketch = {
  readonly isKeyframe: boolean;
  readonly bytes: Uint8Array;
  /** Since the first chunk. */
  readonly atMs: number;
};

/** A rendition of that number. */
export function createRendition(id: number): Rendition {
  return {
    id,
    name: `rendition ${id}`,
    mimeType: 'video/mp4; codecs="avc1.64001f"',
    width: 640,
    height: 360,
    frameRateMilli: 30_000,
    bitrate: 4_000_000,
    initSegment: Uint8Array.of(id, 2, 3),
  };
}

/** Signs catalogs and cuts pieces for one channel and epoch. */
export class Broadcast {
  readonly scheme: SigningScheme;
  readonly epoch: number;
  readonly channelKey: Uint8Array;
  readonly #channelSign: (message: Uint8Array) => Uint8Array;
  readonly #session: ReturnType<SigningScheme['createKeys']>;
  readonly #cutters = new Map<number, PieceCutter>();

  constructor(options: { epoch?: number; channel?: string; scheme?: SigningScheme } = {}) {
    this.scheme = options.scheme ?? new TagScheme();
    this.epoch = options.epoch ?? BROADCAST_START_MS;
    const channel = this.scheme.createKeys(options.channel ?? 'channel');
    this.channelKey = channel.publicKey;
    this.#channelSign = channel.sign;
    this.#session = this.scheme.createKeys(`session ${this.epoch}`);
  }

  /** The plain catalog; what is not given is ordinary. */
  plain(changes: Partial<Catalog> = {}): Catalog {
    return {
      epoch: this.epoch,
      revision: 1,
      state: 'live',
      title: 'A broadcast',
      startedMs: wallMs(BROADCAST_START_MS),
      stripeCount: 4,
      renditions: [createRendition(1)],
      relays: [],
      ...changes,
    };
  }

  /** The signed catalog. */
  catalog(changes: Partial<Catalog> = {}): SignedCatalog {
    const certificate = signCertificate(
      {
        channelKey: this.channelKey,
        sessionKey: this.#session.publicKey,
        epochFirst: this.epoch,
        epochLast: this.epoch,
      },
      this.#channelSign,
    );
    return signCatalog(this.plain(changes), certificate, this.#session.sign);
  }

  /** The next chunk of a rendition as piece messages. */
  cut(chunk: ChunkSketch, renditionId = 1): Uint8Array[] {
    let cutter = this.#cutters.get(renditionId);
    if (!cutter) {
      const { sign } = this.#session;
      cutter = new PieceCutter({ epoch: this.epoch, renditionId, sign, digest: this.scheme.digest });
      this.#cutters.set(renditionId, cutter);
    }
    return cutter.cut({
      isKeyframe: chunk.isKeyframe,
      mediaTimeUs: mediaUs(chunk.atMs * 1000),
      durationUs: 33_000,
      captureMs: wallMs(BROADCAST_START_MS + chunk.atMs),
      bytes: chunk.bytes,
    });
  }

  /** `count` groups of `chunksPerGroup` one-piece chunks, 100 ms apart, as messages. */
  groups(
    count: number,
    chunksPerGroup: number,
    options: { fromMs?: number; renditionId?: number } = {},
  ): Uint8Array[] {
    const { fromMs = 0, renditionId = 1 } = options;
    return Array.from({ length: count * chunksPerGroup }, (_, index) =>
      this.cut(
        {
          isKeyframe: index % chunksPerGroup === 0,
          bytes: new Uint8Array(900).fill(index),
          atMs: fromMs + index * 100,
        },
        renditionId,
      ),
    ).flat();
  }
}
