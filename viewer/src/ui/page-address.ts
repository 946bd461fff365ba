/** Reads the address of the watch page and the `relay` attribute. Pure. */

import { isRelayAddress, Limits } from '@freshet/proto';

/** What a page's address asks for. */
export type PageAddress = {
  readonly channel: string;
  /** Where the channel may be found, best first. */
  readonly relays: readonly string[];
  /** The player's `upload` attribute. */
  readonly upload: string | null;
  /** The player's `relay-only` attribute. */
  readonly isRelayOnly: boolean;
};

/**
 * Reads `https://host/watch/<channel>?relay=...&upload=...&relay-only`: the channel is the last segment of the path, the relays are the page's
 * own origin and then the `relay` values. What is no origin is left out, what is too many is cut; the channel is
 * given as it stands, for the feed to judge.
 */
export const readPageAddress = (href: string): PageAddress => {
  const url = new URL(href);
  const segment = url.pathname.split('/').filter(Boolean).at(-1) ?? '';
  return {
    channel: decodeSegment(segment),
    relays: cleanRelays([url.origin, ...url.searchParams.getAll('relay')]),
    upload: url.searchParams.get('upload'),
    isRelayOnly: url.searchParams.has('relay-only'),
  };
};

/** Reads the `relay` attribute: addresses with white space between them; any path on them is ignored. */
export const readRelayAttribute = (text: string | null): readonly string[] =>
  cleanRelays((text ?? '').split(/\s+/).map(originOf));

/** The link to pass on: the watch page at the first relay; `here` where no relay is named. */
export const shareLinkFor = (channel: string, relays: readonly string[], here: string): string => {
  if (/^https?:/i.test(channel)) return channel;
  const relay = relays.find((address) => /^https?:/i.test(address));
  return relay === undefined ? here : `${relay}/watch/${encodeURIComponent(channel)}`;
};

const cleanRelays = (texts: readonly string[]): readonly string[] => {
  const origins = texts.map((text) => text.trim().replace(/\/+$/, '')).filter(isRelayAddress);
  return [...new Set(origins)].slice(0, Limits.CATALOG_RELAYS_MAX);
};

const originOf = (text: string): string => {
  // Of an edge address all of it counts.
  if (/^udp:/i.test(text)) return text;
  try {
    return new URL(text).origin;
  } catch {
    // Not an address: `isRelayAddress` refuses the empty text.
    return '';
  }
};

const decodeSegment = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray percent sign: the feed says what is wrong with the channel.
    return segment;
  }
};
