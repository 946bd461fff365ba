/** A viewer that only notes when each piece came to it. */

import { decodePiece, encodeControl, socketUrl } from '@freshet/proto';
import { WebSocket } from 'ws';

/** Takes one rendition of a channel from one relay. */
export class PieceListener {
  /** Arrival times by sequence number, in milliseconds of `performance.now()`. */
  readonly arrivals = new Map<number, number>();
  readonly #ws: WebSocket;

  private constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('message', (data) => {
      const now = performance.now();
      const piece = Buffer.isBuffer(data) ? decodePiece(data) : undefined;
      if (piece && !this.arrivals.has(piece.header.sequence)) this.arrivals.set(piece.header.sequence, now);
    });
  }

  /** Opens the link and subscribes. */
  static async open(origin: string, channelKey: Uint8Array): Promise<PieceListener> {
    const ws = new WebSocket(socketUrl(origin, channelKey), { perMessageDeflate: false });
    const listener = new PieceListener(ws);
    await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject));
    const hello = { capabilities: [], channelKey, role: 'viewer', agent: 'bench' } as const;
    ws.send(encodeControl({ kind: 'hello', versionMin: 1, versionMax: 1, ...hello }));
    ws.send(encodeControl({ kind: 'subscribe', renditionId: 0, stripeMask: 0 }));
    return listener;
  }

  /** The longest time between two arrivals in a row from `sinceMs` on. */
  longestGapMs(sinceMs: number): number {
    let longest = 0;
    let before: number | undefined;
    for (const at of this.arrivals.values()) {
      if (before !== undefined && at >= sinceMs) longest = Math.max(longest, at - before);
      before = at;
    }
    return longest;
  }

  /** Sequence numbers between the first and the last that did not come. */
  get lacking(): number {
    const sequences = [...this.arrivals.keys()];
    return Math.max(...sequences) - Math.min(...sequences) + 1 - sequences.length;
  }

  close(): void {
    this.#ws.terminate();
  }
}
