/**
 * What a channel says about itself in the DHT: one mutable item (BEP 44), signed by the channel key, that names the relays
 * where the broadcast can be had. Its sequence number is the Unix millisecond at which it was made.
 */

import { assert } from '../assert.js';
import { asciiBytes, concatBytes } from '../bytes.js';
import type { DigestEffect } from '../identity/signing.js';
import { BROADCAST_MS_MAX, KEY_BYTES } from '../limits.js';
import type { WallMs } from '../time.js';
import {
  ITEM_AGE_MS_MAX,
  ITEM_AHEAD_MS_MAX,
  ITEM_BYTES_MAX,
  ITEM_ORIGIN_LENGTH_MAX,
  ITEM_RELAYS_MAX,
  ITEM_VERSION,
} from './limits.js';
import { canonicalOrigin } from './origin.js';

/**
 * The salt of the item, which keeps it apart from what other programs may store under the same key. It is what the signed
 * bytes begin with, so that the signature cannot pass for one of another statement of the channel's.
 */
export const ITEM_SALT: Uint8Array = asciiBytes('freshet');

/** What an item says. */
export type ChannelItem = {
  /** The newest epoch of the channel, a Unix millisecond; 0 when none has been. */
  readonly epoch: WallMs;
  /** Origins of relays in their only form, best first. */
  readonly relays: readonly string[];
};

/** What is to be thought of an item's sequence number. */
export type SequenceVerdict = 'fits' | 'malformed' | 'stale' | 'future';

/** Version, epoch in six bytes, number of relays. */
const HEAD_BYTES = 8;

const ANNOUNCE_PREFIX = asciiBytes('freshet relays v1\n');

/** The bytes of an item. Relays that are no origins are left out, and the last ones if there are too many. */
export function encodeItem({ epoch, relays }: ChannelItem): Uint8Array {
  assert(isEpoch(epoch), `an epoch is a Unix millisecond, not ${epoch}`);
  const named: Uint8Array[] = [];
  let byteLength = HEAD_BYTES;
  for (const origin of new Set(relays.map(canonicalOrigin))) {
    if (origin === undefined || origin.length > ITEM_ORIGIN_LENGTH_MAX) continue;
    if (named.length === ITEM_RELAYS_MAX || byteLength + 1 + origin.length > ITEM_BYTES_MAX) break;
    named.push(concatBytes(Uint8Array.of(origin.length), asciiBytes(origin)));
    byteLength += 1 + origin.length;
  }
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint8(0, ITEM_VERSION);
  view.setUint16(1, Math.floor(epoch / 2 ** 32));
  view.setUint32(3, epoch % 2 ** 32);
  view.setUint8(7, named.length);
  return concatBytes(head, ...named);
}

/** Reads an item; `undefined` for everything that {@link encodeItem} does not write. Never throws. */
export function decodeItem(bytes: Uint8Array): ChannelItem | undefined {
  if (bytes.length < HEAD_BYTES || bytes.length > ITEM_BYTES_MAX) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const epoch = view.getUint16(1) * 2 ** 32 + view.getUint32(3);
  const relayCount = view.getUint8(7);
  if (view.getUint8(0) !== ITEM_VERSION || !isEpoch(epoch) || relayCount > ITEM_RELAYS_MAX) return undefined;
  const relays = new Set<string>();
  let offset = HEAD_BYTES;
  for (let index = 0; index < relayCount; index++) {
    const end = offset + 1 + (bytes[offset] ?? 0);
    if (end > bytes.length) return undefined;
    const text = String.fromCharCode(...bytes.subarray(offset + 1, end));
    if (canonicalOrigin(text) !== text || relays.has(text)) return undefined;
    relays.add(text);
    offset = end;
  }
  return offset === bytes.length ? { epoch, relays: [...relays] } : undefined;
}

/** Whether an item with this number may be believed at the wall time `now`. Any number gets a verdict. */
export function judgeSequence(sequence: number, now: WallMs): SequenceVerdict {
  if (!Number.isSafeInteger(sequence) || sequence < 0) return 'malformed';
  if (sequence > now + ITEM_AHEAD_MS_MAX) return 'future';
  return sequence < now - ITEM_AGE_MS_MAX ? 'stale' : 'fits';
}

/** Whether an item replaces another: it does if it was made later. Everything replaces none. */
export function isNewerSequence(sequence: number, current: number | undefined): boolean {
  return current === undefined || sequence > current;
}

/**
 * The number for an item made at `now`, above a `known` one of the same channel even if this clock has gone back since. A
 * known one from far in the future is passed over: readers refuse it, and it is forgotten two hours after its last store.
 */
export function nextSequence(now: WallMs, known: number | undefined): number {
  if (known === undefined || judgeSequence(known, now) !== 'fits') return now;
  return Math.max(now, known + 1);
}

/** The 20 bytes under which relays announce in the DHT that they carry the channel. */
export function announceHashOf(channelKey: Uint8Array, digest: DigestEffect): Uint8Array {
  assert(channelKey.length === KEY_BYTES, `a channel key has ${KEY_BYTES} bytes, not ${channelKey.length}`);
  return digest(concatBytes(ANNOUNCE_PREFIX, channelKey)).slice(0, 20);
}

function isEpoch(epoch: number): epoch is WallMs {
  return Number.isSafeInteger(epoch) && epoch >= 0 && epoch <= BROADCAST_MS_MAX;
}
