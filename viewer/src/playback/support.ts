/** What this browser can play. */

import type { PlaybackMeans } from '../rendition-choice.js';

/** The `MediaSource` constructor to use, and whether it is the managed kind (iPhone). */
export type MediaSourceSupport = { readonly constructor: typeof MediaSource; readonly isManaged: boolean };

/**
 * The media source of this browser; `undefined` when it has none. The plain one is preferred: the managed one may
 * evict what was buffered at any time, and is there for phones that have nothing else.
 */
export const findMediaSource = (): MediaSourceSupport | undefined => {
  if (typeof MediaSource === 'function') return { constructor: MediaSource, isManaged: false };
  // Not in TypeScript's DOM library: Safari 17.1 and newer.
  const managed = (globalThis as { readonly ManagedMediaSource?: typeof MediaSource }).ManagedMediaSource;
  return managed === undefined ? undefined : { constructor: managed, isManaged: true };
};

/** Browsers state no more than this many Mbit/s, whatever the connection brings. */
const DOWNLINK_MBPS_CAP = 10;

/** What this browser can play, and what it says of its connection (Network Information API; many say nothing). */
export const browserMeans = (): PlaybackMeans => {
  const { connection } = navigator as { readonly connection?: { readonly downlink?: number } };
  const mbps = connection?.downlink;
  const support = findMediaSource();
  return {
    canPlay: (mimeType) => support?.constructor.isTypeSupported(mimeType) ?? true,
    downlinkBps: mbps !== undefined && mbps < DOWNLINK_MBPS_CAP ? mbps * 1e6 : undefined,
  };
};

/**
 * True where sound is better played beside the picture than with it: in Chromium, whose audio renderer costs the
 * picture more than 60 ms. Not where one media source is all that a phone grants.
 */
export const playsSoundApart = (support: MediaSourceSupport): boolean =>
  !support.isManaged &&
  'requestVideoFrameCallback' in HTMLVideoElement.prototype &&
  // Only Chromium has user agent client hints, and those only in secure contexts; this is its other mark.
  'chrome' in globalThis;
