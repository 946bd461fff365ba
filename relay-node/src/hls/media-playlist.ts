/** Writes media playlists (draft-pantos-hls-rfc8216bis §4.4). Pure. */

import {
  HOLD_BACK_SECONDS,
  PART_HOLD_BACK_US,
  PART_US_MAX,
  SKIP_UNTIL_US,
  TARGET_SECONDS,
} from './limits.js';

/** A part as it is listed. */
export type ListedPart = {
  readonly uri: string;
  readonly durationUs: number;
  readonly isIndependent: boolean;
};

/** A segment as it is listed; the open one has no `uri` yet. */
export type ListedSegment = {
  readonly uri: string | undefined;
  readonly durationUs: number;
  /** Unix milliseconds. */
  readonly captureMs: number;
  readonly isDiscontinuity: boolean;
  /** It is not held: players pass over it. */
  readonly isGap: boolean;
  /** Of its initialisation segment. */
  readonly mapUri: string;
  /** Empty where only the whole segment is listed. */
  readonly parts: readonly ListedPart[];
};

/** How far another rendition has come. */
export type RenditionReport = {
  readonly uri: string;
  readonly lastSequence: number;
  readonly lastPart: number | undefined;
};

/** Everything that a playlist says. */
export type MediaPlaylist = {
  /** Number of the first segment, skipped ones included. */
  readonly firstSequence: number;
  /** Discontinuities that were removed before it. */
  readonly discontinuitySequence: number;
  /** Oldest first, without those skipped; the open one last. */
  readonly segments: readonly ListedSegment[];
  /** Segments before them that a delta update leaves out; 0 for a whole playlist. */
  readonly skippedCount: number;
  /** Each listed segment begins with a keyframe. */
  readonly isIndependent: boolean;
  /** The part that comes next; `undefined` when none does. */
  readonly hintUri: string | undefined;
  readonly reports: readonly RenditionReport[];
  /** The broadcast is over. */
  readonly isEnded: boolean;
};

const seconds = (timeUs: number): string => (timeUs / 1_000_000).toFixed(5);

const partLine = ({ uri, durationUs, isIndependent }: ListedPart): string =>
  `#EXT-X-PART:DURATION=${seconds(durationUs)},URI="${uri}"${isIndependent ? ',INDEPENDENT=YES' : ''}`;

/** Lines of segments that were written before: a window of hours is written often, and hardly changes. */
const written = new WeakMap<ListedSegment, string>();

function segmentText(segment: ListedSegment): string {
  const known = written.get(segment);
  if (known !== undefined) return known;
  const { uri, isGap, captureMs, durationUs, parts } = segment;
  const text = [
    `#EXT-X-PROGRAM-DATE-TIME:${new Date(captureMs).toISOString()}`,
    ...(isGap ? ['#EXT-X-GAP'] : []),
    ...parts.map(partLine),
    ...(uri === undefined ? [] : [`#EXTINF:${seconds(durationUs)},`, uri]),
  ].join('\n');
  written.set(segment, text);
  return text;
}

/** EXT-X-SKIP needs version 9, EXT-X-GAP 8, EXT-X-MAP 6 (clause 8). */
const versionOf = ({ skippedCount, segments }: MediaPlaylist): number =>
  skippedCount > 0 ? 9 : segments.some(({ isGap }) => isGap) ? 8 : 6;

const reportLine = ({ uri, lastSequence, lastPart }: RenditionReport): string =>
  `#EXT-X-RENDITION-REPORT:URI="${uri}",LAST-MSN=${lastSequence}${lastPart === undefined ? '' : `,LAST-PART=${lastPart}`}`;

/** The playlist's text. */
export function writeMediaPlaylist(playlist: MediaPlaylist): string {
  const { firstSequence, discontinuitySequence, segments, skippedCount, hintUri, reports } = playlist;
  const control = [
    'CAN-BLOCK-RELOAD=YES',
    `CAN-SKIP-UNTIL=${seconds(SKIP_UNTIL_US)}`,
    `HOLD-BACK=${seconds(HOLD_BACK_SECONDS * 1_000_000)}`,
    `PART-HOLD-BACK=${seconds(PART_HOLD_BACK_US)}`,
  ].join(',');
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${versionOf(playlist)}`,
    ...(playlist.isIndependent ? ['#EXT-X-INDEPENDENT-SEGMENTS'] : []),
    `#EXT-X-TARGETDURATION:${TARGET_SECONDS}`,
    `#EXT-X-SERVER-CONTROL:${control}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(PART_US_MAX)}`,
    `#EXT-X-MEDIA-SEQUENCE:${firstSequence}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuitySequence}`,
    ...(skippedCount > 0 ? [`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skippedCount}`] : []),
  ];
  let mapUri: string | undefined;
  for (const segment of segments) {
    if (segment.isDiscontinuity) lines.push('#EXT-X-DISCONTINUITY');
    if (segment.mapUri !== mapUri) lines.push(`#EXT-X-MAP:URI="${segment.mapUri}"`);
    lines.push(segmentText(segment));
    mapUri = segment.mapUri;
  }
  if (hintUri !== undefined) lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${hintUri}"`);
  for (const report of reports) lines.push(reportLine(report));
  if (playlist.isEnded) lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}
