import type { Socket } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import { LINK_CLOSE, TEXT_REFUSED } from './link-server.js';

/** The limits of an outgoing link. */
export type DialLimits = {
  /** Time for the whole of name look-up, connection and handshake. */
  readonly connectMs: number;
  /** Longest message taken; a longer one closes the link (1009). A parent sends catalogs as well as pieces. */
  readonly messageBytesMax: number;
  /** As `LinkLimits.bufferedBytesMax`: more than this waiting, and a message is dropped and `onOverflow` follows. */
  readonly bufferedBytesMax: number;
  /** Time between pings; a ping that nothing came back for until the next one ends the link (1006). */
  readonly pingMs: number;
  /** How long a link that was told to close may keep its connection. */
  readonly lingerMs: number;
};

/** The limits unless the caller replaces some. */
export const DIAL_LIMITS: DialLimits = {
  connectMs: 10_000,
  messageBytesMax: 256 * 1024,
  bufferedBytesMax: 1024 * 1024,
  pingMs: 20_000,
  lingerMs: 2_000,
};

/** Why an outgoing link could not be made or did not last. */
export type DialErrorKind = 'bad-address' | 'unreachable' | 'refused' | 'timed-out' | 'broken';

/** An outgoing link failed; the message is one sentence for the operator. */
export class DialError extends Error {
  readonly kind: DialErrorKind;
  constructor(kind: DialErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DialError';
    this.kind = kind;
  }
}

/** An outgoing link, to a parent relay or a broadcaster. Methods of a closed one do nothing. */
export interface DialedLink {
  /** Sends one binary message; nothing before `onOpen`. The bytes must not be changed until they have left. */
  send(bytes: Uint8Array): void;
  /** Outgoing bytes that the kernel has not taken yet. */
  readonly bufferedBytes: number;
  /** Sends a close frame, or gives the attempt up. `onClose` runs during the call. */
  close(code: number, reason: string): void;
}

/** What the owner of an outgoing link does when something happens. */
export interface DialHandlers {
  onOpen(link: DialedLink): void;
  /** A binary message. The bytes belong to the handler. (Text closes the link with 1003.) */
  onMessage(link: DialedLink, bytes: Uint8Array): void;
  /** Everything that was waiting has gone out. */
  onWritable(link: DialedLink, bufferedBytes: number): void;
  /** One or more messages were dropped since the last time this ran; never inside `send`. */
  onOverflow(link: DialedLink): void;
  /** Exactly once for every dial, opened or not. `error` says what failed when it was not a plain close. */
  onClose(link: DialedLink, code: number, reason: string, error: DialError | undefined): void;
}

const asBytes = (data: RawData): Uint8Array =>
  Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? new Uint8Array(data) : data;

const REFUSALS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

const dialErrorFrom = (cause: Error, host: string, hasOpened: boolean): DialError => {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (hasOpened) return new DialError('broken', `The link to ${host} broke.`, cause);
  if (cause.message.includes('handshake has timed out') || code === 'ETIMEDOUT') {
    return new DialError('timed-out', `${host} did not answer in time. Check the address.`, cause);
  }
  if (cause.message.startsWith('Unexpected server response')) {
    return new DialError('refused', `${host} takes no link at this address. Check the address.`, cause);
  }
  if (REFUSALS.has(code)) {
    return new DialError('refused', `Nothing answers at ${host}. Check the address and the port.`, cause);
  }
  return new DialError('unreachable', `${host} cannot be reached. Check the address and the network.`, cause);
};

class Dial implements DialedLink {
  readonly #ws: WebSocket;
  readonly #host: string;
  readonly #handlers: DialHandlers;
  readonly #limits: DialLimits;
  #socket: Socket | undefined;
  #pingTimer: NodeJS.Timeout | undefined;
  #bytesReadAtPing = 0;
  #hasOpened = false;
  #isClosed = false;
  #hasDropped = false;

  constructor(url: URL, handlers: DialHandlers, limits: DialLimits) {
    this.#host = url.host;
    this.#handlers = handlers;
    this.#limits = limits;
    this.#ws = new WebSocket(url, {
      handshakeTimeout: limits.connectMs,
      maxPayload: limits.messageBytesMax,
      perMessageDeflate: false,
      followRedirects: false,
    });
    this.#ws.on('upgrade', (response) => {
      this.#socket = response.socket;
      this.#socket.on('drain', () => {
        if (!this.#isClosed) handlers.onWritable(this, this.bufferedBytes);
      });
    });
    this.#ws.on('open', () => this.#handleOpen());
    this.#ws.on('message', (data, isBinary) => {
      if (this.#isClosed) return;
      if (isBinary) handlers.onMessage(this, asBytes(data));
      else this.close(LINK_CLOSE.text, TEXT_REFUSED);
    });
    this.#ws.on('error', (cause) => {
      const isTooLong = 'code' in cause && cause.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
      const error = dialErrorFrom(cause, this.#host, this.#hasOpened);
      this.#gone(isTooLong ? LINK_CLOSE.tooLong : LINK_CLOSE.abnormal, cause.message, error);
      this.#linger();
    });
    this.#ws.on('close', (code, reason) => this.#gone(code, reason.toString(), undefined));
  }

  get bufferedBytes(): number {
    return this.#isClosed ? 0 : this.#ws.bufferedAmount;
  }

  send(bytes: Uint8Array): void {
    if (this.#isClosed || !this.#hasOpened) return;
    if (this.bufferedBytes <= this.#limits.bufferedBytesMax) {
      this.#ws.send(bytes, { binary: true, compress: false });
      return;
    }
    if (this.#hasDropped) return;
    this.#hasDropped = true;
    setImmediate(() => {
      this.#hasDropped = false;
      if (!this.#isClosed) this.#handlers.onOverflow(this);
    });
  }

  close(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#gone(code, reason, undefined);
    if (this.#hasOpened) this.#ws.close(code, reason);
    else this.#ws.terminate();
    this.#linger();
  }

  #handleOpen(): void {
    if (this.#isClosed) return;
    this.#hasOpened = true;
    this.#pingTimer = setInterval(() => this.#keepAlive(), this.#limits.pingMs);
    this.#handlers.onOpen(this);
  }

  #keepAlive(): void {
    const bytesRead = this.#socket?.bytesRead ?? 0;
    const isSilent = bytesRead === this.#bytesReadAtPing;
    this.#bytesReadAtPing = bytesRead;
    if (isSilent) {
      const error = new DialError('timed-out', `${this.#host} has fallen silent.`);
      this.#gone(LINK_CLOSE.abnormal, 'silent for too long', error);
      this.#ws.terminate();
    } else {
      this.#ws.ping();
    }
  }

  #gone(code: number, reason: string, error: DialError | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#pingTimer !== undefined) clearInterval(this.#pingTimer);
    this.#handlers.onClose(this, code, reason, error);
  }

  /** `ws` waits half a minute for the other end's close frame; this does not. */
  #linger(): void {
    const timer = setTimeout(() => this.#ws.terminate(), this.#limits.lingerMs);
    timer.unref();
    this.#ws.once('close', () => clearTimeout(timer));
  }
}

/**
 * Opens a link to `ws://` or `wss://`. Throws a DialError ('bad-address') for anything else; every later failure comes
 * through `onClose`. Nothing is retried here.
 */
export const dialLink = (
  address: string,
  handlers: DialHandlers,
  limits: Partial<DialLimits> = {},
): DialedLink => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== 'ws:' && url.protocol !== 'wss:') || url.hash !== '') {
    throw new DialError(
      'bad-address',
      `${address} is not the address of a relay; it begins with wss:// or ws://.`,
    );
  }
  return new Dial(url, handlers, { ...DIAL_LIMITS, ...limits });
};
