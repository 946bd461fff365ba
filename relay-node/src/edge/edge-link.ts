import { CloseCode } from '@freshet/proto';
import { LINK_CLOSE, type LinkHandlers, nextLinkId, type ServerLink } from '../link/link-server.js';
import type { OverflowNotices } from '../link/overflow-notices.js';
import { shortAddress } from '../link/remote-address.js';
import type { Topics } from '../link/topics.js';
import { EdgeClient, type EdgeClientHome, type EdgeRoute } from './edge-client.js';
import type { EdgeLimits } from './edge-limits.js';
import { decodeCloseNote, decodeRequestNote, encodeCloseNote, isNote } from './edge-note.js';
import type { ReceiveFault } from './sctp-receiver.js';

/** A queue that has become this short is told to the owner, and once more when it is empty. */
const LOW_WATER_BYTES: number = 32 * 1024;

/** What the links of one edge share. */
export type EdgeLinkHome<Context> = {
  readonly clientHome: EdgeClientHome;
  readonly topics: Topics<EdgeLink<Context>>;
  readonly overflow: OverflowNotices<EdgeLink<Context>>;
  readonly limits: EdgeLimits;
  readonly handlers: LinkHandlers<Context>;
  readonly acceptLink: (path: string) => boolean;
  readonly nowMs: () => number;
  /** The client is gone and its place is free; told once. */
  readonly onFreed: (link: EdgeLink<Context>) => void;
};

/** A link over a data channel. It is the owner's from the client's request to its close. */
export class EdgeLink<Context> implements ServerLink<Context> {
  readonly id = nextLinkId();
  context: Context | undefined = undefined;
  readonly client: EdgeClient;
  readonly #home: EdgeLinkHome<Context>;
  #state: 'shaking' | 'open' | 'lingering' | 'freed' = 'shaking';
  #closedAtMs = 0;
  /** How full the queue was when last looked at: 0 empty, 1 short, 2 long. */
  #level = 0;

  constructor(
    home: EdgeLinkHome<Context>,
    peer: { readonly ufrag: string; readonly route: EdgeRoute; readonly nowMs: number },
  ) {
    this.#home = home;
    this.client = new EdgeClient(home.clientHome, peer, {
      onOpen: () => undefined,
      onMessage: (bytes) => this.#handleMessage(bytes),
      onEnd: (fault) => this.#handleEnd(fault),
    });
  }

  /** It still shakes hands or has not said what it wants. */
  get isShaking(): boolean {
    return this.#state === 'shaking';
  }

  /** The owner knows of it. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get bufferedBytes(): number {
    return this.#state === 'open' ? this.client.waitingBytes : 0;
  }

  send(bytes: Uint8Array): void {
    if (this.#state !== 'open' || bytes.length === 0) return;
    if (this.client.waitingBytes > this.#home.limits.bufferedBytesMax) return this.#home.overflow.add(this);
    this.client.send(this.#home.nowMs(), bytes);
    this.#level = Math.max(this.#level, levelOf(this.client.waitingBytes));
  }

  attach(topic: string): void {
    if (this.#state === 'open') this.#home.topics.attach(this, topic);
  }

  detach(topic: string): void {
    this.#home.topics.detach(this, topic);
  }

  close(code: number, reason: string): void {
    if (this.#state !== 'open') return;
    this.#leave(code, reason);
    this.#home.handlers.onClose(this, code, reason);
  }

  /** Takes a datagram of its client. */
  receive(nowMs: number, datagram: Buffer, route: EdgeRoute): void {
    this.client.receive(nowMs, datagram, route);
    this.#tellDrained();
  }

  /** Looks after what is due: what was lost, who is silent, who has been told long enough. */
  handleTime(nowMs: number): void {
    const { limits } = this.#home;
    if (this.#state === 'shaking' && nowMs - this.client.startedAtMs > limits.handshakeMs) return this.free();
    if (this.#state === 'open' && nowMs - this.client.heardAtMs > limits.silenceMs) {
      this.client.close();
      return this.#handleEnd(undefined);
    }
    const isTold = this.client.isIdle || nowMs - this.#closedAtMs > limits.lingerMs;
    if (this.#state === 'lingering' && isTold) return this.free();
    this.client.handleTime(nowMs);
    this.#tellDrained();
  }

  /** Ends it without a word to the owner. */
  free(): void {
    if (this.#state === 'freed') return;
    this.#state = 'freed';
    this.client.close();
    this.#home.onFreed(this);
  }

  #handleMessage(bytes: Buffer): void {
    if (this.#state === 'shaking') return this.#handleRequest(bytes);
    if (this.#state !== 'open') return;
    if (!isNote(bytes)) return this.#home.handlers.onMessage(this, bytes);
    const { code, reason } = decodeCloseNote(bytes);
    this.#leave(code, reason);
    this.free();
    this.#home.handlers.onClose(this, code, reason);
  }

  #handleRequest(bytes: Buffer): void {
    const request = decodeRequestNote(bytes);
    if (request === undefined) return this.#leave(CloseCode.protocolViolation, 'a request of no known form');
    if (!this.#home.acceptLink(request.path))
      return this.#leave(CloseCode.unknownChannel, 'there is no link at this address');
    this.#state = 'open';
    const remoteAddress = shortAddress(this.client.route.address);
    this.#home.handlers.onOpen(this, {
      ...request,
      remoteAddress,
      origin: undefined,
      forwardedFor: undefined,
    });
  }

  #handleEnd(fault: ReceiveFault | undefined): void {
    const wasOpen = this.#state === 'open';
    this.#detachAll();
    this.free();
    if (!wasOpen) return;
    const code = fault === undefined ? LINK_CLOSE.abnormal : CLOSE_BY_FAULT[fault];
    this.#home.handlers.onClose(this, code, fault ?? 'the other end is gone');
  }

  /** Says why and stays a little, so that it arrives. */
  #leave(code: number, reason: string): void {
    this.#closedAtMs = this.#home.nowMs();
    this.client.send(this.#closedAtMs, encodeCloseNote(code, reason));
    this.#state = 'lingering';
    this.#detachAll();
  }

  #detachAll(): void {
    this.#home.topics.detachAll(this);
    this.#home.overflow.remove(this);
  }

  #tellDrained(): void {
    if (this.#state !== 'open') return;
    const bytes = this.client.waitingBytes;
    const level = levelOf(bytes);
    if (level >= this.#level) return;
    this.#level = level;
    this.#home.handlers.onWritable(this, bytes);
  }
}

const CLOSE_BY_FAULT: Readonly<Record<ReceiveFault, number>> = {
  'a text message': LINK_CLOSE.text,
  'a message too long': LINK_CLOSE.tooLong,
  'another channel': CloseCode.protocolViolation,
  'a fragment out of place': CloseCode.protocolViolation,
};

function levelOf(bytes: number): number {
  if (bytes > LOW_WATER_BYTES) return 2;
  return bytes > 0 ? 1 : 0;
}
