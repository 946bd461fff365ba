/** A tiny HTTP and WebSocket server that feeds a page from a test source: what a relay does, without the network. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type MediaChunk, wallMs } from '@freshet/proto';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SourceEvent } from './source.js';

/** What the page side of the test feed reads: a JSON head, its length before it, and bytes after it. */
export const packEvent = (
  event: SourceEvent | { readonly kind: 'status'; readonly status: unknown },
): Buffer => {
  let bytes: Uint8Array = new Uint8Array();
  if (event.kind === 'chunk') bytes = event.chunk.bytes;
  if (event.kind === 'format') bytes = event.rendition.initSegment;
  const head = Buffer.from(
    JSON.stringify(event, (key, value: unknown) =>
      key === 'bytes' || key === 'initSegment' ? undefined : value,
    ),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, bytes]);
};

/** How a chunk is sent on; `undefined` drops it. */
export type ChunkFilter = (chunk: MediaChunk) => MediaChunk | undefined;

/** Serves `files` by path, and to every WebSocket the current format, the current group, then all that follows. */
export class FeedServer {
  readonly #http: Server;
  readonly #sockets = new Set<WebSocket>();
  #format: Buffer | undefined;
  #group: Buffer[] = [];
  /** Replaced by tests that spoil or lose chunks. */
  filter: ChunkFilter = (chunk) => chunk;
  /** Extra delay of each chunk, in milliseconds; order is kept. */
  delayMs: () => number = () => 0;
  #lastSendMs = 0;
  #chunkCount = 0;

  constructor(files: ReadonlyMap<string, { readonly type: string; readonly body: string }>) {
    this.#http = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      const file = files.get(path) ?? (path.startsWith('/watch/') ? files.get('/') : undefined);
      response.writeHead(file === undefined ? 404 : 200, { 'content-type': file?.type ?? 'text/plain' });
      response.end(file?.body ?? '');
    });
    new WebSocketServer({ server: this.#http }).on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // The clock: the page asks, the answer carries the time at which it was asked.
      socket.on('message', (data: Buffer) => {
        const clock = JSON.stringify({
          kind: 'clock',
          asked: Number(data.toString()),
          nowMs: wallMs(Date.now()),
        });
        const head = Buffer.alloc(4);
        head.writeUInt32BE(clock.length);
        socket.send(Buffer.concat([head, Buffer.from(clock)]));
      });
      if (this.#format !== undefined) socket.send(this.#format);
      for (const packed of this.#group) socket.send(packed);
    });
  }

  /** Chunks sent since the start. */
  get chunkCount(): number {
    return this.#chunkCount;
  }

  /** Starts to listen; resolves with the base address. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Passes a source's event on to the pages. */
  handleSourceEvent(event: SourceEvent): void {
    if (event.kind === 'format') {
      this.#format = packEvent(event);
      this.#group = [];
      this.#send(this.#format);
      return;
    }
    const chunk = this.filter(event.chunk);
    if (chunk === undefined) return;
    this.#chunkCount += 1;
    const packed = packEvent({ kind: 'chunk', chunk });
    if (chunk.isKeyframe) this.#group = [];
    this.#group.push(packed);
    this.#send(packed);
  }

  /** Tells the pages a status. */
  sendStatus(status: unknown): void {
    this.#send(packEvent({ kind: 'status', status }));
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #send(packed: Buffer): void {
    const nowMs = performance.now();
    const atMs = Math.max(this.#lastSendMs, nowMs + this.delayMs());
    this.#lastSendMs = atMs;
    const deliver = (): void => {
      for (const socket of this.#sockets) socket.send(packed);
    };
    if (atMs <= nowMs) deliver();
    else setTimeout(deliver, atMs - nowMs);
  }
}
