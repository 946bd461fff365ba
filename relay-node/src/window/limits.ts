/** Bounds of the live window on disk, each with what follows at its edge. */

/** Bytes on disk of one channel's window unless told otherwise: the oldest file goes first. */
export const WINDOW_BYTES_DEFAULT = 16 * 1024 ** 3;

/** Parts of the window's length, and of its bytes, that one file holds at most; the window is deleted in such steps. */
export const WINDOW_FILES = 16;

/** A file is not ended before it holds so much media, however short the window. */
export const FILE_MS_MIN = 10_000;

/** Segments of one file, however short; it is ended then. Each is remembered in some 300 bytes. */
export const FILE_SEGMENTS_MAX = 5_000;

/** Files of a window; beyond it the oldest are deleted. */
export const FILES_MAX = 4 * WINDOW_FILES;

/** Bytes that wait to be written; a segment that finds more waiting is left out of the window. */
export const QUEUE_BYTES_MAX = 64 * 1024 * 1024;

/** After a write that failed none is tried for so long. */
export const RETRY_MS = 15_000;

/** Description of a record; a longer one is not written, and not read. */
export const META_BYTES_MAX = 8 * 1024;

/** Body of a record: a segment or an initialisation segment; a longer one is not written, and not read. */
export const BODY_BYTES_MAX = 64 * 1024 * 1024;
