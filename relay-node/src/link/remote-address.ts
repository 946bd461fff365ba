import { type BlockList, isIP, SocketAddress } from 'node:net';

const MAPPED_PREFIX = '::ffff:';

/** An IP address in text, in its shortest form: an IPv4 address that came in through IPv6 is written as IPv4. */
export const shortAddress = (text: string): string => {
  const plain = text.toLowerCase();
  return plain.startsWith(MAPPED_PREFIX) && plain.includes('.') ? plain.slice(MAPPED_PREFIX.length) : plain;
};

/** The same for an address in binary (4 or 16 bytes); the empty string for any other length. */
export const addressFromBytes = (bytes: Uint8Array): string => {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return '';
  const isMapped = bytes.every((byte, index) => index >= 12 || byte === (index < 10 ? 0 : 0xff));
  if (isMapped) return bytes.subarray(12).join('.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const words = Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2).toString(16));
  return new SocketAddress({ address: words.join(':'), family: 'ipv6' }).address;
};

/** Longest `X-Forwarded-For` that is looked at; of a longer one the proxy's own address is taken. */
const FORWARDED_CHARS_MAX = 1_000;

/**
 * Who is at the other end, `peer` being the address that the connection comes from. From a trusted proxy it is the
 * last address in `X-Forwarded-For` that is not a trusted proxy itself: the ones before it anybody may have written.
 */
export const clientAddress = (
  peer: string,
  forwardedFor: string | undefined,
  trusted: BlockList | undefined,
): string => {
  if (trusted === undefined || forwardedFor === undefined || forwardedFor.length > FORWARDED_CHARS_MAX)
    return peer;
  const isTrusted = (address: string): boolean => {
    const family = isIP(address);
    return family !== 0 && trusted.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
  let last = peer;
  for (const entry of forwardedFor.split(',').reverse()) {
    if (!isTrusted(last)) break;
    const address = shortAddress(entry.trim());
    if (isIP(address) === 0) break;
    last = address;
  }
  return last;
};
