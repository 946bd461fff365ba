/**
 * Links that people share: `https://host/watch/<channel>` for a browser and `freshet:<channel>?relay=...` for
 * apps. Parsed without the platform's URL class, which the core does not have.
 */

import { CATALOG_RELAYS_MAX, URL_LENGTH_MAX } from '../limits.js';
import { decodeAddress, encodeAddress } from './address.js';
import { decodeEdgeAddress, edgeUrl } from './edge-address.js';

/** A channel and where it may be found. */
export type ChannelLink = {
  readonly channelKey: Uint8Array;
  /** Origins of relays, `https://host[:port]`, without a path, and edge addresses. May be empty. */
  readonly relays: readonly string[];
};

/** The outcome of reading a link; `why` is one sentence for a person. */
export type LinkResult =
  | { readonly ok: true; readonly link: ChannelLink }
  | { readonly ok: false; readonly why: string };

const ORIGIN = /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i;

/** Whether the text is an origin, `http(s)://host[:port]`: what a relay's address looks like. */
export function isRelayOrigin(text: string): boolean {
  return text.length <= URL_LENGTH_MAX && ORIGIN.test(text);
}

/** Whether the text is where a viewer reaches a relay: an origin, or an edge address (`udp://...`) for WebRTC. */
export function isRelayAddress(text: string): boolean {
  return isRelayOrigin(text) || decodeEdgeAddress(text).ok;
}

/** The page that plays the channel through the relay at `origin`. */
export function watchLink(origin: string, channelKey: Uint8Array): string {
  return `${origin}/watch/${encodeAddress(channelKey)}`;
}

/** The address of the link that serves the channel at a relay: a WebSocket's for an origin, an edge's for an edge address. */
export function socketUrl(origin: string, channelKey: Uint8Array): string {
  if (/^udp:/i.test(origin)) return edgeUrl(origin, channelKey);
  return `${origin.replace(/^http/i, 'ws')}/channel/${encodeAddress(channelKey)}`;
}

/** The link for apps, with every known relay. */
export function appLink(link: ChannelLink): string {
  const query = link.relays.map((relay) => `relay=${encodeURIComponent(relay)}`).join('&');
  return `freshet:${encodeAddress(link.channelKey)}${query === '' ? '' : `?${query}`}`;
}

/** Reads either form of link, or a bare channel address. Any text gives a result, never a throw. */
export function parseLink(text: string): LinkResult {
  const trimmed = text.trim();
  if (trimmed.length > URL_LENGTH_MAX * 4) return { ok: false, why: 'This link is too long to be one.' };
  if (/^https?:/i.test(trimmed)) return parseWatchLink(trimmed);
  const withoutScheme = trimmed.replace(/^freshet:(\/\/)?/i, '').replace(/#.*$/s, '');
  const [address = '', query = ''] = splitOnce(withoutScheme, '?');
  return linkOf(address.replace(/\/$/, ''), parseRelays(query));
}

function parseWatchLink(text: string): LinkResult {
  const match = /^(https?:\/\/[^/?#]+)\/(?:watch|embed)\/([^/?#]*)\/?(?:\?([^#]*))?(?:#.*)?$/i.exec(text);
  const [, origin = '', address = '', query = ''] = match ?? [];
  if (!match || !isRelayOrigin(origin))
    return { ok: false, why: 'This is not a watch link: it should look like https://host/watch/fr1...' };
  return linkOf(address, [origin.toLowerCase(), ...parseRelays(query)]);
}

function linkOf(address: string, relays: readonly string[]): LinkResult {
  const decoded = decodeAddress(address);
  if (!decoded.ok) return decoded;
  const unique = [...new Set(relays)].slice(0, CATALOG_RELAYS_MAX);
  return { ok: true, link: { channelKey: decoded.channelKey, relays: unique } };
}

/** The `relay` values of a query that are addresses of relays; the rest is ignored. */
function parseRelays(query: string): string[] {
  return query
    .split('&')
    .map((part) => splitOnce(part, '='))
    .filter(([name]) => name === 'relay')
    .map(([, value = '']) => decodeText(value).replace(/\/$/, ''))
    .filter(isRelayAddress);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
