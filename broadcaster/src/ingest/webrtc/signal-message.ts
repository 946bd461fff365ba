/** Messages of the studio page over its WebSocket: requests with an id, each answered once. */

import { type Fields, fieldsOf, listOf, textOf, wholeOf } from './json-fields.js';
import type { Fingerprint } from './webrtc-endpoint.js';

/** Longest message that is looked at: RTP parameters of a browser have some 4 KiB. */
export const SIGNAL_CHARS_MAX = 64 * 1024;

const ID_MAX = 2 ** 31;
const ID_TEXT = /^[A-Za-z0-9_-]{1,64}$/;
const FINGERPRINTS_MAX = 8;
const FINGERPRINT_CHARS_MAX = 200;

/** What a page asks for. */
export type SignalRequest =
  | { readonly method: 'hello'; readonly publisherId: string }
  | { readonly method: 'createTransport'; readonly kinds: readonly ('audio' | 'video')[] }
  | { readonly method: 'connectTransport'; readonly fingerprints: readonly Fingerprint[] }
  | { readonly method: 'produce'; readonly kind: 'audio' | 'video'; readonly rtpParameters: unknown }
  | {
      readonly method: 'pauseProducer' | 'resumeProducer' | 'closeProducer';
      readonly producerId: string;
    }
  | { readonly method: 'restartIce' | 'keyframe' | 'closeTransport' };

/** Outcome of reading a message; `id` is undefined where nobody can be answered. */
export type SignalResult =
  | { readonly ok: true; readonly id: number; readonly request: SignalRequest }
  | { readonly ok: false; readonly id: number | undefined; readonly why: string };

/** Reads one message. Never throws. */
export function decodeSignal(text: string): SignalResult {
  if (text.length > SIGNAL_CHARS_MAX) return { ok: false, id: undefined, why: 'The message is too long.' };
  const message = fieldsOf(parse(text));
  const id = wholeOf(message?.id, 0, ID_MAX);
  const method = textOf(message?.method, 40);
  if (!message || id === undefined || method === undefined)
    return { ok: false, id, why: 'This is not a request: it needs an id and a method.' };
  const reader = Object.hasOwn(READERS, method) ? READERS[method] : undefined;
  if (!reader) return { ok: false, id, why: 'The studio knows no such request. Reload the page.' };
  const request = reader(fieldsOf(message.data) ?? {});
  if (!request) return { ok: false, id, why: `The request "${method}" cannot be read. Reload the page.` };
  return { ok: true, id, request };
}

const READERS: Readonly<Record<string, (data: Fields) => SignalRequest | undefined>> = {
  hello: (data) => {
    const publisherId = idOf(data.publisherId);
    return publisherId === undefined ? undefined : { method: 'hello', publisherId };
  },
  createTransport: (data) => {
    const kinds = (listOf(data.kinds, 2) ?? []).map(kindOf).filter((kind) => kind !== undefined);
    const isEach = new Set(kinds).size === kinds.length && kinds.includes('video');
    return isEach ? { method: 'createTransport', kinds } : undefined;
  },
  connectTransport: (data) => {
    const fingerprints = (listOf(fieldsOf(data.dtlsParameters)?.fingerprints, FINGERPRINTS_MAX) ?? [])
      .map(fingerprintOf)
      .filter((each) => each !== undefined);
    return fingerprints.length === 0 ? undefined : { method: 'connectTransport', fingerprints };
  },
  produce: (data) => {
    const kind = kindOf(data.kind);
    return kind && { method: 'produce', kind, rtpParameters: data.rtpParameters };
  },
  pauseProducer: (data) => producerRequest('pauseProducer', data),
  resumeProducer: (data) => producerRequest('resumeProducer', data),
  closeProducer: (data) => producerRequest('closeProducer', data),
  restartIce: () => ({ method: 'restartIce' }),
  keyframe: () => ({ method: 'keyframe' }),
  closeTransport: () => ({ method: 'closeTransport' }),
};

function producerRequest(
  method: 'pauseProducer' | 'resumeProducer' | 'closeProducer',
  data: Fields,
): SignalRequest | undefined {
  const producerId = idOf(data.producerId);
  return producerId === undefined ? undefined : { method, producerId };
}

function fingerprintOf(value: unknown): Fingerprint | undefined {
  const fields = fieldsOf(value);
  const algorithm = textOf(fields?.algorithm, 20);
  const digest = textOf(fields?.value, FINGERPRINT_CHARS_MAX);
  return algorithm === undefined || digest === undefined ? undefined : { algorithm, value: digest };
}

const kindOf = (value: unknown): 'audio' | 'video' | undefined =>
  value === 'audio' || value === 'video' ? value : undefined;

const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && ID_TEXT.test(value) ? value : undefined;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: no message.
    return undefined;
  }
}
