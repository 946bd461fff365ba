/** Builds FLV by hand, as ffmpeg would write it. */

/** H.264 constrained baseline, 320x180 at 30 fps. */
export const AVC_CONFIG: Uint8Array = Uint8Array.from(
  Buffer.from('0142c00dffe100176742c00dda05067e7c0440000003004000000f03c50aa801000468ce0fc8', 'hex'),
);

/** H.264 high, 322x182 at 29.97 fps. */
export const OTHER_AVC_CONFIG: Uint8Array = Uint8Array.from(
  Buffer.from(
    '0164000dffe100196764000dacd941519e226c04400000fa40003a9803c50a658001000668ebe3cb22c0fdf8f800',
    'hex',
  ),
);

/** AAC-LC, 48 kHz, stereo. */
export const AAC_CONFIG: Uint8Array = Uint8Array.of(0x11, 0x90);

const join = (...parts: (Uint8Array | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

const u24 = (value: number): number[] => [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];

/** The file's header and the first previous-tag size. */
export function flvHeader(options: { readonly hasAudio: boolean }): Uint8Array {
  return join([0x46, 0x4c, 0x56, 1, options.hasAudio ? 5 : 1, 0, 0, 0, 9, 0, 0, 0, 0]);
}

/** A tag of any type. */
export function flvTag(type: number, timeMs: number, body: Uint8Array): Uint8Array {
  const time = timeMs >>> 0;
  const head = [type, ...u24(body.length), ...u24(time & 0xff_ffff), time >>> 24, 0, 0, 0];
  const size = body.length + 11;
  return join(head, body, [size >>> 24, ...u24(size)]);
}

/** A decoder configuration for the video. */
export const videoConfigTag = (config: Uint8Array = AVC_CONFIG): Uint8Array =>
  flvTag(9, 0, join([0x17, 0, 0, 0, 0], config));

/** A decoder configuration for the audio. */
export const audioConfigTag = (config: Uint8Array = AAC_CONFIG): Uint8Array =>
  flvTag(8, 0, join([0xaf, 0], config));

/** One frame whose bytes are all `fill`. */
export function videoTag(options: {
  readonly ms: number;
  readonly isKeyframe: boolean;
  readonly compositionMs?: number;
  readonly fill?: number;
}): Uint8Array {
  const head = [options.isKeyframe ? 0x17 : 0x27, 1, ...u24(options.compositionMs ?? 0)];
  return flvTag(9, options.ms, join(head, new Uint8Array(20).fill(options.fill ?? 1)));
}

/** One AAC frame whose bytes are all `fill`. */
export const audioTag = (ms: number, fill = 2): Uint8Array =>
  flvTag(8, ms, join([0xaf, 1], new Uint8Array(10).fill(fill)));

/** Tags one after the other. */
export const flv = (...tags: Uint8Array[]): Uint8Array => join(...tags);
