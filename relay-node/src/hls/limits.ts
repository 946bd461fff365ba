/**
 * What HLS is cut into and how much of it is kept, each with what follows at its edge. "Clause" is a section of
 * draft-pantos-hls-rfc8216bis-16.
 */

/**
 * `PART-TARGET`: no part is longer (clause 4.4.3.7). A fifth of a second is a whole number of frames at 25, 30, 50 and 60
 * a second, so that keyframes begin parts; the rest is room for 24.
 */
export const PART_US_MAX = 220_000;

/** A part is no shorter unless it is the last of its segment: 85 % of the target (clause 4.4.4.9). */
export const PART_US_MIN = 187_000;

/** Parts end near multiples of this, counted from the group's keyframe. */
export const PART_GRID_US = 200_000;

/** Bytes of a part; it ends before a chunk that would make it larger, whatever its length. */
export const PART_BYTES_MAX = 8 * 1024 * 1024;

/**
 * `EXT-X-TARGETDURATION`, which never changes (clause 6.2.1). Plain players stay three of it behind, so it is as short
 * as segments of whole groups allow: two groups of one second, or one of two.
 */
export const TARGET_SECONDS = 2;

/**
 * A segment is no longer, so that it rounds to the target (clause 4.4.3.1). It ends with the group that may be its
 * last; a group that is longer is cut, and the playlist then claims no independent segments.
 */
export const SEGMENT_US_MAX = 2_450_000;

/** Bytes of a segment; it ends before a chunk that would make it larger, whatever its length. */
export const SEGMENT_BYTES_MAX = 48 * 1024 * 1024;

/** A hole or a step back in the media's times larger than this is a discontinuity; smaller ones players jump. */
export const HOLE_US_MAX = 400_000;

/**
 * `PART-HOLD-BACK`: at least twice, better three times the part target (clause 4.4.3.8). The fourth is for the way to a
 * player far off, which asks for the playlist and then for the part.
 */
export const PART_HOLD_BACK_US = 4 * PART_US_MAX;

/** `HOLD-BACK`: at least three target durations (clause 4.4.3.8). */
export const HOLD_BACK_SECONDS = 3 * TARGET_SECONDS;

/** `CAN-SKIP-UNTIL`: at least six target durations (clause 4.4.3.8). */
export const SKIP_UNTIL_US = 6 * TARGET_SECONDS * 1_000_000;

/** Parts are listed for so long, then only their segment is: three target durations (clause 6.2.2). */
export const PARTS_LISTED_US = 3 * TARGET_SECONDS * 1_000_000;

/** Finished segments of the live playlist, kept in memory; older ones are dropped, or read from disk. */
export const LIVE_WINDOW_US = 30_000_000;

/** Bytes of them per rendition; beyond it older ones are dropped, but never the newest. */
export const LIVE_WINDOW_BYTES_MAX = 64 * 1024 * 1024;

/** Finished segments of a rendition in memory, however short; beyond it the oldest are dropped, or read from disk. */
export const LIVE_SEGMENTS_MAX = 240;

/** A segment or part that has left the playlist can still be fetched for so long: those who hold the last playlist. */
export const GRACE_US = 6_000_000;

/** Segments that a playlist of the whole window lists; older ones are dropped from it. A day of two seconds each. */
export const WINDOW_SEGMENTS_MAX = 43_200;

/** Missing segments between two held ones that are listed as gaps; with more between them the older part is dropped. */
export const GAP_SEGMENTS_MAX = 1_000;

/** Pieces kept for who asks first, so that their playlist has segments at once: three segments and the open one. */
export const BACKLOG_MS = 8_500;

/** Bytes of them; beyond it the oldest go. They are the session's own, so they cost nothing besides it. */
export const BACKLOG_BYTES_MAX = 32 * 1024 * 1024;

/** A missing piece is waited for so long before the track goes on with the next keyframe. */
export const PATIENCE_MS = 1_000;

/** Nobody having asked for so long, the channel's HLS is let go, unless a window is kept on disk. */
export const WANTED_MS = 30_000;

/** A blocked request is answered after three target durations with what there is (clause 6.2.5.2). */
export const BLOCKED_MS_MAX = 3 * TARGET_SECONDS * 1_000;

/** Blocked requests of one channel; one more is answered 503 at once. */
export const BLOCKED_PER_CHANNEL_MAX = 2_048;

/** Blocked requests in all, below the connections that the port takes; one more is answered 503 at once. */
export const BLOCKED_MAX = 4_096;

/** A request for a segment more than so many after the last one is answered 400 (clause 6.2.5.2). */
export const AHEAD_SEGMENTS_MAX = 2;

/** A request for a part more than three seconds after the last one is answered 400 (clause 6.2.5.2). */
export const AHEAD_PARTS_MAX = Math.ceil(3_000_000 / PART_US_MAX);

/** Renditions of one channel, gone ones included; beyond it one that the catalog no longer names is dropped. */
export const TRACKS_MAX = 32;

/** Playlists shorter than this are not compressed. */
export const COMPRESS_CHARS_MIN = 1_500;
