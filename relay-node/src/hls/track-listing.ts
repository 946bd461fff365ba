/** What a rendition's playlists list of the segments and parts that are held. */

import { fileNames, type PlaylistScope } from './hls-path.js';
import { LIVE_WINDOW_US, SKIP_UNTIL_US } from './limits.js';
import type { ListedSegment, MediaPlaylist, RenditionReport } from './media-playlist.js';
import type { CutPart, SegmentStart } from './segment-cutter.js';
import type { SegmentInfo } from './segment-store.js';

/** A part in memory, with the number that its name has. */
export type HeldPart = CutPart & { readonly number: number };

/** A finished segment; its bytes are in memory, in the store, or nowhere. */
export type HeldSegment = {
  readonly info: SegmentInfo;
  /** In memory for as long as they are listed, then empty. */
  parts: readonly HeldPart[];
  readonly partCount: number;
  bytes: Uint8Array | undefined;
  /** As it was last listed: a long window is listed often, and changes only at its ends. */
  listed: ListedSegment | undefined;
};

/** The segment that is being filled. */
export type OpenSegment = {
  readonly start: SegmentStart;
  readonly epoch: number;
  readonly parts: HeldPart[];
};

/** What there is to list. */
export type TrackView = {
  /** Names this run of the program, in the parts' names. */
  readonly run: number;
  /** Oldest first, without a jump in their numbers. */
  readonly segments: readonly HeldSegment[];
  readonly open: OpenSegment | undefined;
  /** Number of the open segment, or of the one that comes next. */
  readonly nextSequence: number;
  readonly nextPart: number;
  readonly discontinuityCount: number;
  readonly isEnded: boolean;
  /** Whether a segment that is not in memory can be read. */
  readonly isStored: (sequence: number) => boolean;
};

/** What is asked for. */
export type ListOptions = {
  readonly scope: PlaylistScope;
  /** Leaves out what is older than the skip boundary (clause 6.2.5.1). */
  readonly isDelta: boolean;
  readonly reports: readonly RenditionReport[];
};

/** The playlist that says so. */
export function listTrack(view: TrackView, { scope, isDelta, reports }: ListOptions): MediaPlaylist {
  const { run, open, segments, nextSequence, nextPart, discontinuityCount, isEnded } = view;
  const held = scope === 'window' ? segments : segments.slice(liveFrom(segments));
  const first = held[0]?.info;
  const skippedCount = isDelta ? countSkipped(held, open) : 0;
  const listed = held.slice(skippedCount).map((segment) => listSegment(segment, view));
  // Without a part there is nothing to say of it yet.
  if (open && open.parts.length > 0) listed.push(listOpen(open, run));
  return {
    firstSequence: first?.sequence ?? nextSequence,
    discontinuitySequence:
      (first?.discontinuityCount ?? discontinuityCount) - (first?.isDiscontinuity ? 1 : 0),
    segments: listed,
    skippedCount,
    isIndependent: held.every(({ info }) => info.isIndependent) && open?.start.isIndependent !== false,
    hintUri: isEnded ? undefined : fileNames.part(run, nextPart),
    reports,
    isEnded,
  };
}

/** Index of the first segment of the live playlist. */
function liveFrom(segments: readonly HeldSegment[]): number {
  let listedUs = 0;
  for (let index = segments.length - 1; index >= 0; index--) {
    listedUs += segments[index]?.info.durationUs ?? 0;
    if (listedUs > LIVE_WINDOW_US) return Math.min(index + 1, segments.length - 1);
  }
  return 0;
}

/** Segments after which there is more than the skip boundary. */
function countSkipped(held: readonly HeldSegment[], open: OpenSegment | undefined): number {
  let laterUs = open?.parts.reduce((sum, { durationUs }) => sum + durationUs, 0) ?? 0;
  for (let index = held.length - 1; index >= 0; index--) {
    if (laterUs >= SKIP_UNTIL_US) return index + 1;
    laterUs += held[index]?.info.durationUs ?? 0;
  }
  return 0;
}

function listSegment(segment: HeldSegment, { run, isStored }: TrackView): ListedSegment {
  const { info, parts, bytes, listed } = segment;
  const { sequence, captureMs, durationUs, isDiscontinuity, epoch } = info;
  const isGap = bytes === undefined && !isStored(sequence);
  if (listed?.isGap === isGap && listed.parts.length === parts.length) return listed;
  segment.listed = {
    uri: fileNames.segment(sequence, captureMs),
    durationUs,
    captureMs,
    isDiscontinuity,
    isGap,
    mapUri: fileNames.map(epoch),
    parts: listParts(parts, run),
  };
  return segment.listed;
}

function listOpen({ start, epoch, parts }: OpenSegment, run: number): ListedSegment {
  return {
    uri: undefined,
    durationUs: 0,
    captureMs: start.captureMs,
    isDiscontinuity: start.isDiscontinuity,
    isGap: false,
    mapUri: fileNames.map(epoch),
    parts: listParts(parts, run),
  };
}

function listParts(parts: readonly HeldPart[], run: number): ListedSegment['parts'] {
  return parts.map(({ number, durationUs, isIndependent }) => ({
    uri: fileNames.part(run, number),
    durationUs,
    isIndependent,
  }));
}
