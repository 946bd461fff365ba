/**
 * The ticket: the operator of relays says that they carry a channel until some day. It travels in the channel's catalog,
 * so that every relay of the operator finds it there. PROTOCOL.md §7.
 */

import { base64urlnopad } from '@scure/base';
import { assert } from '../assert.js';
import { concatBytes, equalBytes } from '../bytes.js';
import { BROADCAST_MS_MAX, KEY_BYTES, TICKET_BYTES } from '../limits.js';
import { type WallMs, wallMs } from '../time.js';
import { type SignEffect, signedMessage } from './signing.js';

/** What a ticket's text starts with. */
export const TICKET_PREFIX = 'frt';

/** What the text of an operator's key starts with. */
export const OPERATOR_PREFIX = 'fro';

/** What a ticket says; worth nothing until it is judged. */
export type Ticket = {
  /** Ed25519 public key of the operator. */
  readonly operatorKey: Uint8Array;
  readonly channelKey: Uint8Array;
  /** The last moment at which it counts. */
  readonly notAfterMs: WallMs;
};

/** What is to be thought of a ticket. */
export type TicketVerdict =
  | 'valid'
  | 'malformed'
  | 'foreign-operator'
  | 'foreign-channel'
  | 'expired'
  | 'bad-signature';

/** Whom a ticket is to be from, for what, at which time, and who verifies Ed25519. */
export type TicketQuestion = Pick<Ticket, 'operatorKey' | 'channelKey'> & {
  readonly now: WallMs;
  readonly verify: (request: {
    readonly publicKey: Uint8Array;
    readonly message: Uint8Array;
    readonly signature: Uint8Array;
  }) => boolean;
};

/** The outcome of reading a text; `why` is one sentence for a person. */
export type TextResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly why: string };

const TIME_BYTES = 6;
const STATEMENT_BYTES = 2 * KEY_BYTES + TIME_BYTES;

/** Makes a ticket: operator key, channel key, time in six bytes (high byte first), signature. `sign` is the operator's. */
export function signTicket(ticket: Ticket, sign: SignEffect): Uint8Array {
  const { operatorKey, channelKey, notAfterMs } = ticket;
  assert(operatorKey.length === KEY_BYTES && channelKey.length === KEY_BYTES, 'a key has 32 bytes');
  assert(isTime(notAfterMs), `a ticket ends at a Unix millisecond, not ${notAfterMs}`);
  const time = new Uint8Array(TIME_BYTES);
  const view = new DataView(time.buffer);
  view.setUint16(0, Math.floor(notAfterMs / 2 ** 32));
  view.setUint32(2, notAfterMs % 2 ** 32);
  const statement = concatBytes(operatorKey, channelKey, time);
  return concatBytes(statement, sign(signedMessage('ticket', statement)));
}

/** Reads a ticket; `undefined` for anything malformed. Does not verify it. */
export function decodeTicket(bytes: Uint8Array): Ticket | undefined {
  if (bytes.length !== TICKET_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = 2 * KEY_BYTES;
  const notAfterMs = view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);
  if (!isTime(notAfterMs)) return undefined;
  return {
    operatorKey: bytes.subarray(0, KEY_BYTES),
    channelKey: bytes.subarray(KEY_BYTES, at),
    notAfterMs: wallMs(notAfterMs),
  };
}

/** Whether a ticket counts. Any bytes get a verdict; the signature is verified last. */
export function judgeTicket(bytes: Uint8Array, question: TicketQuestion): TicketVerdict {
  const ticket = decodeTicket(bytes);
  if (!ticket) return 'malformed';
  if (!equalBytes(ticket.operatorKey, question.operatorKey)) return 'foreign-operator';
  if (!equalBytes(ticket.channelKey, question.channelKey)) return 'foreign-channel';
  if (question.now > ticket.notAfterMs) return 'expired';
  const message = signedMessage('ticket', bytes.subarray(0, STATEMENT_BYTES));
  const signature = bytes.subarray(STATEMENT_BYTES);
  return question.verify({ publicKey: question.operatorKey, message, signature }) ? 'valid' : 'bad-signature';
}

/** The text that people pass on: {@link TICKET_PREFIX}, then base64url. */
export function encodeTicketText(bytes: Uint8Array): string {
  return `${TICKET_PREFIX}${base64urlnopad.encode(bytes)}`;
}

/** Reads a ticket's text; white space around it is ignored. */
export function decodeTicketText(text: string): TextResult {
  const bytes = bytesOf(text, TICKET_PREFIX, TICKET_BYTES);
  if (bytes && decodeTicket(bytes)) return { ok: true, bytes };
  return { ok: false, why: 'This is not a whole ticket, which begins with "frt". Copy it again.' };
}

/** The text of an operator's public key: {@link OPERATOR_PREFIX}, then base64url. */
export function encodeOperator(operatorKey: Uint8Array): string {
  return `${OPERATOR_PREFIX}${base64urlnopad.encode(operatorKey)}`;
}

/** Reads the text of an operator's public key; white space around it is ignored. */
export function decodeOperator(text: string): TextResult {
  const bytes = bytesOf(text, OPERATOR_PREFIX, KEY_BYTES);
  if (bytes) return { ok: true, bytes };
  return {
    ok: false,
    why: 'This is no operator, which "freshet relay ticket" prints: it begins with "fro".',
  };
}

function bytesOf(text: string, prefix: string, byteCount: number): Uint8Array | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith(prefix) || trimmed.length !== prefix.length + Math.ceil((byteCount * 4) / 3))
    return undefined;
  try {
    return base64urlnopad.decode(trimmed.slice(prefix.length));
  } catch {
    // Not base64url: the caller says what would be.
    return undefined;
  }
}

function isTime(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0 && ms <= BROADCAST_MS_MAX;
}
