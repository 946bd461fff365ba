/** The lower bound that a run's worst delay is compared with. */

import { Limits } from '@freshet/proto';
import { type Figures, relayEgressOf } from './figures.js';
import { USABLE_MAX } from './network.js';
import { REGION_DELAYS_MS, RELAY_ACCESS_MS, relayHost } from './population.js';
import { chunkSizes, SOURCE_DEFAULT } from './source.js';
import { lowerBoundMs } from './tree/bound.js';

/** Viewers that the relay is planned to feed in each stripe. */
const HEADS = 8;

/**
 * Milliseconds from capture that no way of spreading the stream over these hosts stays below; `undefined` where no
 * viewer has a host. Uplinks count with the most that they ever carry, the relay with the copies that it did send, and
 * the way from the publisher to the relay with its delay alone. Losses and spikes are not in it.
 */
export function boundMsOf(figures: Figures): number | undefined {
  if (figures.hosts.length === 0) return undefined;
  const viewers = figures.hosts.map(({ accessMs, uplinkBps, downlinkBps, isDownloadOnly, region }) => ({
    accessMs,
    relayPathMs: RELAY_ACCESS_MS + accessMs + (REGION_DELAYS_MS[0]?.[region] ?? 0),
    bytesPerMs: isDownloadOnly ? 0 : (uplinkBps * USABLE_MAX) / 8000,
    downBytesPerMs: downlinkBps / 8000,
  }));
  const relayBytesPerMs = (relayHost().uplinkBps / 8000) * figures.cells;
  const relayCopies = Math.max(HEADS, relayEgressOf(figures)) * figures.cells;
  let boundMs = 0;
  for (const bytes of chunkSizes(SOURCE_DEFAULT)) {
    const pieceBytes = piecesOf(bytes);
    boundMs = Math.max(boundMs, lowerBoundMs({ viewers, pieceBytes, relayBytesPerMs, relayCopies }));
  }
  return 2 * RELAY_ACCESS_MS + boundMs;
}

/** Payload bytes of the pieces of a chunk. */
function piecesOf(bytes: number): number[] {
  const pieces: number[] = [];
  for (let left = bytes; left > 0; left -= Limits.PIECE_BYTES_MAX)
    pieces.push(Math.min(left, Limits.PIECE_BYTES_MAX));
  return pieces;
}
