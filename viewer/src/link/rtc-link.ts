/** Peer links by WebRTC data channels, over any engine. */

import { CloseCode, FrameKind } from '@freshet/proto';
import {
  PEER_BUFFERED_BYTES_MAX,
  PEER_LOST,
  PEER_MESSAGE_BYTES_MAX,
  PEER_OPEN_MS_MAX,
  type PeerDialEffect,
  type PeerLink,
  type PeerLinkHandlers,
  type PeerLinkOptions,
} from './peer-link.js';
import { decodeCloseNote, encodeCloseNote, isCloseNote } from './rtc-close-note.js';
import type { CreateConnection, DataChannelLike, PeerConnectionLike } from './rtc-connection.js';
import { Negotiation } from './rtc-negotiation.js';

/** A piece that has not arrived after this time is given up: the neighbour repairs it from elsewhere by then. */
export const PIECE_LIFE_MS = 300;

/** The queue counts as short from here on: less than a usual piece, so that the next one is chosen late. */
export const LOW_WATER_BYTES: number = 8 * 1024;

/** How long a connection may say `disconnected` before it is given up; a change of network takes about a second. */
export const DISCONNECTED_MS_MAX = 2_000;

/** How long a closed link keeps its connection so that its close note arrives, one retransmission included. */
export const CLOSE_LINGER_MS = 500;

/** Messages that may come before both channels are open here; one more closes the link as `tooManyMessages`. */
export const EARLY_MESSAGES_MAX = 16;

type Timer = ReturnType<typeof setTimeout>;

class RtcLink implements PeerLink {
  readonly #connection: PeerConnectionLike;
  readonly #control: DataChannelLike;
  readonly #pieces: DataChannelLike;
  readonly #negotiation: Negotiation;
  readonly #handlers: PeerLinkHandlers;
  #state: 'opening' | 'open' | 'lingering' | 'closed' = 'opening';
  #early: Uint8Array[] = [];
  /** One at a time: until open, of a disconnection, then until the connection is freed. */
  #timer: Timer | undefined;

  constructor(connection: PeerConnectionLike, options: PeerLinkOptions, handlers: PeerLinkHandlers) {
    this.#connection = connection;
    this.#handlers = handlers;
    this.#control = this.#openChannel('control', 0, true);
    this.#pieces = this.#openChannel('pieces', 1, false);
    connection.addEventListener('connectionstatechange', () => this.#handleState());
    this.#negotiation = new Negotiation(connection, options.isOfferer, {
      onSignal: (bytes) => handlers.onSignal(bytes),
      onFailure: (code, reason) => this.#fail(code, reason),
    });
    this.#timer = setTimeout(() => this.#fail(CloseCode.timeout, 'not open in time'), PEER_OPEN_MS_MAX);
    this.#negotiation.start();
  }

  get bufferedBytes(): number {
    return this.#isLive() ? this.#control.bufferedAmount + this.#pieces.bufferedAmount : 0;
  }

  send(bytes: Uint8Array): void {
    const isPiece = bytes[0] === FrameKind.piece;
    const channel = isPiece ? this.#pieces : this.#control;
    if (this.#state !== 'open' || channel.readyState !== 'open' || bytes.length > PEER_MESSAGE_BYTES_MAX)
      return;
    if (channel.bufferedAmount + bytes.length <= PEER_BUFFERED_BYTES_MAX) {
      // The standard's type excludes views of shared memory, of which there are none here.
      channel.send(bytes as Uint8Array<ArrayBuffer>);
      // A queue that stays below the water mark would never be told as empty: it does not come down to the mark.
      channel.bufferedAmountLowThreshold = channel.bufferedAmount > LOW_WATER_BYTES ? LOW_WATER_BYTES : 0;
    } else if (!isPiece) {
      // Not at once: the owner is in the middle of sending.
      queueMicrotask(() => this.#fail(CloseCode.timeout, 'the neighbour takes nothing in'));
    }
  }

  receiveSignal(bytes: Uint8Array): void {
    this.#negotiation.receive(bytes);
  }

  close(code: number, reason: string): void {
    if (!this.#isLive()) return;
    this.#negotiation.close();
    this.#clearTimer();
    this.#early = [];
    if (this.#control.readyState !== 'open') return this.#release();
    this.#state = 'lingering';
    this.#control.send(encodeCloseNote({ code, reason }));
    this.#timer = setTimeout(() => this.#release(), CLOSE_LINGER_MS);
  }

  #openChannel(label: 'control' | 'pieces', id: number, ordered: boolean): DataChannelLike {
    const channel = this.#connection.createDataChannel(label, {
      negotiated: true,
      id,
      ordered,
      ...(ordered ? {} : { maxPacketLifeTime: PIECE_LIFE_MS }),
    });
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
    channel.addEventListener('open', () => this.#handleOpen());
    channel.addEventListener('close', () => this.#handleLost('the neighbour is gone'));
    channel.addEventListener('message', ({ data }) => this.#handleMessage(channel, data));
    channel.addEventListener('bufferedamountlow', () => this.#handleLow(channel));
    return channel;
  }

  #handleOpen(): void {
    if (this.#state !== 'opening') return;
    if (this.#control.readyState !== 'open' || this.#pieces.readyState !== 'open') return;
    this.#state = 'open';
    this.#clearTimer();
    this.#handlers.onOpen();
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) this.#deliver(bytes);
  }

  #handleMessage(channel: DataChannelLike, data: unknown): void {
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
    if (channel === this.#control && bytes instanceof Uint8Array && isCloseNote(bytes)) {
      return this.#handleNote(bytes);
    }
    if (!this.#isLive()) return;
    if (!(bytes instanceof Uint8Array)) return this.#fail(CloseCode.protocolViolation, 'a text message');
    if (bytes.length > PEER_MESSAGE_BYTES_MAX) {
      return this.#fail(CloseCode.messageTooLarge, 'a message longer than the limit');
    }
    if (this.#state === 'open') return this.#handlers.onMessage(bytes);
    this.#early.push(bytes);
    if (this.#early.length > EARLY_MESSAGES_MAX) this.#fail(CloseCode.tooManyMessages, 'too early');
  }

  #deliver(bytes: Uint8Array): void {
    if (this.#state === 'open') this.#handlers.onMessage(bytes);
  }

  #handleNote(bytes: Uint8Array): void {
    const isNews = this.#isLive();
    this.#release();
    const { code, reason } = decodeCloseNote(bytes);
    if (isNews) this.#handlers.onClose(code, reason);
  }

  /** Short is told first, then empty: a scheduler that keeps little in flight waits for both. */
  #handleLow(channel: DataChannelLike): void {
    if (this.#state !== 'open') return;
    channel.bufferedAmountLowThreshold = channel.bufferedAmount > 0 ? 0 : LOW_WATER_BYTES;
    this.#handlers.onWritable(this.bufferedBytes);
  }

  #handleState(): void {
    const state = this.#connection.connectionState;
    if (state === 'failed') return this.#handleLost('no way to the neighbour');
    if (state === 'closed') return this.#handleLost('the neighbour is gone');
    if (this.#state !== 'open') return;
    if (state === 'connected') this.#clearTimer();
    else if (state === 'disconnected') {
      this.#timer ??= setTimeout(() => this.#handleLost('the neighbour went silent'), DISCONNECTED_MS_MAX);
    }
  }

  #handleLost(reason: string): void {
    const isNews = this.#isLive();
    this.#release();
    if (isNews) this.#handlers.onClose(PEER_LOST, reason);
  }

  #fail(code: number, reason: string): void {
    if (!this.#isLive()) return;
    this.close(code, reason);
    this.#handlers.onClose(code, reason);
  }

  #release(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#negotiation.close();
    this.#clearTimer();
    this.#early = [];
    this.#connection.close();
  }

  #isLive(): boolean {
    return this.#state === 'opening' || this.#state === 'open';
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** A link that could not even be tried: the engine makes no further connection. */
class DeadPeerLink implements PeerLink {
  readonly bufferedBytes: number = 0;
  readonly #timer: Timer;

  constructor(reason: string, handlers: PeerLinkHandlers) {
    this.#timer = setTimeout(() => handlers.onClose(CloseCode.internalError, reason), 0);
  }

  send(): void {
    // Nothing is there to send to.
  }

  receiveSignal(): void {
    // Nothing is there to connect.
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}

/** Makes the dial effect of an engine. */
export function createRtcDial(createConnection: CreateConnection): PeerDialEffect {
  return (options, handlers) => {
    try {
      return new RtcLink(createConnection(options.stunUrls), options, handlers);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : 'no connection could be made';
      return new DeadPeerLink(reason, handlers);
    }
  };
}
