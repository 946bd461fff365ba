import { SocketAddress } from 'node:net';

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
