/** Big-endian numbers in packets whose length has been checked: RTP and RTCP are in network order. */

/** Two bytes at `at`; 0 for what lies beyond the end. */
export const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** Four bytes at `at`, unsigned. */
export const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 0x10000 + u16(bytes, at + 2);

/** The number nearest to `near` whose low 16 bits are `value` (sequence numbers wrap after some minutes). */
export function unwrap16(value: number, near: number): number {
  const ahead = (value - near) & 0xffff;
  return near + (ahead < 0x8000 ? ahead : ahead - 0x10000);
}

/** The number nearest to `near` whose low 32 bits are `value` (timestamps at 90 kHz wrap after 13 hours). */
export const unwrap32 = (value: number, near: number): number => near + ((value - near) | 0);
