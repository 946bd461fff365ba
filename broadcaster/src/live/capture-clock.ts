/** When a chunk's first frame was captured, from when its last byte came. */

/** Length of the two spans over which the shortest delay is looked for. */
const SPAN_MS = 5_000;

/**
 * A source's media runs at the speed of the wall clock, and every chunk comes somewhat late. The chunk that came with
 * the shortest delay tells best where media time 0 lies on the wall clock; the others are measured from there. The
 * shortest is taken over the last five to ten seconds, so that a source whose clock drifts is followed.
 */
export class CaptureClock {
  #current = Number.POSITIVE_INFINITY;
  #previous = Number.POSITIVE_INFINITY;
  #spanStartMs: number | undefined;

  /** The wall time at which the chunk began, which came complete at `arrivalMs`. */
  capturedAt(
    chunk: { readonly mediaTimeUs: number; readonly durationUs: number },
    arrivalMs: number,
  ): number {
    this.#spanStartMs ??= arrivalMs;
    if (arrivalMs - this.#spanStartMs > SPAN_MS) {
      this.#previous = this.#current;
      this.#current = Number.POSITIVE_INFINITY;
      this.#spanStartMs = arrivalMs;
    }
    const origin = arrivalMs - (chunk.mediaTimeUs + chunk.durationUs) / 1000;
    this.#current = Math.min(this.#current, origin);
    return Math.min(this.#current, this.#previous) + chunk.mediaTimeUs / 1000;
  }
}
