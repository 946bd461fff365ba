/** Internet addresses in text, without the platform's help: their bytes, whether they are public, and their network. */

/** First bytes that make an address not public, and how many bits of them count. */
type Range = { readonly prefix: readonly number[]; readonly bits: number };

/** IPv4 that is no single host of the public internet (RFC 6890 and its updates). */
const IPV4_SPECIAL: readonly Range[] = [
  { prefix: [0], bits: 8 },
  { prefix: [10], bits: 8 },
  { prefix: [100, 64], bits: 10 },
  { prefix: [127], bits: 8 },
  { prefix: [169, 254], bits: 16 },
  { prefix: [172, 16], bits: 12 },
  { prefix: [192, 0, 0], bits: 24 },
  { prefix: [192, 0, 2], bits: 24 },
  { prefix: [192, 88, 99], bits: 24 },
  { prefix: [192, 168], bits: 16 },
  { prefix: [198, 18], bits: 15 },
  { prefix: [198, 51, 100], bits: 24 },
  { prefix: [203, 0, 113], bits: 24 },
  { prefix: [224], bits: 4 },
  { prefix: [240], bits: 4 },
];

/** All IPv6 that is given to hosts of the public internet so far. */
const IPV6_GLOBAL: Range = { prefix: [0x20], bits: 3 };

/** Within it: Teredo and 6to4, which lead to an IPv4 address, and documentation. */
const IPV6_SPECIAL: readonly Range[] = [
  { prefix: [0x20, 0x01, 0x00, 0x00], bits: 32 },
  { prefix: [0x20, 0x01, 0x0d, 0xb8], bits: 32 },
  { prefix: [0x20, 0x02], bits: 16 },
  { prefix: [0x3f, 0xff, 0x00], bits: 20 },
];

/** `::ffff:a.b.c.d`: an IPv4 address written as an IPv6 one. */
const IPV4_MAPPED: Range = { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], bits: 96 };

/** The four bytes of `a.b.c.d` in decimals without leading zeros; `undefined` for any other text. */
export function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

/** The sixteen bytes of an IPv6 address without brackets and zone; `undefined` for any other text. */
export function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (text.length > 45 || halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : bytesOfGroups(half.split(':'))));
  if (!head) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  if (!tail || head.length + tail.length > 14) return undefined;
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

/** Whether four bytes are the address of a host in the public internet. */
export function isPublicIpv4(bytes: readonly number[]): boolean {
  return !IPV4_SPECIAL.some((range) => isWithin(bytes, range));
}

/** Whether sixteen bytes are the address of a host in the public internet. */
export function isPublicIpv6(bytes: readonly number[]): boolean {
  if (isWithin(bytes, IPV4_MAPPED)) return isPublicIpv4(bytes.slice(12));
  return isWithin(bytes, IPV6_GLOBAL) && !IPV6_SPECIAL.some((range) => isWithin(bytes, range));
}

/** The /24 of an IPv4 address or the /48 of an IPv6 one, which one tenant often has; a name is a network of its own. */
export function smallNetworkOf(host: string): string {
  const ipv4 = parseIpv4(host);
  if (ipv4) return ipv4.slice(0, 3).join('.');
  const ipv6 = parseIpv6(host.replace(/^\[|\]$/g, ''));
  if (!ipv6) return host;
  if (isWithin(ipv6, IPV4_MAPPED)) return ipv6.slice(12, 15).join('.');
  return ipv6
    .slice(0, 6)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

function isWithin(bytes: readonly number[], { prefix, bits }: Range): boolean {
  return prefix.every((byte, index) => {
    const bitsHere = Math.min(8, bits - index * 8);
    const mask = (0xff << (8 - bitsHere)) & 0xff;
    return ((bytes[index] ?? 0) & mask) === (byte & mask);
  });
}

/** Groups of one side of `::`; the last may be an IPv4 address. Empty when one is malformed and the whole cannot be right. */
function bytesOfGroups(groups: readonly string[]): number[] | undefined {
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    const ipv4 = index === groups.length - 1 ? parseIpv4(group) : undefined;
    if (ipv4) bytes.push(...ipv4);
    else if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return bytes;
}
