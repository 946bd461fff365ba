/**
 * Links to a relay's edge by a WebRTC data channel, over any engine: for a page that came by HTTPS from elsewhere and
 * may not open a WebSocket to a relay that has only an IP address. There is no signalling: the answer to the offer follows
 * from the relay's edge address.
 */

import { CloseCode, decodeEdgeUrl, type EdgeAddress, edgeAnswer } from '@freshet/proto';
import type { DialEffect, ViewerLink, ViewerLinkHandlers } from './link.js';
import { PEER_MESSAGE_BYTES_MAX } from './peer-link.js';
import { encodeCloseNote, isCloseNote } from './rtc-close-note.js';
import type { CreateConnection, DataChannelLike, PeerConnectionLike } from './rtc-connection.js';

/** Time until the channel is open; beyond it the link closes as `timeout`. */
export const EDGE_OPEN_MS_MAX = 8_000;

/** How long a connection may say `disconnected`; a change of network takes a second or two. */
export const EDGE_DISCONNECTED_MS_MAX = 5_000;

/** How long a closed link keeps its connection so that its close note arrives. */
const CLOSE_LINGER_MS = 500;

/** Code that is reported when the link ended without a word (as RFC 6455 §7.4.1 has it). */
const ABNORMAL = 1006;

/** Codes that a relay may give: those of WebSocket and those of the protocol. */
const CODE_MIN = 1000;
const CODE_MAX = 4999;

/** Whether a link of this address is one to an edge. */
export const isEdgeUrl = (url: string): boolean => url.startsWith('udp:');

type Timer = ReturnType<typeof setTimeout>;

class RtcRelayLink implements ViewerLink {
  readonly #connection: PeerConnectionLike;
  readonly #channel: DataChannelLike;
  readonly #handlers: ViewerLinkHandlers;
  #state: 'opening' | 'open' | 'lingering' | 'closed' = 'opening';
  #timer: Timer | undefined;

  constructor(
    connection: PeerConnectionLike,
    place: { readonly address: EdgeAddress; readonly path: string },
    handlers: ViewerLinkHandlers,
  ) {
    this.#connection = connection;
    this.#handlers = handlers;
    // One channel for all: a relay's link keeps the order of what it carries, as a WebSocket does.
    this.#channel = connection.createDataChannel('relay', { negotiated: true, id: 0, ordered: true });
    this.#channel.binaryType = 'arraybuffer';
    this.#channel.addEventListener('open', () => this.#handleOpen(place.path));
    this.#channel.addEventListener('message', ({ data }) => this.#handleMessage(data));
    this.#channel.addEventListener('close', () => this.#handleLost('the relay is gone'));
    connection.addEventListener('connectionstatechange', () => this.#handleState());
    this.#timer = setTimeout(() => this.#fail(CloseCode.timeout, 'not open in time'), EDGE_OPEN_MS_MAX);
    this.#connect(place.address).catch((cause: unknown) => {
      this.#fail(
        CloseCode.internalError,
        cause instanceof Error ? cause.message : 'no connection could be made',
      );
    });
  }

  get bufferedBytes(): number {
    return this.#state === 'open' ? this.#channel.bufferedAmount : 0;
  }

  send(bytes: Uint8Array): void {
    if (this.#state !== 'open' || this.#channel.readyState !== 'open') return;
    if (bytes.length > PEER_MESSAGE_BYTES_MAX) return;
    // The standard's type excludes views of shared memory, of which there are none here.
    this.#channel.send(bytes as Uint8Array<ArrayBuffer>);
  }

  close(code: number, reason: string): void {
    if (this.#state !== 'open' && this.#state !== 'opening') return;
    clearTimeout(this.#timer);
    if (this.#channel.readyState !== 'open') return this.#release();
    this.#state = 'lingering';
    this.#channel.send(encodeCloseNote({ code, reason }));
    this.#timer = setTimeout(() => this.#release(), CLOSE_LINGER_MS);
  }

  async #connect(address: EdgeAddress): Promise<void> {
    const { sdp = '' } = await this.#connection.createOffer();
    const answer = edgeAnswer(sdp, address);
    if (!answer.ok) throw new Error(answer.why);
    if (this.#state !== 'opening') return;
    await this.#connection.setLocalDescription({ type: 'offer', sdp });
    if (this.#state !== 'opening') return;
    await this.#connection.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
  }

  #handleOpen(path: string): void {
    if (this.#state !== 'opening') return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#state = 'open';
    this.#channel.send(encodeRequestNote(path));
    this.#handlers.onOpen();
  }

  #handleMessage(data: unknown): void {
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
    if (!(bytes instanceof Uint8Array)) return this.#fail(CloseCode.protocolViolation, 'a text message');
    if (isCloseNote(bytes)) return this.#handleNote(bytes);
    if (this.#state === 'open') this.#handlers.onMessage(bytes);
  }

  #handleNote(bytes: Uint8Array): void {
    const wasLive = this.#isLive();
    this.#release();
    const code = ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
    const isKnown = code >= CODE_MIN && code <= CODE_MAX;
    const reason = isKnown
      ? new TextDecoder().decode(bytes.subarray(3, 126))
      : 'a close note of no known form';
    if (wasLive) this.#handlers.onClose(isKnown ? code : CloseCode.protocolViolation, reason);
  }

  #handleState(): void {
    const state = this.#connection.connectionState;
    if (state === 'failed') return this.#handleLost('no way to the relay');
    if (state === 'closed') return this.#handleLost('the relay is gone');
    if (this.#state !== 'open') return;
    if (state === 'connected') {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    } else if (state === 'disconnected') {
      this.#timer ??= setTimeout(() => this.#handleLost('the relay went silent'), EDGE_DISCONNECTED_MS_MAX);
    }
  }

  #handleLost(reason: string): void {
    const wasLive = this.#isLive();
    this.#release();
    if (wasLive) this.#handlers.onClose(ABNORMAL, reason);
  }

  #fail(code: number, reason: string): void {
    if (!this.#isLive()) return;
    this.close(code, reason);
    this.#handlers.onClose(code, reason);
  }

  #isLive(): boolean {
    return this.#state === 'opening' || this.#state === 'open';
  }

  #release(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#connection.close();
  }
}

/** A link that could not even be tried. */
class DeadLink implements ViewerLink {
  readonly bufferedBytes: number = 0;
  readonly #timer: Timer;

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

/** The first message: which path of the relay this link is for. */
function encodeRequestNote(path: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(path);
  const bytes = new Uint8Array(3 + text.length);
  bytes.set(text, 3);
  return bytes;
}

/** Makes the dial effect of an engine, for what `edgeUrl` gives. */
export function createEdgeDial(createConnection: CreateConnection): DialEffect {
  return (url, handlers) => {
    const place = decodeEdgeUrl(url);
    if (place === undefined) return new DeadLink('not an edge address', handlers);
    try {
      return new RtcRelayLink(createConnection([]), place, handlers);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : 'no connection could be made';
      return new DeadLink(reason, handlers);
    }
  };
}
