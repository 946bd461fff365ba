/** Bits per second over the last few seconds, from a running byte count. */

/** The span that the rate is taken over. */
const SPAN_MS = 3_000;

/** Feed it at intervals; it keeps only the samples of its span. */
export class BitrateMeter {
  #samples: { readonly atMs: number; readonly bytes: number }[] = [];

  /** Takes the byte count at a time and returns the rate; 0 until there are two samples. */
  update(atMs: number, bytes: number): number {
    this.#samples.push({ atMs, bytes });
    while (this.#samples.length > 2 && atMs - (this.#samples[0]?.atMs ?? atMs) > SPAN_MS)
      this.#samples.shift();
    const first = this.#samples[0];
    if (!first || atMs <= first.atMs) return 0;
    return Math.round(((bytes - first.bytes) * 8000) / (atMs - first.atMs));
  }
}
