/** Makes addresses of people unreadable in a log, and still the same address the same word for a day. */

import { createHmac } from 'node:crypto';
import { BlockList, isIP } from 'node:net';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Characters of the hash that are kept: enough to tell apart who is attached in a day. */
const HASH_CHARS = 10;

// Not behind "//" or "@", where the address is a machine's that was chosen, such as a parent relay's; not inside a longer word.
const CANDIDATE =
  /(?<![\w./@:[-])(?:(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?)(?![\w-]|\.\d)/gi;

/** This machine's own addresses tell nothing about anybody. */
const OWN = new BlockList();
OWN.addSubnet('127.0.0.0', 8, 'ipv4');
OWN.addAddress('0.0.0.0', 'ipv4');
OWN.addAddress('::1', 'ipv6');
OWN.addAddress('::', 'ipv6');

/** What a redactor needs from outside. */
export type RedactorOptions = {
  /** Unix milliseconds. */
  readonly nowMs: () => number;
  /** A new secret of at least 16 bytes at each call. It is kept in memory only, so yesterday's words lead nowhere. */
  readonly createKey: () => Uint8Array;
};

/** Gives the function that replaces each IP address in a text by `ip-` and a keyed hash; the key is new every day. */
export function createAddressRedactor(options: RedactorOptions): (text: string) => string {
  let day = -1;
  let key: Uint8Array = new Uint8Array(0);
  return (text) => {
    const today = Math.floor(options.nowMs() / DAY_MS);
    if (today !== day) {
      day = today;
      key = options.createKey();
    }
    return text.replace(CANDIDATE, (address) => {
      const family = isIP(address);
      if (family === 0 || OWN.check(address, family === 4 ? 'ipv4' : 'ipv6')) return address;
      const hash = createHmac('sha256', key).update(address.toLowerCase()).digest('base64url');
      return `ip-${hash.slice(0, HASH_CHARS)}`;
    });
  };
}
