/** What an association receives: fragments of the one stream, in any order, put together again. */

import { DATA_HEADER_BYTES, DataFlag, distance, PayloadKind } from './sctp-wire.js';

/** Bytes of fragments kept that came too early; what comes beyond is dropped and sent again. */
export const RECEIVE_WINDOW_BYTES: number = 128 * 1024;

/** A fragment further ahead than this is dropped: more would not fit into the window anyway. */
const AHEAD_MAX = 512;

/** Gap blocks told in one acknowledgement; the rest follows when the first are closed. */
const GAPS_MAX = 24;

/** Why the other end broke the rules. */
export type ReceiveFault =
  | 'another channel'
  | 'a text message'
  | 'a message too long'
  | 'a fragment out of place';

type Early = { readonly flags: number; readonly kind: number; readonly payload: Buffer };

/** Puts messages together. Nothing here throws, whatever comes. */
export class SctpReceiver {
  readonly #messageBytesMax: number;
  readonly #onMessage: (bytes: Buffer) => void;
  #cumulative: number;
  readonly #early = new Map<number, Early>();
  #earlyBytes = 0;
  #parts: Buffer[] | undefined;
  #partBytes = 0;

  /** `onMessage` owns the bytes it is given. */
  constructor(firstTsn: number, messageBytesMax: number, onMessage: (bytes: Buffer) => void) {
    this.#cumulative = (firstTsn - 1) >>> 0;
    this.#messageBytesMax = messageBytesMax;
    this.#onMessage = onMessage;
  }

  /** Takes the body of a DATA chunk, which is a view that stays as it is. A fault means that the link must end. */
  handleData(flags: number, body: Buffer): ReceiveFault | undefined {
    if (body.length <= DATA_HEADER_BYTES - 4) return 'a fragment out of place';
    const tsn = body.readUInt32BE(0);
    const ahead = distance(this.#cumulative, tsn);
    if (ahead <= 0 || ahead > AHEAD_MAX || this.#early.has(tsn)) return undefined;
    if (body.readUInt16BE(4) !== 0) return 'another channel';
    const early = { flags, kind: body.readUInt32BE(8), payload: body.subarray(12) };
    if (ahead > 1) {
      if (this.#earlyBytes + early.payload.length > RECEIVE_WINDOW_BYTES) return undefined;
      this.#early.set(tsn, early);
      this.#earlyBytes += early.payload.length;
      return undefined;
    }
    let fault = this.#take(early);
    for (;;) {
      this.#cumulative = (this.#cumulative + 1) >>> 0;
      const nextTsn = (this.#cumulative + 1) >>> 0;
      const next = this.#early.get(nextTsn);
      if (next === undefined || fault !== undefined) return fault;
      this.#early.delete(nextTsn);
      this.#earlyBytes -= next.payload.length;
      fault = this.#take(next);
    }
  }

  /** The body of a SACK chunk for what has come so far. */
  encodeSack(): Buffer {
    const gaps = this.#gaps();
    const bytes = Buffer.allocUnsafe(12 + 4 * gaps.length);
    bytes.writeUInt32BE(this.#cumulative, 0);
    bytes.writeUInt32BE(RECEIVE_WINDOW_BYTES - this.#earlyBytes, 4);
    bytes.writeUInt16BE(gaps.length, 8);
    bytes.writeUInt16BE(0, 10);
    for (const [index, [first, last]] of gaps.entries()) {
      bytes.writeUInt16BE(first, 12 + 4 * index);
      bytes.writeUInt16BE(last, 14 + 4 * index);
    }
    return bytes;
  }

  #gaps(): readonly (readonly [number, number])[] {
    if (this.#early.size === 0) return [];
    const offsets = [...this.#early.keys()]
      .map((tsn) => distance(this.#cumulative, tsn))
      .sort((a, b) => a - b);
    const gaps: [number, number][] = [];
    for (const offset of offsets) {
      const last = gaps.at(-1);
      if (last && last[1] + 1 === offset) last[1] = offset;
      else if (gaps.length < GAPS_MAX) gaps.push([offset, offset]);
      else break;
    }
    return gaps;
  }

  #take({ flags, kind, payload }: Early): ReceiveFault | undefined {
    const isBegin = (flags & DataFlag.begin) !== 0;
    if (isBegin !== (this.#parts === undefined)) return 'a fragment out of place';
    if (kind === PayloadKind.text || kind === PayloadKind.emptyText) return 'a text message';
    this.#parts ??= [];
    this.#parts.push(payload);
    this.#partBytes += payload.length;
    if (this.#partBytes > this.#messageBytesMax) return 'a message too long';
    if ((flags & DataFlag.end) === 0) return undefined;
    const message = Buffer.concat(this.#parts);
    this.#parts = undefined;
    this.#partBytes = 0;
    if (kind === PayloadKind.binary) this.#onMessage(message);
    else if (kind === PayloadKind.emptyBinary) this.#onMessage(Buffer.alloc(0));
    return undefined;
  }
}
