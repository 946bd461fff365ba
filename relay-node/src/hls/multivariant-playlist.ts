/** Writes the multivariant playlist (draft-pantos-hls-rfc8216bis §4.4.6). Pure. */

import { Limits, type Rendition } from '@freshet/proto';

/** One rendition, and what was measured of it. */
export type Variant = {
  readonly rendition: Rendition;
  /** Highest bit rate of a segment so far, 0 when none is known. */
  readonly peakBitrate: number;
  /** Of its media playlist. */
  readonly uri: string;
};

/** Codecs as the catalog's MIME type names them, in characters that cannot end the attribute. */
function codecsOf({ mimeType }: Rendition): string | undefined {
  return /codecs="([\w.,+ -]{1,200})"/.exec(mimeType)?.[1];
}

function variantLines({ rendition, peakBitrate, uri }: Variant): string[] {
  const { bitrate, width, height, frameRateMilli } = rendition;
  // BANDWIDTH is the peak of a segment (clause 4.4.6.2), announced is an average.
  const bandwidth = Math.max(peakBitrate, Math.ceil(bitrate * 1.25)) || Limits.BITRATE_DEFAULT;
  const codecs = codecsOf(rendition);
  const attributes = [
    `BANDWIDTH=${Math.ceil(bandwidth)}`,
    ...(bitrate > 0 ? [`AVERAGE-BANDWIDTH=${Math.ceil(bitrate)}`] : []),
    ...(codecs === undefined ? [] : [`CODECS="${codecs}"`]),
    ...(width > 0 && height > 0 ? [`RESOLUTION=${width}x${height}`] : []),
    ...(frameRateMilli > 0 ? [`FRAME-RATE=${(frameRateMilli / 1000).toFixed(3)}`] : []),
  ];
  return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, uri];
}

/** The playlist's text; variants in the catalog's order, best first. */
export function writeMultivariantPlaylist(variants: readonly Variant[]): string {
  return `${['#EXTM3U', '#EXT-X-VERSION:6', ...variants.flatMap(variantLines)].join('\n')}\n`;
}
