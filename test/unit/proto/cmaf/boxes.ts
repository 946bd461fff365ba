/** Builds boxes by hand, independently of the writer under test. */

/** Any mix of numbers (bytes), text (Latin-1) and byte arrays as one array. */
export function bytes(...parts: (number | string | Uint8Array)[]): Uint8Array {
  const flat: number[] = [];
  for (const part of parts) {
    if (typeof part === 'number') flat.push(part);
    else if (typeof part === 'string') flat.push(...Buffer.from(part, 'latin1'));
    else flat.push(...part);
  }
  return Uint8Array.from(flat);
}

/** A 32-bit number. */
export function u32(value: number): Uint8Array {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value | 0);
  return buffer;
}

/** A box with a 32-bit size. */
export function box(type: string, ...parts: (number | string | Uint8Array)[]): Uint8Array {
  const body = bytes(...parts);
  return bytes(u32(body.length + 8), type, body);
}

/** A `tfdt`, version 0 or 1. */
export const tfdt = (version: 0 | 1, ticks: number): Uint8Array =>
  version === 0
    ? box('tfdt', u32(0), u32(ticks))
    : box('tfdt', 1, 0, 0, 0, u32(Math.floor(ticks / 2 ** 32)), u32(ticks % 2 ** 32));

/** A `moof` of one track whose header states the samples' common duration. */
export function moof(options: {
  readonly trackId: number;
  readonly decodeTime: Uint8Array;
  readonly defaultDuration: number;
  readonly trun: Uint8Array;
}): Uint8Array {
  const tfhd = box('tfhd', 0, 0, 0, 0x08, u32(options.trackId), u32(options.defaultDuration));
  return box('moof', box('mfhd', u32(0), u32(7)), box('traf', tfhd, options.decodeTime, options.trun));
}
