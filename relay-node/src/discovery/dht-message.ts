/**
 * Which datagrams the DHT library may see. It takes the types of the fields for granted: a transaction that is a
 * dictionary, or a string of negative length, ends its process. So every field that it touches is checked here first.
 */

import { type Bencoded, type BencodedDictionary, decodeBencoded, isDictionary } from './bencode.js';

/** What a datagram is found to be; `unsigned-item` is a well-formed answer that carries one. */
export type DhtMessageVerdict =
  | 'query'
  | 'reply'
  | 'malformed-message'
  | 'oversized-message'
  | 'unsigned-item';

/** Bytes of a datagram; the library of others answers with all relays it knows in one. Longer ones are dropped. */
export const DHT_DATAGRAM_BYTES_MAX: number = 16 * 1024;

/** Bytes of a query: the longest is a put of 1,000 bytes, its signature and its key. Longer ones are dropped. */
export const DHT_QUERY_BYTES_MAX = 2_048;

type Check = (value: Bencoded) => boolean;

const isText: Check = (value) => value instanceof Uint8Array;
const isInteger: Check = (value) => typeof value === 'number';
const isTextOf =
  (bytesMin: number, bytesMax = bytesMin): Check =>
  (value) =>
    value instanceof Uint8Array && value.length >= bytesMin && value.length <= bytesMax;
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** Arguments of queries (BEP 5, BEP 44); others are not looked at, neither here nor by the library. */
const ARGUMENTS: Readonly<Record<string, Check>> = {
  id: isTextOf(20),
  target: isTextOf(20),
  info_hash: isTextOf(20),
  token: isTextOf(1, 64),
  port: isInteger,
  implied_port: isInteger,
  k: isTextOf(32),
  sig: isTextOf(64),
  salt: isTextOf(0, 64),
  seq: isInteger,
  cas: isInteger,
};

/** What replies carry. Relays are IPv4 addresses and ports, six bytes each. */
const RESULTS: Readonly<Record<string, Check>> = {
  id: isTextOf(20),
  nodes: isText,
  token: isTextOf(1, 64),
  values: isListOf(isTextOf(6)),
  k: isTextOf(32),
  sig: isTextOf(64),
  salt: isTextOf(0, 64),
  seq: isInteger,
};

/** Judges one datagram. Any bytes give a verdict. */
export function judgeDhtMessage(datagram: Uint8Array): DhtMessageVerdict {
  if (datagram.length > DHT_DATAGRAM_BYTES_MAX) return 'oversized-message';
  const message = decodeBencoded(datagram);
  if (!isDictionary(message) || !has(message, 't', isTextOf(1, 64))) return 'malformed-message';
  const kind = message.get('y');
  switch (kind instanceof Uint8Array && kind.length === 1 ? kind[0] : undefined) {
    case 0x71:
      return judgeQuery(message, datagram.length);
    case 0x72:
      return judgeReply(message);
    case 0x65:
      return has(
        message,
        'e',
        isListOf((value) => isText(value) || isInteger(value)),
      )
        ? 'reply'
        : 'malformed-message';
    default:
      return 'malformed-message';
  }
}

function judgeQuery(message: BencodedDictionary, byteLength: number): DhtMessageVerdict {
  const argumentsOf = message.get('a');
  if (!has(message, 'q', isText) || !isDictionary(argumentsOf) || !fits(argumentsOf, ARGUMENTS))
    return 'malformed-message';
  return byteLength > DHT_QUERY_BYTES_MAX ? 'oversized-message' : judgeItem(argumentsOf, 'query');
}

function judgeReply(message: BencodedDictionary): DhtMessageVerdict {
  const result = message.get('r');
  if (!isDictionary(result) || !fits(result, RESULTS)) return 'malformed-message';
  // Freshet asks for signed items only, so that an unsigned one is nothing that was asked for.
  if (result.has('v') && !result.has('sig')) return 'unsigned-item';
  return judgeItem(result, 'reply');
}

/** Key, signature, number and value belong together: the library computes with the others when it has found one. */
function judgeItem(fields: BencodedDictionary, verdict: 'query' | 'reply'): DhtMessageVerdict {
  const isSigned = fields.has('sig') || fields.has('k');
  const isWhole = fields.has('sig') && fields.has('k') && fields.has('seq') && fields.has('v');
  return isSigned && !isWhole ? 'malformed-message' : verdict;
}

function fits(fields: BencodedDictionary, checks: Readonly<Record<string, Check>>): boolean {
  if (!has(fields, 'id', isTextOf(20))) return false;
  return Object.entries(checks).every(([name, check]) => !fields.has(name) || has(fields, name, check));
}

function has(fields: BencodedDictionary, name: string, check: Check): boolean {
  const value = fields.get(name);
  return value !== undefined && check(value);
}
