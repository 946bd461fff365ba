/** One rendition as HLS: its segments and parts over all epochs, and what its playlists list. */

import {
  ChunkAssembler,
  concatBytes,
  Limits,
  type MediaChunk,
  monoMs,
  type Piece,
  type Rendition,
} from '@freshet/proto';
import type { PlaylistScope } from './hls-path.js';
import {
  AHEAD_PARTS_MAX,
  AHEAD_SEGMENTS_MAX,
  GAP_SEGMENTS_MAX,
  GRACE_US,
  LIVE_SEGMENTS_MAX,
  LIVE_WINDOW_BYTES_MAX,
  LIVE_WINDOW_US,
  PARTS_LISTED_US,
  PATIENCE_MS,
  TARGET_SECONDS,
  WINDOW_SEGMENTS_MAX,
} from './limits.js';
import type { MediaPlaylist, RenditionReport } from './media-playlist.js';
import { type CutEvent, type CutPart, SegmentCutter, type SegmentStart } from './segment-cutter.js';
import type { RenditionRun, SegmentInfo, SegmentStore } from './segment-store.js';
import { type HeldPart, type HeldSegment, listTrack, type OpenSegment } from './track-listing.js';

/** What a track is made of. */
export type HlsTrackOptions = {
  readonly renditionId: number;
  /** Names this run of the program, in the parts' names: Unix milliseconds. */
  readonly run: number;
  /** Number of the first segment, unless the store goes on with its own. */
  readonly firstSequence: number;
  readonly store: SegmentStore | undefined;
  /** Discontinuities that the other renditions had before, so that all count alike (clause 6.2.4). */
  readonly discontinuityCount: number;
  /** The first segment begins a new epoch, which is one more in all of them. */
  readonly isAfterBreak: boolean;
};

/** Where a playlist request stands to what there is. */
export type Reach = 'held' | 'ahead' | 'too-far';

/** Takes the pieces of one rendition and lists what becomes of them. */
export class HlsTrack {
  readonly #options: HlsTrackOptions;
  readonly #segments: HeldSegment[] = [];
  readonly #runs = new Map<number, Rendition>();
  #open: OpenSegment | undefined;
  #nextSequence: number;
  #nextPart = 0;
  #discontinuityCount = 0;
  /** There were segments before: the next break is a discontinuity. */
  #hasBegun = false;
  #run: RenditionRun | undefined;
  #assembler: ChunkAssembler | undefined;
  #cutter: SegmentCutter | undefined;
  #isEnded = false;
  #version = 0;
  #peakBitrate = 0;

  constructor(options: HlsTrackOptions) {
    this.#options = options;
    this.#nextSequence = options.firstSequence;
    this.#discontinuityCount = options.discontinuityCount;
    this.#hasBegun = options.isAfterBreak;
    this.#restore();
  }

  /** Rises with every change of what the playlists say. */
  get version(): number {
    return this.#version;
  }

  /** The newest description of the rendition. */
  get rendition(): Rendition | undefined {
    return this.#run?.rendition;
  }

  /** Highest bit rate of a segment so far. */
  get peakBitrate(): number {
    return this.#peakBitrate;
  }

  /** Discontinuities so far. */
  get discontinuityCount(): number {
    return this.#discontinuityCount;
  }

  /** There is a finished segment to list. */
  get hasSegments(): boolean {
    return this.#segments.length > 0;
  }

  /** The broadcast is over: nothing more comes in this run of it. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Bytes of segments and parts in memory. */
  get heldBytes(): number {
    const open = this.#open?.parts.reduce((sum, { bytes }) => sum + bytes.length, 0) ?? 0;
    return this.#segments.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), open);
  }

  /** The rendition as the catalog of an epoch describes it. A new epoch ends what was open. */
  begin(run: RenditionRun): void {
    if (this.#isEnded) this.#version++;
    this.#isEnded = false;
    const isNew = this.#run?.epoch !== run.epoch;
    this.#run = run;
    this.#runs.set(run.epoch, run.rendition);
    if (isNew || !this.#assembler) {
      this.pause();
      this.#assembler = new ChunkAssembler(PATIENCE_MS);
      this.#cutter = new SegmentCutter();
    }
  }

  /** The source is gone for now: what is open ends. */
  pause(): void {
    this.#take(this.#cutter?.finish() ?? []);
  }

  /** The broadcast is over: what is open ends, and the playlists say so. */
  end(): void {
    if (this.#isEnded) return;
    this.pause();
    this.#isEnded = true;
    this.#version++;
  }

  /** Nobody asks any more: forgets the media, keeps the numbers. Pieces are taken again after {@link begin}. */
  letGo(): void {
    this.#segments.length = 0;
    this.#open = undefined;
    this.#assembler = undefined;
    this.#cutter = undefined;
    this.#version++;
  }

  /** Takes a verified piece of this rendition. Those of another epoch are ignored. */
  addPiece(piece: Piece, nowMs: number): void {
    const assembler = this.#assembler;
    if (!assembler || piece.header.epoch !== this.#run?.epoch) return;
    const now = monoMs(nowMs);
    assembler.add(piece);
    for (let chunk = assembler.poll(now); chunk; chunk = assembler.poll(now)) this.#addChunk(chunk);
  }

  /** How far a request for a segment, or a part of it, is from what there is (clause 6.2.5.2). */
  reach(sequence: number, part: number | undefined): Reach {
    const next = this.#nextSequence;
    const openParts = this.#open?.parts.length ?? 0;
    if (sequence < next) {
      const isLast = sequence === next - 1;
      const partCount = this.#segments.at(-1)?.partCount ?? 0;
      // A part beyond the segment's last one is the first of the next segment.
      if (!isLast || part === undefined || part < partCount || openParts > 0) return 'held';
      return part > partCount + AHEAD_PARTS_MAX ? 'too-far' : 'ahead';
    }
    if (sequence > next - 1 + AHEAD_SEGMENTS_MAX) return 'too-far';
    if (part === undefined) return 'ahead';
    const partsThere = sequence === next ? openParts : 0;
    if (part < partsThere) return 'held';
    return part >= partsThere + AHEAD_PARTS_MAX ? 'too-far' : 'ahead';
  }

  /** The initialisation segment of an epoch. */
  mapOf(epoch: number): Uint8Array | undefined {
    return this.#runs.get(epoch)?.initSegment;
  }

  /** A segment's bytes, from memory or from the store. */
  async segmentBytes(sequence: number, captureMs: number): Promise<Uint8Array | undefined> {
    const first = this.#segments[0];
    const segment = first && this.#segments[sequence - first.info.sequence];
    if (segment?.info.captureMs !== captureMs) return undefined;
    return segment.bytes ?? this.#options.store?.read(this.#options.renditionId, sequence);
  }

  /** A part's bytes; whether it is the next one to come, or can never come. */
  part(run: number, number: number): Uint8Array | 'next' | 'too-far' | undefined {
    if (run !== this.#options.run) return undefined;
    if (number > this.#nextPart) return 'too-far';
    if (number === this.#nextPart) return this.#isEnded ? undefined : 'next';
    const isWanted = (part: HeldPart): boolean => part.number === number;
    for (let index = this.#segments.length - 1; index >= 0; index--) {
      const parts = this.#segments[index]?.parts ?? [];
      if (parts.length === 0) break;
      const found = parts.find(isWanted);
      if (found) return found.bytes;
    }
    return this.#open?.parts.find(isWanted)?.bytes;
  }

  /** How far it has come, for the playlists of others. */
  report(uri: string): RenditionReport {
    const parts = this.#open?.parts.length ?? 0;
    if (parts > 0) return { uri, lastSequence: this.#nextSequence, lastPart: parts - 1 };
    const lastPart = (this.#segments.at(-1)?.partCount ?? 0) - 1;
    return { uri, lastSequence: this.#nextSequence - 1, lastPart: lastPart < 0 ? undefined : lastPart };
  }

  /** What a playlist says now. `isDelta` leaves out what is older than the skip boundary (clause 6.2.5.1). */
  list(scope: PlaylistScope, isDelta: boolean, reports: readonly RenditionReport[]): MediaPlaylist {
    const { run } = this.#options;
    return listTrack(
      {
        ...{ run, segments: this.#segments, open: this.#open, isEnded: this.#isEnded },
        ...{ nextSequence: this.#nextSequence, nextPart: this.#nextPart },
        discontinuityCount: this.#discontinuityCount,
        isStored: (sequence) => this.#isStored(sequence),
      },
      { scope, isDelta, reports },
    );
  }

  #addChunk(chunk: MediaChunk): void {
    this.#take(this.#cutter?.add(chunk) ?? []);
  }

  #take(events: readonly CutEvent[]): void {
    for (const event of events) {
      if (event.kind === 'start') this.#startSegment(event.start);
      else if (event.kind === 'part') this.#addPart(event.part);
      else this.#endSegment(event.durationUs);
    }
  }

  #startSegment(start: SegmentStart): void {
    const isDiscontinuity = start.isDiscontinuity && this.#hasBegun;
    if (isDiscontinuity) this.#discontinuityCount++;
    this.#hasBegun = true;
    // A later time could not be written as a date.
    const captureMs = Math.min(start.captureMs, Limits.BROADCAST_MS_MAX);
    const epoch = this.#run?.epoch ?? 0;
    this.#open = { start: { ...start, captureMs, isDiscontinuity }, epoch, parts: [] };
  }

  #addPart(part: CutPart): void {
    this.#open?.parts.push({ ...part, number: this.#nextPart++ });
    this.#version++;
  }

  #endSegment(durationUs: number): void {
    const { store, renditionId } = this.#options;
    const open = this.#open;
    const rendition = open && this.#runs.get(open.epoch);
    if (!open || !rendition) return;
    this.#open = undefined;
    const bytes = concatBytes(...open.parts.map((part) => part.bytes));
    const { captureMs, isDiscontinuity, isIndependent } = open.start;
    const info: SegmentInfo = {
      renditionId,
      sequence: this.#nextSequence++,
      epoch: open.epoch,
      captureMs,
      durationUs,
      isDiscontinuity,
      discontinuityCount: this.#discontinuityCount,
      isIndependent,
      byteCount: bytes.length,
    };
    // The parts become views of the segment, so that nothing is held twice.
    let at = 0;
    const parts = open.parts.map((part) => {
      const start = at;
      at += part.bytes.length;
      return { ...part, bytes: bytes.subarray(start, at) };
    });
    this.#segments.push({ info, parts, partCount: parts.length, bytes, listed: undefined });
    if (durationUs > 0) this.#peakBitrate = Math.max(this.#peakBitrate, (bytes.length * 8e6) / durationUs);
    store?.append(info, { epoch: open.epoch, rendition }, bytes);
    this.#evict();
    this.#version++;
  }

  #evict(): void {
    const segments = this.#segments;
    let laterUs = 0;
    let heldBytes = 0;
    for (let index = segments.length - 1; index >= 0; index--) {
      const segment = segments[index];
      if (!segment || (segment.bytes === undefined && segment.parts.length === 0)) break;
      heldBytes += segment.bytes?.length ?? 0;
      if (laterUs > PARTS_LISTED_US) segment.parts = [];
      const isOver =
        laterUs > LIVE_WINDOW_US + GRACE_US ||
        heldBytes > LIVE_WINDOW_BYTES_MAX ||
        segments.length - index > LIVE_SEGMENTS_MAX;
      if (isOver && index < segments.length - 1) {
        segment.bytes = undefined;
        segment.parts = [];
      }
      laterUs += segment.info.durationUs;
    }
    while (segments.length > 1) {
      const first = segments[0];
      const isHeld = first && (first.bytes !== undefined || this.#isStored(first.info.sequence));
      if (isHeld && segments.length <= WINDOW_SEGMENTS_MAX) break;
      segments.shift();
    }
    this.#forgetRuns();
  }

  #forgetRuns(): void {
    const epochs = new Set(this.#segments.map(({ info }) => info.epoch));
    for (const epoch of this.#runs.keys())
      if (!epochs.has(epoch) && epoch !== this.#run?.epoch) this.#runs.delete(epoch);
  }

  #isStored(sequence: number): boolean {
    return this.#options.store?.has(this.#options.renditionId, sequence) ?? false;
  }

  /** What the store holds from an earlier run; its numbers go on. */
  #restore(): void {
    const { store, renditionId } = this.#options;
    for (const run of store?.restoredRuns ?? []) {
      if (run.rendition.id !== renditionId) continue;
      this.#runs.set(run.epoch, run.rendition);
      if (run.epoch >= (this.#run?.epoch ?? 0)) this.#run = run;
    }
    for (const info of store?.restored ?? []) {
      if (info.renditionId !== renditionId || !this.#runs.has(info.epoch)) continue;
      this.#fillGap(info);
      this.#segments.push({ info, parts: [], partCount: 0, bytes: undefined, listed: undefined });
      this.#nextSequence = info.sequence + 1;
      this.#discontinuityCount = info.discontinuityCount;
      this.#hasBegun = true;
      this.#peakBitrate = Math.max(this.#peakBitrate, (info.byteCount * 8e6) / Math.max(info.durationUs, 1));
    }
    if (this.#segments.length > 0) this.#version++;
  }

  /** Segments that could not be kept between the last one and `next` become gaps, so that numbers go on without a jump. */
  #fillGap(next: SegmentInfo): void {
    const last = this.#segments.at(-1)?.info;
    if (!last) return;
    const missing = next.sequence - last.sequence - 1;
    if (missing < 0 || missing > GAP_SEGMENTS_MAX) this.#segments.length = 0;
    for (let index = 1; index <= missing && this.#segments.length > 0; index++) {
      const durationUs = TARGET_SECONDS * 1_000_000;
      const info = {
        ...last,
        sequence: last.sequence + index,
        durationUs,
        isDiscontinuity: false,
        byteCount: 0,
      };
      this.#segments.push({ info, parts: [], partCount: 0, bytes: undefined, listed: undefined });
    }
  }
}
