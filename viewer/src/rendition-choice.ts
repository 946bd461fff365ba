/** Which rendition a viewer plays. Pure. */

import type { Rendition } from '@freshet/proto';

/** What this device can do. */
export type PlaybackMeans = {
  readonly canPlay: (mimeType: string) => boolean;
  /** Bits per second that the connection is thought to bring; `undefined` when nobody knows. */
  readonly downlinkBps: number | undefined;
};

/** Part of the connection that the stream may take: the rest is for its own bursts, and for others. */
const DOWNLINK_SHARE = 0.8;

/**
 * The best one that can be played and that the connection brings; the smallest if it brings none; sound alone only
 * where no picture can be played. With nothing that can be played it is the first, and the player says so.
 */
export const chooseRendition = (
  renditions: readonly Rendition[],
  means: PlaybackMeans,
): Rendition | undefined => {
  const playable = renditions.filter(({ mimeType }) => means.canPlay(mimeType));
  const pictures = playable.filter(({ height }) => height > 0);
  const candidates = pictures.length > 0 ? pictures : playable;
  const limit = (means.downlinkBps ?? Number.POSITIVE_INFINITY) * DOWNLINK_SHARE;
  return candidates.find(({ bitrate }) => bitrate <= limit) ?? candidates.at(-1) ?? renditions[0];
};
