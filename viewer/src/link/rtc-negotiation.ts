import { CloseCode } from '@freshet/proto';
import { CANDIDATES_MAX } from './peer-link.js';
import type { PeerConnectionLike } from './rtc-connection.js';
import {
  decodeSignal,
  describeHandshake,
  encodeSignal,
  MEDIA_ID,
  parseCandidate,
  parseDescription,
  type RtcHandshake,
} from './rtc-signal.js';

/** What a negotiation needs of its link. */
export type NegotiationHandlers = {
  /** To be carried to the other end. */
  onSignal(bytes: Uint8Array): void;
  /** The link cannot come about. */
  onFailure(code: number, reason: string): void;
};

/** One offer, one answer, and the candidates of both ends as they are found (trickle ICE, RFC 8838). */
export class Negotiation {
  readonly #connection: PeerConnectionLike;
  readonly #isOfferer: boolean;
  readonly #handlers: NegotiationHandlers;
  /** Candidates that came before the description they belong to; at most `CANDIDATES_MAX`. */
  #waiting: string[] | undefined = [];
  #candidatesIn = 0;
  #candidatesOut = 0;
  #hasHandshake = false;
  #isClosed = false;

  constructor(connection: PeerConnectionLike, isOfferer: boolean, handlers: NegotiationHandlers) {
    this.#connection = connection;
    this.#isOfferer = isOfferer;
    this.#handlers = handlers;
    connection.addEventListener('icecandidate', ({ candidate }) => this.#tell(candidate?.candidate ?? ''));
  }

  /** Makes the offer, at the end whose part that is. */
  start(): void {
    if (this.#isOfferer) this.#run('the offer could not be made', () => this.#describe('offer'));
  }

  /** Takes a signal of the other end. */
  receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    const decoded = decodeSignal(bytes);
    if (!decoded.ok) return this.#fail(decoded.code, 'a signal of no known form');
    const { signal } = decoded;
    if (signal.type === 'candidate') return this.#takeCandidate(signal.candidate);
    if (this.#hasHandshake || (signal.type === 'answer') !== this.#isOfferer) {
      return this.#fail(CloseCode.protocolViolation, `an ${signal.type} that was not asked for`);
    }
    this.#hasHandshake = true;
    this.#run('the other end described itself wrongly', () => this.#takeHandshake(signal));
  }

  /** Nothing is told or taken any more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = undefined;
  }

  async #describe(type: 'offer' | 'answer'): Promise<void> {
    const made = type === 'offer' ? this.#connection.createOffer() : this.#connection.createAnswer();
    const { sdp = '' } = await made;
    if (this.#isClosed) return;
    const handshake = parseDescription(type, sdp);
    if (handshake === undefined) return this.#fail(CloseCode.internalError, 'an engine of no known form');
    // Told before the engine takes it in: some come back only after they have looked for addresses.
    this.#handlers.onSignal(encodeSignal(handshake));
    await this.#connection.setLocalDescription({ type, sdp });
  }

  async #takeHandshake(handshake: RtcHandshake): Promise<void> {
    const sdp = describeHandshake(handshake);
    await this.#connection.setRemoteDescription({ type: handshake.type, sdp });
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    if (this.#isClosed) return;
    for (const candidate of waiting) this.#addCandidate(candidate);
    if (!this.#isOfferer) await this.#describe('answer');
  }

  #takeCandidate(candidate: string): void {
    this.#candidatesIn += 1;
    if (this.#candidatesIn > CANDIDATES_MAX) {
      return this.#fail(CloseCode.tooManyMessages, 'too many candidates');
    }
    if (this.#waiting === undefined) this.#addCandidate(candidate);
    else this.#waiting.push(candidate);
  }

  #addCandidate(candidate: string): void {
    this.#connection.addIceCandidate({ candidate, sdpMid: MEDIA_ID, sdpMLineIndex: 0 }).catch(() => {
      // An address that this engine cannot use (a family it lacks, a name it cannot look up); others may do.
    });
  }

  #tell(line: string): void {
    if (this.#isClosed || this.#candidatesOut >= CANDIDATES_MAX) return;
    const signal = parseCandidate(line);
    if (signal === undefined) return;
    this.#candidatesOut += 1;
    this.#handlers.onSignal(encodeSignal(signal));
  }

  #run(failure: string, step: () => Promise<void>): void {
    step().catch((cause: unknown) => {
      const why = cause instanceof Error ? `: ${cause.message}` : '';
      this.#fail(CloseCode.protocolViolation, `${failure}${why}`);
    });
  }

  #fail(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#handlers.onFailure(code, reason);
  }
}
