/** A dishonest relay: passes everything between its children and a real relay, but flips one bit of some pieces. */

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FrameKind } from '@freshet/proto';
import { type RawData, WebSocket, WebSocketServer } from 'ws';

/** A running dishonest relay. */
export type FlippingRelay = {
  readonly origin: string;
  /** Pieces that were changed so far. */
  readonly flippedCount: number;
  close(): Promise<void>;
};

/**
 * Starts it on a free port. From the piece numbered `firstFlipped` on, of each link, every piece is changed in the
 * middle of its payload. Its HTTP side passes the real relay's page on, so that a page of its own origin plays from it.
 */
export async function startFlippingRelay(upstream: string, firstFlipped: number): Promise<FlippingRelay> {
  const state = { flippedCount: 0 };
  const http = createServer((request, response) => void passOn(`${upstream}${request.url}`, response));
  const server = new WebSocketServer({ server: http });
  server.on('connection', (child, request) => {
    const parent = new WebSocket(`${upstream.replace('http', 'ws')}${request.url}`);
    const early: RawData[] = [];
    let pieceCount = 0;
    child.on('message', (data) => {
      if (parent.readyState === WebSocket.OPEN) parent.send(data);
      else early.push(data);
    });
    parent.on('open', () => {
      for (const data of early.splice(0)) parent.send(data);
    });
    parent.on('message', (data: Buffer) => {
      const isPiece = data[0] === FrameKind.piece;
      if (isPiece && pieceCount++ >= firstFlipped) {
        const at = data.length - 1 - Math.floor((data.length - 1) / 4);
        data[at] = (data[at] ?? 0) ^ 0x10;
        state.flippedCount++;
      }
      child.send(data);
    });
    child.on('close', () => parent.close());
    parent.on('close', (code, reason) => child.close(code === 1006 ? 4000 : code, reason));
    parent.on('error', () => child.terminate());
    child.on('error', () => parent.terminate());
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    get flippedCount() {
      return state.flippedCount;
    },
    async close() {
      for (const client of server.clients) client.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

async function passOn(url: string, response: ServerResponse): Promise<void> {
  const reply = await fetch(url);
  const type = reply.headers.get('content-type') ?? 'application/octet-stream';
  response.writeHead(reply.status, { 'content-type': type }).end(Buffer.from(await reply.arrayBuffer()));
}
