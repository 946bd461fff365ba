/** A broadcaster without ffmpeg: synthetic chunks, truly signed, served by its own embedded relay. */

import {
  mediaUs,
  PieceCutter,
  type Rendition,
  signCatalog,
  signCertificate,
  wallMs,
  watchLink,
} from '@freshet/proto';
import { createKeyPair, type LinkEngine, type Relay, sha256, startRelay } from '@freshet/relay-node';

/** What it sends. */
export type SyntheticOptions = {
  readonly chunkBytes: number;
  readonly chunksPerS: number;
  readonly engine?: LinkEngine;
  /** Tickets for its catalog. */
  readonly ticketFor?: (channelKey: Uint8Array) => readonly Uint8Array[];
};

/** A running one. */
export type SyntheticPublisher = {
  readonly relay: Relay;
  /** Watch link on 127.0.0.1. */
  readonly link: string;
  readonly channelKey: Uint8Array;
  close(): Promise<void>;
};

/** Starts it on a free port; a keyframe comes each second. */
export async function startSyntheticPublisher(options: SyntheticOptions): Promise<SyntheticPublisher> {
  const { chunkBytes, chunksPerS, engine } = options;
  const channel = createKeyPair();
  const session = createKeyPair();
  const wallAtZeroMs = Date.now() - performance.now();
  const epoch = Date.now();
  const relay = await startRelay({ port: 0, host: '127.0.0.1', engine, log: () => undefined });
  const sink = relay.publish(channel.publicKey, wallAtZeroMs);
  const keys = { channelKey: channel.publicKey, sessionKey: session.publicKey };
  const certificate = signCertificate({ ...keys, epochFirst: epoch, epochLast: epoch }, channel.sign);
  const rendition: Rendition = {
    id: 1,
    name: '720p',
    mimeType: 'video/mp4; codecs="avc1.64001f"',
    width: 1280,
    height: 720,
    frameRateMilli: chunksPerS * 1000,
    bitrate: chunkBytes * 8 * chunksPerS,
    initSegment: new Uint8Array(700),
  };
  const catalog = {
    epoch,
    revision: 1,
    state: 'live' as const,
    title: 'synthetic',
    startedMs: wallMs(epoch),
    stripeCount: 4,
    renditions: [rendition],
    relays: [],
    tickets: options.ticketFor?.(channel.publicKey) ?? [],
  };
  sink.publishCatalog(signCatalog(catalog, certificate, session.sign));
  const cutter = new PieceCutter({ epoch, renditionId: 1, sign: session.sign, digest: sha256 });
  const startedAt = performance.now();
  let chunkCount = 0;
  const timer = setInterval(() => {
    for (; chunkCount < ((performance.now() - startedAt) / 1000) * chunksPerS; chunkCount++) {
      const chunk = {
        isKeyframe: chunkCount % chunksPerS === 0,
        mediaTimeUs: mediaUs(Math.round((chunkCount * 1e6) / chunksPerS)),
        durationUs: Math.round(1e6 / chunksPerS),
        captureMs: wallMs(Math.floor(wallAtZeroMs + performance.now())),
        bytes: new Uint8Array(chunkBytes).fill(chunkCount),
      };
      for (const message of cutter.cut(chunk)) sink.publishPiece(message);
    }
  }, 5);
  return {
    relay,
    link: watchLink(`http://127.0.0.1:${relay.port}`, channel.publicKey),
    channelKey: channel.publicKey,
    async close() {
      clearInterval(timer);
      await relay.close();
    },
  };
}
