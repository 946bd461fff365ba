/**
 * The channel's address in text: its public key in bech32m (BIP 350), whose checksum finds every mistake of up to
 * four characters and all but one in 10^9 of the others.
 */

import { bech32m } from '@scure/base';
import { assert } from '../assert.js';
import { KEY_BYTES } from '../limits.js';

/** What every address starts with, in front of bech32's separator `1`. */
export const ADDRESS_PREFIX = 'fr';

/** Characters of an address: prefix, separator, 52 of key, 6 of checksum. */
export const ADDRESS_LENGTH = 61;

/** The outcome of reading an address; `why` is one sentence for a person. */
export type AddressResult =
  | { readonly ok: true; readonly channelKey: Uint8Array }
  | { readonly ok: false; readonly why: string };

/** The address of a channel: 61 lower-case letters and digits. */
export function encodeAddress(channelKey: Uint8Array): string {
  assert(channelKey.length === KEY_BYTES, `a channel key has ${KEY_BYTES} bytes, not ${channelKey.length}`);
  return bech32m.encode(ADDRESS_PREFIX, bech32m.toWords(channelKey));
}

/** Reads an address and checks its checksum; upper case is taken as well, white space around it ignored. */
export function decodeAddress(text: string): AddressResult {
  const address = text.trim();
  if (!address.toLowerCase().startsWith(`${ADDRESS_PREFIX}1`))
    return { ok: false, why: `A channel address starts with "${ADDRESS_PREFIX}1"; this one does not.` };
  if (address.length !== ADDRESS_LENGTH) {
    const difference = address.length < ADDRESS_LENGTH ? 'short' : 'long';
    return {
      ok: false,
      why: `This channel address is too ${difference}: it has ${address.length} characters, not ${ADDRESS_LENGTH}. Copy the whole link again.`,
    };
  }
  const decoded = bech32m.decodeUnsafe(address.toLowerCase());
  const channelKey = decoded?.prefix === ADDRESS_PREFIX ? bech32m.fromWordsUnsafe(decoded.words) : undefined;
  if (!channelKey || channelKey.length !== KEY_BYTES)
    return { ok: false, why: 'This channel address has a wrong character in it. Copy the whole link again.' };
  return { ok: true, channelKey };
}
