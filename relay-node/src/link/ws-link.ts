import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { frameBinary } from './frame.js';
import { nextLinkId, type ServerLink } from './link-server.js';
import type { OverflowNotices } from './overflow-notices.js';
import type { Topics } from './topics.js';

/** What the links of one server share. */
export type WsLinkHome<Context> = {
  readonly topics: Topics<WsLink<Context>>;
  readonly overflow: OverflowNotices<WsLink<Context>>;
  readonly bufferedBytesMax: number;
  /** The link is closing, by either end; told once. */
  readonly onGone: (link: WsLink<Context>, code: number, reason: string) => void;
};

/** Bytes that have come in on a connection, as far as it counts them. */
const bytesReadOf = (socket: Duplex): number =>
  'bytesRead' in socket && typeof socket.bytesRead === 'number' ? socket.bytesRead : 0;

/**
 * A link on the `ws` package. Outgoing messages bypass its sender: a message for many is framed once and the same
 * memory is written to every socket. Order holds because `ws` too, without compression, writes at once.
 */
export class WsLink<Context> implements ServerLink<Context> {
  readonly id = nextLinkId();
  context: Context | undefined = undefined;
  /** Sweeps in a row that found nothing new from the other end. */
  silentSweeps = 0;
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #home: WsLinkHome<Context>;
  #bytesRead = 0;
  #isClosed = false;

  constructor(ws: WebSocket, socket: Duplex, home: WsLinkHome<Context>) {
    this.#ws = ws;
    this.#socket = socket;
    this.#home = home;
  }

  send(bytes: Uint8Array): void {
    this.deliver(frameBinary(bytes));
  }

  /** Writes a whole frame, made by `frameBinary`; drops it when too much is waiting. */
  deliver(frame: Uint8Array): void {
    // After a close frame in either direction nothing may follow.
    if (this.#isClosed || this.#ws.readyState !== WebSocket.OPEN) return;
    if (this.#socket.writableLength > this.#home.bufferedBytesMax) this.#home.overflow.add(this);
    else this.#socket.write(frame);
  }

  /** Asks whether the other end is still there. */
  ping(): void {
    if (!this.#isClosed && this.#socket.writableLength <= this.#home.bufferedBytesMax) this.#ws.ping();
  }

  attach(topic: string): void {
    if (!this.#isClosed) this.#home.topics.attach(this, topic);
  }

  detach(topic: string): void {
    this.#home.topics.detach(this, topic);
  }

  get bufferedBytes(): number {
    return this.#isClosed ? 0 : this.#socket.writableLength;
  }

  close(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#ws.close(code, reason);
    this.gone(code, reason);
  }

  /** The link is over, for whatever reason; only the first call counts. */
  gone(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#home.topics.detachAll(this);
    this.#home.overflow.remove(this);
    this.#home.onGone(this, code, reason);
  }

  /** Cuts the connection without a word. */
  terminate(): void {
    this.#ws.terminate();
  }

  /** Whether anything came in since the last time this was asked; a cheap sign of life that costs no listener. */
  hasSpoken(): boolean {
    const bytesRead = bytesReadOf(this.#socket);
    const hasNew = bytesRead !== this.#bytesRead;
    this.#bytesRead = bytesRead;
    return hasNew;
  }
}
