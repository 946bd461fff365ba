/** The test picture's sound: a quiet 440 Hz tone and a beep at each full second. */

/** Hz. */
export const TONE_SAMPLE_RATE = 48_000;

/** Interleaved left and right. */
export const TONE_CHANNELS = 2;

const TONE_HZ = 440;
const TONE_LEVEL = 0.08;
const BEEP_HZ = 880;
const BEEP_LEVEL = 0.25;
const BEEP_MS = 60;
const FADE_MS = 4;

/**
 * `count` sample pairs from sample `first` on, as 16-bit little-endian PCM.
 *
 * A pure function of the sample number, so blocks join without a click. `secondOffsetMs` is how far into a full
 * second of the wall clock sample 0 lies; the beep follows the wall clock.
 */
export function toneBlock(first: number, count: number, secondOffsetMs: number): Uint8Array {
  const bytes = new Uint8Array(count * TONE_CHANNELS * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index++) {
    const sample = first + index;
    const seconds = sample / TONE_SAMPLE_RATE;
    const sinceBeepMs = (seconds * 1000 + secondOffsetMs) % 1000;
    const level =
      TONE_LEVEL * Math.sin(2 * Math.PI * TONE_HZ * seconds) +
      BEEP_LEVEL * beepEnvelope(sinceBeepMs) * Math.sin(2 * Math.PI * BEEP_HZ * seconds);
    const value = Math.round(level * 0x7fff);
    view.setInt16(index * 4, value, true);
    view.setInt16(index * 4 + 2, value, true);
  }
  return bytes;
}

function beepEnvelope(sinceBeepMs: number): number {
  if (sinceBeepMs >= BEEP_MS) return 0;
  return Math.min(1, sinceBeepMs / FADE_MS, (BEEP_MS - sinceBeepMs) / FADE_MS);
}
