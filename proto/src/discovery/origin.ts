/** Origins of relays as strangers name them: one form for each, and whether they lie in the public internet. */

import { isRelayOrigin } from '../identity/link.js';
import { isPublicIpv4, isPublicIpv6, parseIpv4, parseIpv6 } from './ip-address.js';

const PARTS = /^(https?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)(?::(\d{1,5}))?$/;

/** Last labels of names that mean something within one house or machine only (RFC 6761, 6762, 8375), or nothing. */
const HOME_LABELS: readonly string[] = [
  'localhost',
  'local',
  'localdomain',
  'internal',
  'lan',
  'home',
  'arpa',
  'test',
  'invalid',
];

/** A relay's origin in its only form: lower case, no default port. `undefined` for what is no origin, or names no host. */
export function canonicalOrigin(text: string): string | undefined {
  if (!isRelayOrigin(text)) return undefined;
  const match = PARTS.exec(text.toLowerCase());
  const [, scheme = '', host = '', digits] = match ?? [];
  if (!match || !isHost(host)) return undefined;
  const portDefault = scheme === 'https' ? 443 : 80;
  const port = digits === undefined ? portDefault : Number(digits);
  if (port < 1 || port > 65_535) return undefined;
  return `${scheme}://${host}${port === portDefault ? '' : `:${port}`}`;
}

/**
 * Whether an origin in its only form may be a relay for everybody: an address of the public internet, or a name that is not
 * made for one house. What a name resolves to is not known here.
 */
export function isPublicOrigin(origin: string): boolean {
  const host = PARTS.exec(origin)?.[2];
  return host !== undefined && isPublicHost(host);
}

/** Whether a host (a name, an IPv4 address, an IPv6 address with or without brackets) is one of the public internet. */
export function isPublicHost(host: string): boolean {
  const ipv4 = parseIpv4(host);
  if (ipv4) return isPublicIpv4(ipv4);
  if (host.includes(':')) {
    const ipv6 = parseIpv6(host.replace(/^\[|\]$/g, ''));
    return ipv6 !== undefined && isPublicIpv6(ipv6);
  }
  const labels = host.toLowerCase().split('.');
  return labels.length > 1 && isHost(host.toLowerCase()) && !HOME_LABELS.includes(labels.at(-1) ?? '');
}

/** The origin of a relay that serves without TLS at an address and port; `undefined` where there cannot be one. */
export function plainOriginOf(host: string, port: number): string | undefined {
  return canonicalOrigin(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
}

/**
 * A host that dialling cannot read otherwise: URL parsers take `127.1` and `0x7f000001` for IPv4 addresses, so a name
 * must not end with a number.
 */
function isHost(host: string): boolean {
  if (host.startsWith('[')) return parseIpv6(host.slice(1, -1)) !== undefined;
  if (parseIpv4(host)) return true;
  const labels = host.split('.');
  return (
    labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label)) &&
    !/^(0x[0-9a-f]*|[0-9]+)$/.test(labels.at(-1) ?? '')
  );
}
