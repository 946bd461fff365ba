/** Links by the `ws` package, for viewers outside a browser. */

import { CloseCode, Limits } from '@freshet/proto';
import { type RawData, WebSocket } from 'ws';
import type { DialEffect, ViewerLink, ViewerLinkHandlers } from '../link/link.js';
import { systemCodeOf } from './watch-error.js';

/** Time for looking the name up, connecting and the handshake. */
const HANDSHAKE_MS_MAX = 10_000;

/** Longest message taken: what the protocol allows, and room for a header. A longer one closes the link (1009). */
const PAYLOAD_BYTES_MAX = Limits.MESSAGE_BYTES_MAX + 1024;

/** How long a link that was told to close may keep its connection; `ws` itself would wait half a minute. */
const LINGER_MS = 1_000;

/** Code that is reported when the connection ended without a close frame (RFC 6455 §7.4.1). */
const ABNORMAL = 1006;

/** Code for a message that is too long; `ws` tells it to the other end only. */
const TOO_LONG = 1009;

class WsLink implements ViewerLink {
  readonly #socket: WebSocket;
  readonly #handlers: ViewerLinkHandlers;
  #isClosed = false;
  #failure = '';
  #isTooLong = false;

  constructor(url: string, handlers: ViewerLinkHandlers) {
    this.#handlers = handlers;
    this.#socket = new WebSocket(url, {
      handshakeTimeout: HANDSHAKE_MS_MAX,
      maxPayload: PAYLOAD_BYTES_MAX,
      perMessageDeflate: false,
      followRedirects: false,
    });
    this.#socket.on('open', () => {
      if (!this.#isClosed) handlers.onOpen();
    });
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    // `close` follows, with the code that counts.
    this.#socket.on('error', (cause) => {
      this.#failure = cause.message;
      this.#isTooLong = systemCodeOf(cause) === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    });
    this.#socket.on('close', (code, reason) => {
      this.#gone(this.#isTooLong ? TOO_LONG : code, reason.toString() || this.#failure);
    });
  }

  get bufferedBytes(): number {
    return this.#isClosed ? 0 : this.#socket.bufferedAmount;
  }

  send(bytes: Uint8Array): void {
    if (this.#isClosed || this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(bytes, { binary: true, compress: false });
  }

  close(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#socket.readyState !== WebSocket.OPEN) return this.#socket.terminate();
    this.#socket.close(code, reason.slice(0, 100));
    const timer = setTimeout(() => this.#socket.terminate(), LINGER_MS);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#isClosed) return;
    if (isBinary) return this.#handlers.onMessage(bytesOf(data));
    this.close(CloseCode.protocolViolation, 'a text message');
    this.#handlers.onClose(CloseCode.protocolViolation, 'a text message');
  }

  #gone(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#handlers.onClose(code, reason);
  }
}

/** A link that could not even be tried: the address is not one. */
class DeadLink implements ViewerLink {
  readonly bufferedBytes: number = 0;
  readonly #immediate: NodeJS.Immediate;

  constructor(reason: string, handlers: ViewerLinkHandlers) {
    this.#immediate = setImmediate(() => handlers.onClose(ABNORMAL, reason));
  }

  send(): void {
    // Nothing is there to send to.
  }

  close(): void {
    clearImmediate(this.#immediate);
  }
}

/** Opens a WebSocket in Node. */
export const dialWs: DialEffect = (url, handlers) => {
  try {
    return new WsLink(url, handlers);
  } catch (cause) {
    return new DeadLink(cause instanceof Error ? cause.message : 'not an address', handlers);
  }
};

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
