/** Keeps the sound going where the publisher sends none: a muxer holds the picture back to wait for it. */

import type { MediaFrame } from '../rtp/index.js';

/** 20 ms of nothing, stereo, as Opus codes it (RFC 6716 §3.1: CELT, full band, one frame). */
const SILENCE = Uint8Array.of(0xfc, 0xff, 0xfe);
const SILENCE_US = 20_000;

/** Sound that is later than the picture by this much is taken for missing. A jitter buffer holds less back. */
export const SOUND_LATE_US_MAX = 250_000;

/** Silence made at once; a longer gap is a jump of the clock and is left to the encoder. */
const GAP_US_MAX = 5_000_000;

/** Frames in, frames out, in order of time for the sound. */
export class SoundKeeper {
  #soundEndUs: number | undefined;
  #isMissing = false;

  /** What goes out for `frame`: silence that was missing in front of it, then itself unless it comes too late. */
  pass(frame: MediaFrame): readonly MediaFrame[] {
    this.#soundEndUs ??= frame.timeUs;
    if (frame.kind === 'video') {
      // Once it is known to be missing, nothing has to wait for it.
      const lateUs = this.#isMissing ? 0 : SOUND_LATE_US_MAX;
      return [...this.#fillTo(frame.timeUs - lateUs, frame), frame];
    }
    this.#isMissing = false;
    // What silence has taken the place of comes too late.
    if (frame.timeUs + SILENCE_US / 2 < this.#soundEndUs) return [];
    this.#soundEndUs = frame.timeUs + SILENCE_US;
    return [frame];
  }

  #fillTo(untilUs: number, cause: MediaFrame): MediaFrame[] {
    const filled: MediaFrame[] = [];
    let endUs = this.#soundEndUs ?? untilUs;
    if (untilUs - endUs > GAP_US_MAX) endUs = untilUs;
    for (; endUs + SILENCE_US <= untilUs; endUs += SILENCE_US)
      filled.push({
        kind: 'audio',
        timeUs: endUs,
        arrivedAt: cause.arrivedAt,
        bytes: SILENCE,
        isKeyframe: true,
      });
    this.#soundEndUs = endUs;
    this.#isMissing ||= filled.length > 0;
    return filled;
  }
}
