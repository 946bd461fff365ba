/** Links by the browser's own WebSocket. */

import { CloseCode } from '@freshet/proto';
import type { DialEffect, ViewerLink, ViewerLinkHandlers } from './link.js';

/** Code that is reported when the connection ended without a close frame (RFC 6455 §7.4.1). */
const ABNORMAL = 1006;

class WebSocketLink implements ViewerLink {
  readonly #socket: WebSocket;
  #isClosed = false;

  constructor(url: string, handlers: ViewerLinkHandlers) {
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => {
      if (!this.#isClosed) handlers.onOpen();
    };
    this.#socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (this.#isClosed) return;
      if (data instanceof ArrayBuffer) handlers.onMessage(new Uint8Array(data));
      else this.#fail(handlers, CloseCode.protocolViolation, 'a text message');
    };
    this.#socket.onclose = ({ code, reason }) => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      handlers.onClose(code, reason);
    };
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(bytes: Uint8Array): void {
    // The standard's type excludes views of shared memory, of which there are none here.
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(bytes as Uint8Array<ArrayBuffer>);
  }

  close(code: number, reason: string): void {
    this.#isClosed = true;
    this.#socket.close(code, reason.slice(0, 100));
  }

  #fail(handlers: ViewerLinkHandlers, code: number, reason: string): void {
    this.close(code, reason);
    handlers.onClose(code, reason);
  }
}

/** A link that could not even be tried: the address is not one, or the page may not open it. */
class DeadLink implements ViewerLink {
  readonly bufferedBytes: number = 0;
  #timer: ReturnType<typeof setTimeout>;

  constructor(reason: string, handlers: ViewerLinkHandlers) {
    this.#timer = setTimeout(() => handlers.onClose(ABNORMAL, reason), 0);
  }

  send(): void {
    // Nothing is there to send to.
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}

/** Opens a WebSocket in a browser. */
export const dialWebSocket: DialEffect = (url, handlers) => {
  try {
    return new WebSocketLink(url, handlers);
  } catch (cause) {
    return new DeadLink(cause instanceof Error ? cause.message : 'not an address', handlers);
  }
};
