/** Keeps the playhead at a steady, small distance from the live edge. Pure: no DOM, no clock. */

import type { MonoMs } from '@freshet/proto';

/** The smallest distance to the live edge ever aimed at, in milliseconds of buffer, averaged over the sawtooth of arrivals. */
export const TARGET_MS_MIN = 40;
/** The largest distance ever aimed at. */
export const TARGET_MS_MAX = 1500;
/**
 * What the browser's own pipeline holds in hand, in milliseconds: appended and read ahead, but not yet shown. The
 * audio renderer reads far ahead; measured in Chromium, below these playback runs dry although chunks are on time.
 */
export const PIPELINE_MS = { withAudio: 120, videoOnly: 55 } as const;
/**
 * Media in hand with which playback starts at once, in milliseconds. Chromium's audio renderer wants 200 ms before it
 * makes a sound, and twice that after each time it ran dry; a seek sets it back to 200.
 */
export const START_MS = { withAudio: 215, videoOnly: 75 } as const;
/** The very first start may count on this much more: the edge moves on while the browser builds its pipeline. */
export const BUILD_MS = 80;
/** In its first moments playback may jump again, when the burst of the join took longer than it seemed. */
export const SETTLE_MS = 2500;
/** How far behind the start position that jump begins. */
export const SETTLE_JUMP_MS = 120;
/** Playback is sped up or slowed down by at most this share: not noticeable to the ear. */
export const RATE_SHIFT_MAX = 0.05;
/** Further behind the target than this, the playhead jumps instead of speeding up. */
export const JUMP_MS = 1500;

/** A range that ends within this many milliseconds of the playhead counts as played out when another follows. */
const RANGE_END_MS = 60;
const RATE_GAIN_PER_S = 1;
const RATE_STEP = 0.005;
/** Correction starts beyond the first and ends within the second distance from the target. */
const CORRECT_FROM_MS = 12;
const CORRECT_UNTIL_MS = 4;
const AVERAGE_OVER_MS = 400;
const JUMP_PAUSE_MS = 700;
const STALL_PENALTY_MS = 25;
const STALL_PENALTY_MS_MAX = 600;
const CALM_MS = 10_000;
const PENALTY_FALL_PER_S = 5;
/** Stalls this near to each other count as one. */
const LESSON_STEP_MS = 700;
/** After repeated stalls the picture waits this long at most to have its target in hand. */
const HOLD_MS_MAX = 500;
/** How long a target that ran dry is not gone back to. */
const LESSON_MS = 300_000;

/** A contiguous buffered stretch on the player's timeline, in seconds. */
export type BufferedRange = { readonly startS: number; readonly endS: number };

/** What the target is made from. */
export type PlayoutPace = {
  /** Duration of one chunk. */
  readonly chunkMs: number;
  /** Spread of the arrivals. */
  readonly jitterMs: number;
  /** The element plays sound. */
  readonly hasAudio: boolean;
  /** The target is at least this; 0 for none. */
  readonly targetFloorMs: number;
};

/** What the controller is shown. */
export type PlayoutView = {
  readonly nowMs: MonoMs;
  readonly currentTimeS: number;
  /** Everything buffered, in order. */
  readonly ranges: readonly BufferedRange[];
  /** The playhead is meant to move: neither paused by the person nor in the middle of a seek. */
  readonly isPlaying: boolean;
  /** The person watches live, not a moment they went back to. */
  readonly isFollowing: boolean;
  /** The browser reports that playback ran dry. */
  readonly isStalled: boolean;
} & PlayoutPace;

/** What is to be done now. */
export type PlayoutDecision = {
  readonly rate: number;
  /** Where to move the playhead, when it has to jump. */
  readonly seekToS?: number;
  /** Why it jumps: the person asked or slept, or it is too far behind; the buffer has a hole; it ran dry and has
   *  enough again. */
  readonly seekReason?: 'behind' | 'gap' | 'restart';
  /** The distance aimed at. */
  readonly targetMs: number;
  /** The distance now: media buffered ahead of the playhead without a hole. */
  readonly bufferMs: number;
};

/**
 * Decides rate and jumps from snapshots, about 20 times a second. The target is made from chunk duration and
 * arrival jitter, grows after every stall and falls back slowly when all is calm.
 */
export class Playout {
  #averageMs: number | undefined;
  #averageAtMs: number | undefined;
  #isCorrecting = false;
  #jumpedAtMs: number | undefined;
  #penaltyMs = 0;
  #penaltyAtMs: number | undefined;
  #stalledAtMs: number | undefined;
  #lessonMs = 0;
  #lessonAtMs: MonoMs | undefined;
  #jumpWanted: 'start' | 'live' | undefined;
  #startedAtMs: MonoMs | undefined;
  #holdUntilMs = 0;

  /** The distance to the live edge to aim at, in milliseconds. */
  targetMs(pace: PlayoutPace): number {
    const pipelineMs = pace.hasAudio ? PIPELINE_MS.withAudio : PIPELINE_MS.videoOnly;
    // On average half a chunk of the sawtooth is in hand above its low point.
    const wanted = pace.chunkMs / 2 + pipelineMs + pace.jitterMs + this.#penaltyMs;
    return Math.min(TARGET_MS_MAX, Math.max(TARGET_MS_MIN, pace.targetFloorMs, wanted));
  }

  /** Notes that playback ran dry although chunks were due: from now on a little more is kept in hand. */
  noteStall(nowMs: MonoMs): void {
    const isSame = this.#lessonAtMs !== undefined && nowMs - this.#lessonAtMs < LESSON_STEP_MS;
    this.#stalledAtMs = nowMs;
    // Several in a row are one lesson, and better made into one stop.
    if (isSame) {
      this.#holdUntilMs = nowMs + HOLD_MS_MAX;
      return;
    }
    this.#lessonAtMs = nowMs;
    this.#lessonMs = this.#penaltyMs + STALL_PENALTY_MS / 2;
    this.#penaltyMs = Math.min(STALL_PENALTY_MS_MAX, this.#penaltyMs + STALL_PENALTY_MS);
    this.#penaltyAtMs = nowMs;
  }

  /**
   * The next decision goes to the live edge: `start` when the burst of a join is in, `live` when the page woke up or
   * the person asked.
   */
  requestJump(why: 'start' | 'live'): void {
    this.#jumpWanted = why;
  }

  /** Looks at a snapshot and decides. */
  decide(view: PlayoutView): PlayoutDecision {
    this.#easePenalty(view.nowMs);
    const targetMs = this.targetMs(view);
    const at = view.currentTimeS;
    const current = view.ranges.find((range) => range.startS <= at + 0.001 && at <= range.endS + 0.001);
    const next = view.ranges.find((range) => range.startS > at + 0.001);
    const bufferMs = current === undefined ? 0 : Math.max(0, (current.endS - at) * 1000);
    const still = { rate: 1, targetMs, bufferMs };
    const last = view.ranges.at(-1);
    if (last === undefined) return still;

    const startMs = Math.max(targetMs, view.hasAudio ? START_MS.withAudio : START_MS.videoOnly);
    const liveS = Math.max(last.startS, last.endS - startMs / 1000);
    const wanted = this.#jumpWanted;
    if (wanted !== undefined && view.isFollowing) {
      this.#jumpWanted = undefined;
      if (wanted === 'start') this.#startedAtMs = view.nowMs;
      const seekToS =
        wanted === 'start' && view.hasAudio ? Math.min(liveS + BUILD_MS / 1000, last.endS) : liveS;
      if (Math.abs(seekToS - at) > 0.05)
        return this.#jump(view.nowMs, { ...still, seekToS, seekReason: 'behind' });
    }
    if (!view.isPlaying) {
      this.#averageMs = undefined;
      return still;
    }
    if (next !== undefined && (current === undefined || bufferMs < RANGE_END_MS)) {
      const seekToS = view.isFollowing ? Math.max(next.startS, liveS) : next.startS;
      // A hair inside the range: browsers round the start of a range down.
      return this.#jump(view.nowMs, { ...still, seekToS: seekToS + 0.001, seekReason: 'gap' });
    }
    if (!view.isFollowing) return still;

    if (view.isStalled && view.hasAudio && bufferMs >= startMs) {
      return this.#jump(view.nowMs, { ...still, seekToS: liveS, seekReason: 'restart' });
    }
    const behindMs = (last.endS - at) * 1000;
    const isSettling = this.#startedAtMs !== undefined && view.nowMs - this.#startedAtMs < SETTLE_MS;
    const limitMs = isSettling ? startMs + SETTLE_JUMP_MS : targetMs + JUMP_MS;
    const mayJump = this.#jumpedAtMs === undefined || view.nowMs - this.#jumpedAtMs > JUMP_PAUSE_MS;
    // Everything buffered lies behind the playhead only when the buffer was cleared under it.
    if (mayJump && (behindMs > limitMs || behindMs < -1000)) {
      return this.#jump(view.nowMs, { ...still, seekToS: liveS, seekReason: 'behind' });
    }
    if (view.nowMs < this.#holdUntilMs && !view.hasAudio) {
      if (bufferMs < targetMs) return { ...still, rate: 0 };
      this.#holdUntilMs = 0;
    }
    return { ...still, rate: this.#rate(view.nowMs, bufferMs, targetMs) };
  }

  #jump(nowMs: MonoMs, decision: PlayoutDecision): PlayoutDecision {
    this.#jumpedAtMs = nowMs;
    this.#averageMs = undefined;
    this.#isCorrecting = false;
    return decision;
  }

  #rate(nowMs: MonoMs, bufferMs: number, targetMs: number): number {
    if (this.#averageMs === undefined || this.#averageAtMs === undefined) {
      this.#averageMs = bufferMs;
    } else {
      const weight = Math.min(1, (nowMs - this.#averageAtMs) / AVERAGE_OVER_MS);
      this.#averageMs += (bufferMs - this.#averageMs) * weight;
    }
    this.#averageAtMs = nowMs;
    const errorMs = this.#averageMs - targetMs;
    if (Math.abs(errorMs) > CORRECT_FROM_MS) this.#isCorrecting = true;
    if (Math.abs(errorMs) < CORRECT_UNTIL_MS) this.#isCorrecting = false;
    if (!this.#isCorrecting) return 1;
    const shift = Math.max(-RATE_SHIFT_MAX, Math.min(RATE_SHIFT_MAX, (errorMs / 1000) * RATE_GAIN_PER_S));
    // Few distinct rates: each change makes the browser rebuild a little audio.
    const steps = Math.sign(shift) * Math.max(1, Math.round(Math.abs(shift) / RATE_STEP));
    return 1 + steps * RATE_STEP;
  }

  #easePenalty(nowMs: MonoMs): void {
    if (this.#penaltyMs === 0 || this.#stalledAtMs === undefined || this.#penaltyAtMs === undefined) return;
    const calmFromMs = this.#stalledAtMs + CALM_MS;
    if (nowMs <= calmFromMs) return;
    const sinceMs = nowMs - Math.max(calmFromMs, this.#penaltyAtMs);
    const floorMs = nowMs - this.#stalledAtMs < LESSON_MS ? this.#lessonMs : 0;
    this.#penaltyMs = Math.max(floorMs, this.#penaltyMs - (sinceMs / 1000) * PENALTY_FALL_PER_S);
    this.#penaltyAtMs = nowMs;
  }
}
