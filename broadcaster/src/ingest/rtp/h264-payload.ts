/** What an RTP payload of H.264 begins with (RFC 6184 §5). */

import { u16 } from './byte-read.js';

/** NAL unit types that matter here (ITU-T H.264 table 7-1, RFC 6184 table 1). */
export const NAL = {
  idrSlice: 5,
  sps: 7,
  pps: 8,
  delimiter: 9,
  filler: 12,
  aggregate: 24,
  fragment: 28,
} as const;

/** The type of a NAL unit by its first byte. */
export const nalType = (header: number | undefined): number => (header ?? 0) & 0x1f;

/** The first NAL unit of a payload: its type and where its first byte after the header lies. */
function firstUnit(payload: Uint8Array): { type: number; body: number } | undefined {
  const type = nalType(payload[0]);
  if (type === NAL.aggregate) return { type: nalType(payload[3]), body: 4 };
  if (type !== NAL.fragment) return { type, body: 1 };
  const isStart = ((payload[1] ?? 0) & 0x80) !== 0;
  return isStart ? { type: nalType(payload[1]), body: 2 } : undefined;
}

/**
 * Whether a picture surely begins here, even when what came before is unknown: with a delimiter or a sequence
 * parameter set. The first slice may have lost the parameter sets that belong to it.
 */
export function surelyStartsPicture(payload: Uint8Array): boolean {
  const type = firstUnit(payload)?.type;
  return type === NAL.sps || type === NAL.delimiter;
}

/** Whether a key frame may begin here: with parameter sets, or with the first slice of an IDR picture. */
export function mayStartKeyframe(payload: Uint8Array): boolean {
  const first = firstUnit(payload);
  if (first === undefined) return false;
  if (first.type === NAL.sps) return true;
  // `first_mb_in_slice` of 0 is a single one bit.
  return first.type === NAL.idrSlice && ((payload[first.body] ?? 0) & 0x80) !== 0;
}

/** Calls `take` for each unit of an aggregation packet (STAP-A); false when it is cut short. */
export function splitAggregate(payload: Uint8Array, take: (unit: Uint8Array) => void): boolean {
  let at = 1;
  while (at < payload.length) {
    const length = u16(payload, at);
    const start = at + 2;
    if (length === 0 || start + length > payload.length) return false;
    take(payload.subarray(start, start + length));
    at = start + length;
  }
  return true;
}
