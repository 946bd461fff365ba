/** The fixed buckets in which an audience is counted. They are part of the wire: a change is a new message. */

/** Upper ends of the latency buckets, in milliseconds from capture to screen; a last bucket has no end. */
export const LATENCY_MS_BOUNDS: readonly number[] = [
  100, 150, 200, 300, 400, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000,
];

/** Upper ends of the buckets of time stalled in about the last minute, in milliseconds; the first is "not at all". */
export const STALL_MS_BOUNDS: readonly number[] = [0, 100, 250, 500, 1_000, 2_500, 5_000, 15_000];

/** Upper ends of the classes of uplink and of what is carried, in bits per second; the first is "nothing". */
export const RATE_BPS_BOUNDS: readonly number[] = [
  0, 1_000_000, 3_000_000, 8_000_000, 20_000_000, 50_000_000,
];

/** Place of the bucket that holds `value`: the first whose end is not below it, or the one after the last. */
export function bucketOf(bounds: readonly number[], value: number): number {
  let bucket = 0;
  while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket++;
  return bucket;
}

/** A histogram over the bounds in which nothing is counted. */
export function emptyCounts(bounds: readonly number[]): number[] {
  return new Array<number>(bounds.length + 1).fill(0);
}

/**
 * The value below which the share `q` of the counted lies, taken evenly within its bucket; of the last bucket its lower
 * end. `undefined` when nothing is counted.
 */
export function quantileOf(
  bounds: readonly number[],
  counts: readonly number[],
  q: number,
): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let left = q * total;
  for (let bucket = 0; bucket < bounds.length; bucket++) {
    const count = counts[bucket] ?? 0;
    const low = bucket === 0 ? 0 : (bounds[bucket - 1] ?? 0);
    if (count > 0 && left <= count) return low + ((bounds[bucket] ?? 0) - low) * (left / count);
    left -= count;
  }
  return bounds.at(-1);
}
