/** Walks ISO base media file format boxes (ISO/IEC 14496-12 §4.2). */

import { ByteCursor } from './byte-cursor.js';

/** Where one box lies in the array it was found in. */
export type Box = {
  /** Four characters: `moof`, `avcC`. */
  readonly type: string;
  /** Index of the first byte of the box's header. */
  readonly start: number;
  /** Index of the first byte after the header. */
  readonly bodyStart: number;
  /** Index after the last byte. */
  readonly end: number;
};

/** Most boxes that are read from one container; further ones are ignored. Real ones hold fewer than 20. */
export const BOX_COUNT_MAX = 256;

/**
 * The boxes that lie between `start` and `end`, in order.
 *
 * Stops at the first one that is malformed or that reaches past `end`.
 */
export function childBoxes(bytes: Uint8Array, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  const limit = Math.min(end, bytes.length);
  let at = start;
  while (at < limit && boxes.length < BOX_COUNT_MAX) {
    const box = boxAt(bytes, at, limit);
    if (box === undefined) break;
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** The first box of `type` between `start` and `end`. */
export function findBox(bytes: Uint8Array, start: number, end: number, type: string): Box | undefined {
  return childBoxes(bytes, start, end).find((box) => box.type === type);
}

/** Goes down one box per name of `path`, from the children of `box`. */
export function findPath(bytes: Uint8Array, box: Box, path: readonly string[]): Box | undefined {
  let at: Box | undefined = box;
  for (const type of path) {
    if (at === undefined) return undefined;
    at = findBox(bytes, at.bodyStart, at.end, type);
  }
  return at;
}

function boxAt(bytes: Uint8Array, start: number, limit: number): Box | undefined {
  const cursor = new ByteCursor(bytes, start, limit);
  let size = cursor.u32();
  const type = cursor.fourcc();
  if (size === 1) size = cursor.u64();
  else if (size === 0) size = limit - start;
  if (!cursor.isValid || start + size > limit || start + size < cursor.position) return undefined;
  return { type, start, bodyStart: cursor.position, end: start + size };
}
