/** One channel as HLS: cheap while nobody asks, and answers for it when somebody does. */

import { type Catalog, decodePiece } from '@freshet/proto';
import type { Directives, HlsTarget, PlaylistScope } from './hls-path.js';
import { HlsTrack } from './hls-track.js';
import { BACKLOG_BYTES_MAX, BACKLOG_MS, TRACKS_MAX, WANTED_MS } from './limits.js';
import { writeMediaPlaylist } from './media-playlist.js';
import { type Variant, writeMultivariantPlaylist } from './multivariant-playlist.js';
import type { SegmentStore } from './segment-store.js';
import { WaitingLine, type WaitingRoom } from './waiting-room.js';

/** What a channel is made of. */
export type HlsChannelOptions = {
  /** Shared by all channels. */
  readonly room: WaitingRoom;
  /** Unix milliseconds at which this run of the program began: names of parts and first numbers come from it. */
  readonly startedMs: number;
};

/** What is there for a request; `why` is a sentence for people. */
export type HlsAnswer =
  | { readonly kind: 'playlist'; readonly text: string }
  | { readonly kind: 'media'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly status: 400 | 404 | 503; readonly why: string };

const refused = (status: 400 | 404 | 503, why: string): HlsAnswer => ({ kind: 'refused', status, why });
const NOT_BEGUN = refused(404, 'Nothing has been broadcast yet. Try again in a moment.');
const GONE = refused(404, 'This part of the broadcast is not held here. Load the playlist again.');
const FULL = refused(503, 'Too many players wait here at this moment. Try again in a second.');
const TOO_FAR = refused(400, 'This lies too far in the future. Load the playlist without _HLS_msn first.');

/**
 * Takes a channel's catalogs and verified pieces. Until somebody asks it only holds on to the last seconds of them;
 * then it cuts them into parts and segments, and stops again {@link WANTED_MS} after the last request.
 */
export class HlsChannel {
  readonly #options: HlsChannelOptions;
  readonly #line: WaitingLine;
  readonly #tracks = new Map<number, HlsTrack>();
  readonly #texts = new Map<string, { readonly version: number; readonly text: string }>();
  #catalog: Catalog | undefined;
  /** Where finished segments are kept beyond memory. */
  #store: SegmentStore | undefined;
  #backlog: { readonly message: Uint8Array; readonly atMs: number }[] = [];
  #backlogBytes = 0;
  /** Of the last catalog that named renditions. */
  #appliedEpoch: number | undefined;
  #isCutting = false;
  #isClosed = false;
  #askedAtMs = 0;
  #stopTimer: () => void = () => undefined;

  constructor(options: HlsChannelOptions) {
    this.#options = options;
    this.#line = new WaitingLine(options.room);
  }

  /**
   * Keeps finished segments in `store` from now on, and lists those that it holds already; the channel is then always
   * wanted. To be called once, before players come: what was listed before is dropped.
   */
  keepIn(store: SegmentStore): void {
    if (this.#isClosed) return;
    this.#store = store;
    this.#stopTimer();
    this.#tracks.clear();
    this.#texts.clear();
    for (const { rendition } of store.restoredRuns) this.#trackOf(rendition.id, false);
    this.#beginCutting();
  }

  /** Pieces are cut into segments: somebody asked a short while ago, or a window is kept on disk. */
  get isWanted(): boolean {
    return this.#isCutting;
  }

  /** Bytes of media in memory, the pieces held for who asks first apart. */
  get heldBytes(): number {
    let bytes = 0;
    for (const track of this.#tracks.values()) bytes += track.heldBytes;
    return bytes;
  }

  /** A catalog came into force. */
  addCatalog(catalog: Catalog): void {
    this.#catalog = catalog;
    if (this.#isCutting) this.#applyCatalog(catalog);
  }

  /** Takes the message of a verified piece, which must not change afterwards. Anything else is ignored. */
  addPiece(message: Uint8Array): void {
    if (this.#isClosed) return;
    if (this.#isCutting) this.#cut(message);
    else this.#keep(message);
  }

  /** Answers a request; waits where the protocol says so. */
  async answer(target: HlsTarget, directives: Directives): Promise<HlsAnswer> {
    if (this.#isClosed) return NOT_BEGUN;
    this.#ask();
    if (target.kind === 'multivariant') return this.#multivariant(target.scope);
    const track = this.#tracks.get(target.renditionId);
    if (!track) return NOT_BEGUN;
    switch (target.kind) {
      case 'playlist':
        return this.#playlist(track, target, directives);
      case 'part':
        return this.#part(track, target);
      case 'map': {
        const bytes = track.mapOf(target.epoch);
        return bytes ? { kind: 'media', bytes } : GONE;
      }
      case 'segment': {
        const bytes = await track.segmentBytes(target.sequence, target.captureMs);
        return bytes ? { kind: 'media', bytes } : GONE;
      }
    }
  }

  /** Lets go of everything and of who waits. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#stopTimer();
    for (const track of this.#tracks.values()) track.letGo();
    this.#tracks.clear();
    this.#texts.clear();
    this.#backlog = [];
    this.#line.close();
  }

  /** Somebody asked: cut from now on, beginning with what was kept. */
  #ask(): void {
    this.#askedAtMs = this.#options.room.clock.now();
    if (this.#isCutting) return;
    this.#beginCutting();
    this.#watchInterest(WANTED_MS);
  }

  #beginCutting(): void {
    this.#isCutting = true;
    const backlog = this.#backlog;
    this.#backlog = [];
    this.#backlogBytes = 0;
    const catalog = this.#catalog;
    if (!catalog) return;
    // An ended broadcast's last pieces come before its end.
    this.#applyCatalog({ ...catalog, state: 'live' });
    for (const { message } of backlog) this.#cut(message);
    this.#applyCatalog(catalog);
  }

  #watchInterest(delayMs: number): void {
    const { clock } = this.#options.room;
    this.#stopTimer = clock.startTimer(delayMs, () => {
      const quietMs = clock.now() - this.#askedAtMs;
      if (quietMs < WANTED_MS) return this.#watchInterest(WANTED_MS - quietMs);
      this.#isCutting = false;
      for (const track of this.#tracks.values()) track.letGo();
      this.#texts.clear();
    });
  }

  #keep(message: Uint8Array): void {
    const now = this.#options.room.clock.now();
    this.#backlog.push({ message, atMs: now });
    this.#backlogBytes += message.length;
    let stale = 0;
    for (const { message: old, atMs } of this.#backlog) {
      if (atMs >= now - BACKLOG_MS && this.#backlogBytes <= BACKLOG_BYTES_MAX) break;
      this.#backlogBytes -= old.length;
      stale++;
    }
    // Seldom, so that the array is not moved for each piece.
    if (stale > this.#backlog.length / 2) this.#backlog.splice(0, stale);
    else for (let index = 0; index < stale; index++) this.#backlog.shift();
  }

  #cut(message: Uint8Array): void {
    const piece = decodePiece(message);
    const track = piece && this.#tracks.get(piece.header.renditionId);
    if (!track) return;
    const before = track.version;
    track.addPiece(piece, this.#options.room.clock.now());
    if (track.version !== before) this.#line.wake();
  }

  #applyCatalog(catalog: Catalog): void {
    const { epoch, state, renditions } = catalog;
    const isAfterBreak = this.#tracks.size > 0 && epoch !== this.#appliedEpoch;
    if (renditions.length > 0) this.#appliedEpoch = epoch;
    for (const rendition of renditions)
      this.#trackOf(rendition.id, isAfterBreak)?.begin({ epoch, rendition });
    for (const track of this.#tracks.values()) {
      if (state === 'ended') track.end();
      else if (state === 'waiting') track.pause();
    }
    this.#line.wake();
  }

  #trackOf(renditionId: number, isAfterBreak: boolean): HlsTrack | undefined {
    const existing = this.#tracks.get(renditionId);
    if (existing) return existing;
    if (this.#tracks.size >= TRACKS_MAX) this.#dropTrack();
    if (this.#tracks.size >= TRACKS_MAX) return undefined;
    const { startedMs } = this.#options;
    const store = this.#store;
    // Seconds pass faster than segments come: numbers never go back, even where nothing was kept.
    const firstSequence = Math.floor(startedMs / 1000);
    let discontinuityCount = 0;
    for (const track of this.#tracks.values())
      discontinuityCount = Math.max(discontinuityCount, track.discontinuityCount);
    const track = new HlsTrack({
      ...{ renditionId, run: startedMs, firstSequence, store },
      ...{ discontinuityCount, isAfterBreak },
    });
    this.#tracks.set(renditionId, track);
    return track;
  }

  #dropTrack(): void {
    const named = new Set(this.#catalog?.renditions.map(({ id }) => id));
    for (const id of this.#tracks.keys()) {
      if (named.has(id)) continue;
      this.#tracks.delete(id);
      return;
    }
  }

  async #multivariant(scope: PlaylistScope): Promise<HlsAnswer> {
    // A player that comes with the first piece, or before it, would not ask again after a refusal.
    const isKnown = (): boolean => this.#catalog?.state === 'ended' || this.#variants(scope).length > 0;
    if ((await this.#line.wait(isKnown)) === 'full') return FULL;
    const variants = this.#variants(scope);
    if (variants.length === 0) return NOT_BEGUN;
    return { kind: 'playlist', text: writeMultivariantPlaylist(variants) };
  }

  #variants(scope: PlaylistScope): Variant[] {
    const named = this.#catalog?.renditions ?? [];
    const tracks =
      named.length > 0 ? named.map(({ id }) => this.#tracks.get(id)) : [...this.#tracks.values()];
    const file = scope === 'window' ? 'window.m3u8' : 'live.m3u8';
    return tracks.flatMap((track) => {
      const rendition = track?.rendition;
      if (!track || !rendition) return [];
      return [{ rendition, peakBitrate: track.peakBitrate, uri: `${rendition.id}/${file}` }];
    });
  }

  async #playlist(
    track: HlsTrack,
    target: { readonly renditionId: number; readonly scope: PlaylistScope },
    directives: Directives,
  ): Promise<HlsAnswer> {
    const { sequence, part, isDelta } = directives;
    const isThere = (): boolean =>
      track.hasSegments && (sequence === undefined || track.reach(sequence, part) === 'held');
    if (sequence !== undefined && !track.isEnded && track.reach(sequence, part) === 'too-far') return TOO_FAR;
    const result = await this.#line.wait(() => track.isEnded || isThere());
    if (result === 'full') return FULL;
    if (!track.hasSegments) return NOT_BEGUN;
    // Late: a source that is away is waited for, and players that were refused now would give up.
    return { kind: 'playlist', text: this.#text(track, target, isDelta) };
  }

  /** The playlist's text, written once for all who ask between two changes. */
  #text(
    track: HlsTrack,
    { renditionId, scope }: { readonly renditionId: number; readonly scope: PlaylistScope },
    isDelta: boolean,
  ): string {
    const key = `${renditionId}/${scope}/${isDelta}`;
    const written = this.#texts.get(key);
    if (written?.version === track.version) return written.text;
    const reports = (this.#catalog?.renditions ?? [])
      .filter(({ id }) => id !== renditionId)
      .flatMap(({ id }) => this.#tracks.get(id)?.report(`../${id}/${scope}.m3u8`) ?? []);
    const text = writeMediaPlaylist(track.list(scope, isDelta, reports));
    this.#texts.set(key, { version: track.version, text });
    return text;
  }

  async #part(
    track: HlsTrack,
    { run, part }: { readonly run: number; readonly part: number },
  ): Promise<HlsAnswer> {
    const held = track.part(run, part);
    if (held === undefined) return GONE;
    if (held === 'too-far') return TOO_FAR;
    if (held !== 'next') return { kind: 'media', bytes: held };
    // The hint of the playlist: the answer begins when the part is complete (clause 6.2.6).
    const result = await this.#line.wait(() => track.part(run, part) !== 'next');
    if (result === 'full') return FULL;
    const come = track.part(run, part);
    return come instanceof Uint8Array ? { kind: 'media', bytes: come } : GONE;
  }
}
