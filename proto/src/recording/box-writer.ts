/** Writes ISO base media file format boxes (ISO/IEC 14496-12 §4.2). All numbers are big-endian. */

import { concatBytes } from '../bytes.js';

/** Unsigned 16-bit numbers, one after the other. */
export function u16(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint16(index * 2, value);
  });
  return bytes;
}

/** 32-bit numbers, one after the other; a negative one becomes its two's complement. */
export function u32(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint32(index * 4, value);
  });
  return bytes;
}

/** Whole numbers from -2^53 to 2^53 as 64-bit ones; a negative one becomes its two's complement. */
export function u64(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setBigInt64(index * 8, BigInt(value));
  });
  return bytes;
}

/** Four characters as bytes: a box type or a brand. */
export function fourcc(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A box of less than 4 GiB. */
export function box(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((total, part) => total + part.length, 8);
  return concatBytes(u32(size), fourcc(type), ...parts);
}

/** A box with a version and 24 bits of flags. */
export function fullBox(
  type: string,
  version: number,
  flags: number,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  return box(type, u32(version * 0x100_0000 + flags), ...parts);
}
