/** What viewers say of their playing (PROTOCOL.md §11). */

import type { freshet } from './generated/wire.js';

/** How the broadcast plays at a viewer; the counts are of the last `spanMs`. */
export type Playing = {
  readonly kind: 'playing';
  /** 0: the catalog's first. */
  readonly renditionId: number;
  /** From the capture to the screen; 0: not known. */
  readonly latencyMs: number;
  readonly stalls: number;
  readonly stallMs: number;
  readonly spanMs: number;
  /** Bytes of pieces by where they came from. */
  readonly relayBytes: number;
  readonly peerBytes: number;
  /** Bytes of pieces sent to other viewers. */
  readonly givenBytes: number;
};

/** The message as the generated encoder takes it. */
export function playingToWire({ kind: _, renditionId, ...rest }: Playing): freshet.v1.Control.$Properties {
  return { playing: { rendition: renditionId, ...rest } };
}

/** Reads the message; any numbers are one. */
export function playingFromWire(wire: freshet.v1.Playing.$Properties): Playing {
  return {
    kind: 'playing',
    renditionId: wire.rendition ?? 0,
    latencyMs: wire.latencyMs ?? 0,
    stalls: wire.stalls ?? 0,
    stallMs: wire.stallMs ?? 0,
    spanMs: wire.spanMs ?? 0,
    relayBytes: wire.relayBytes ?? 0,
    peerBytes: wire.peerBytes ?? 0,
    givenBytes: wire.givenBytes ?? 0,
  };
}
