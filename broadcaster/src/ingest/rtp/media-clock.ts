/**
 * Puts the RTP clocks of sound and picture on one media clock.
 *
 * Each track's time is its RTP time plus an offset. Until the sender has said how its clocks belong together (the
 * first report about sound comes after about 2.5 s) the offsets follow from the earliest arrivals, which is 3 to
 * 10 ms off; afterwards from the reports. The offset in use moves to the one wanted at a bounded rate, so time neither
 * jumps nor goes backwards; only a track whose own clock has stopped or jumped is put where it arrived.
 */

import { unwrap32 } from './byte-read.js';

/** The offset moves by this much of the time that passes: 10 ms in 2 s, below what is heard as a change of pitch. */
const SLEW_SHARE = 0.005;
/** ... and by this much when it is far off. */
const SLEW_SHARE_FAST = 0.05;
const FAR_OFF_US = 100_000;

/** An offset that is short by more than this is set at once: the track's clock runs at another rate than it says. */
const STEP_US = 500_000;

/** Reports that disagree with the arrivals by more than this are about another clock, and are not followed. */
const REPORT_TRUST_US = 500_000;

/** A track that was silent for so long has paused, ms. */
const PAUSE_MS = 300;
/** Behind a pause this long no backlog comes any more: senders drop what is older than two seconds. */
const STALL_MS_MAX = 2_000;
/** A packet this much later than usual, behind a pause, shows that the track's clock stood still, µs. */
const PAUSE_EXCESS_US = 200_000;
/** How long the packets behind a pause are watched: a backlog catches up in that time, ms. */
const JUDGE_MS = 1_000;
/** A packet this much earlier than any is from a clock that has jumped, µs. */
const FUTURE_US = 250_000;

/** Time always goes on by this much, µs. */
const STEP_US_MIN = 1_000;

/** The smallest delay of the last 5 to 10 seconds stands for the way without queues. */
const WINDOW_MS = 5_000;

/** A drift is told from this long a measurement on, ms. */
const DRIFT_MS_MIN = 15_000;

class WindowedMin {
  #current = Number.POSITIVE_INFINITY;
  #before = Number.POSITIVE_INFINITY;
  #since = Number.NEGATIVE_INFINITY;

  /** The smallest of the window; infinite before the first. */
  get value(): number {
    return Math.min(this.#current, this.#before);
  }

  /** Gives the minimum of the window that has just ended, if one has. */
  add(now: number, value: number): number | undefined {
    let ended: number | undefined;
    if (now - this.#since >= WINDOW_MS) {
      if (Number.isFinite(this.#current)) ended = this.#current;
      this.#before = this.#current;
      this.#current = value;
      this.#since = now;
    }
    this.#current = Math.min(this.#current, value);
    return ended;
  }

  reset(): void {
    this.#current = Number.POSITIVE_INFINITY;
    this.#before = Number.POSITIVE_INFINITY;
    this.#since = Number.NEGATIVE_INFINITY;
  }
}

/** The clock of one transport's tracks, which share their way through the network. */
export class MediaClock {
  readonly #tracks: TrackClock[] = [];
  #reference: TrackClock | undefined;

  /** From the sender's wall clock to the media clock, µs; fixed by the first report that is followed. */
  wallOffsetUs: number | undefined;

  /** The clock of a further track; `clockRate` in Hz. */
  addTrack(clockRate: number): TrackClock {
    const track = new TrackClock(this, clockRate);
    this.#tracks.push(track);
    return track;
  }

  /** Another track that has a time. */
  otherThan(track: TrackClock): TrackClock | undefined {
    return this.#tracks.find((other) => other !== track && other.delayUs !== undefined);
  }

  /** Whether `track` is the first that wanted a time: without reports it is the one to go by. */
  isReference(track: TrackClock): boolean {
    this.#reference ??= track;
    return this.#reference === track;
  }

  /** Forgets the wall clock when no track follows it any more. */
  forgetUnusedWall(): void {
    if (this.#tracks.every((track) => !track.followsReports)) this.wallOffsetUs = undefined;
  }
}

/** One track's time; all in microseconds unless it says otherwise. */
export class TrackClock {
  readonly #shared: MediaClock;
  readonly #ticksPerUs: number;
  readonly #baseline = new WindowedMin();
  #ticks: number | undefined;
  #offset: number | undefined;
  #reported: number | undefined;
  #slewedAt = 0;
  #lastTime = Number.NEGATIVE_INFINITY;
  #lastArrivalAt = Number.NEGATIVE_INFINITY;
  #resumedAt = Number.NEGATIVE_INFINITY;
  #excess = 0;
  #judge: { until: number; excessMin: number } | undefined;
  #rebaseCount = 0;
  #driftFrom: { at: number; delay: number } | undefined;
  #driftPpm: number | undefined;

  /** Made by `MediaClock.addTrack`. */
  constructor(shared: MediaClock, clockRate: number) {
    this.#shared = shared;
    this.#ticksPerUs = clockRate / 1e6;
  }

  /** From media time to arrival on an empty way; `undefined` before the track has a time. */
  get delayUs(): number | undefined {
    if (this.#offset === undefined || !Number.isFinite(this.#baseline.value)) return undefined;
    return this.#baseline.value - this.#offset;
  }

  /** Whether the sender's reports are in use. */
  get followsReports(): boolean {
    return this.#reported !== undefined;
  }

  /** Times that the track's clock stood still or jumped. */
  get rebaseCount(): number {
    return this.#rebaseCount;
  }

  /** By how much the track's clock is faster than this machine's, in millionths; `undefined` for the first 15 s. */
  get driftPpm(): number | undefined {
    return this.#driftPpm;
  }

  /** A packet of the track, not a retransmission, has arrived. */
  handleArrival(now: number, timestamp: number): void {
    const media = this.#unwrap(timestamp);
    const delay = now * 1000 - media;
    const gapMs = now - this.#lastArrivalAt;
    if (Number.isFinite(this.#baseline.value)) this.#watch(now, media, gapMs);
    if (gapMs >= PAUSE_MS) this.#resumedAt = now;
    const ended = this.#baseline.add(now, delay);
    if (ended !== undefined) this.#noteDrift(now, ended);
    this.#lastArrivalAt = now;
  }

  /** The sender says that `timestamp` (32 bits) was at `ntpUs` of its wall clock. False when it is not believed. */
  handleSenderReport(ntpUs: number, timestamp: number): boolean {
    if (this.#ticks === undefined) return true;
    const reported = ntpUs - unwrap32(timestamp, this.#ticks) / this.#ticksPerUs;
    const wall = this.#shared.wallOffsetUs;
    const arrival = this.#byArrival() ?? this.#offset;
    if (wall !== undefined && arrival !== undefined && !isNear(reported + wall, arrival)) {
      this.#reported = undefined;
      this.#shared.forgetUnusedWall();
      return false;
    }
    this.#reported = reported;
    return true;
  }

  /** The media time of a frame; frames come in order, and their times rise. May be negative at the very start. */
  timeOf(now: number, timestamp: number): number {
    const media = this.#ticks === undefined ? 0 : unwrap32(timestamp, this.#ticks) / this.#ticksPerUs;
    if (this.#offset === undefined) {
      this.#offset = this.#byArrival() ?? -media;
      this.#slewedAt = now;
    }
    this.#slew(now, this.#offset);
    const time = Math.max(Math.round(media + this.#offset), this.#lastTime + STEP_US_MIN);
    this.#lastTime = time;
    return time;
  }

  #slew(now: number, offset: number): void {
    const missing = this.#target(offset) - offset;
    const passedUs = Math.min(1_000, now - this.#slewedAt) * 1000;
    this.#slewedAt = now;
    if (missing > STEP_US) {
      this.#offset = offset + missing;
      return;
    }
    const share = Math.abs(missing) > FAR_OFF_US ? SLEW_SHARE_FAST : SLEW_SHARE;
    this.#offset = offset + Math.max(-share * passedUs, Math.min(share * passedUs, missing));
  }

  #target(offset: number): number {
    if (this.#reported === undefined) {
      const isLeader = this.#shared.wallOffsetUs === undefined && this.#shared.isReference(this);
      return isLeader ? offset : (this.#byArrival() ?? offset);
    }
    this.#shared.wallOffsetUs ??= offset - this.#reported;
    return this.#reported + this.#shared.wallOffsetUs;
  }

  /** The offset with which this track would be as long under way as the other. */
  #byArrival(): number | undefined {
    const delay = this.#shared.otherThan(this)?.delayUs;
    const baseline = this.#baseline.value;
    return delay === undefined || !Number.isFinite(baseline) ? undefined : baseline - delay;
  }

  /** Notices a clock that stood still or jumped, by a packet that is later or earlier than it could be. */
  #watch(now: number, media: number, gapMs: number): void {
    const excess = now * 1000 - media - this.#baseline.value;
    this.#excess = excess;
    if (excess < -FUTURE_US) return this.#rebase(now, media);
    if (gapMs >= PAUSE_MS) {
      this.#judge = undefined;
      if (excess < PAUSE_EXCESS_US) return;
      if (gapMs >= STALL_MS_MAX || this.#hasOtherGoneOn(now, excess)) return this.#rebase(now, media);
      this.#judge = { until: now + JUDGE_MS, excessMin: excess };
    } else if (this.#judge !== undefined) {
      this.#judge.excessMin = Math.min(this.#judge.excessMin, excess);
      if (this.#judge.excessMin < PAUSE_EXCESS_US) this.#judge = undefined;
      else if (now >= this.#judge.until) this.#rebase(now, media);
    }
  }

  /** Whether the network was in order while this track was silent, and no queue explains its delay. */
  #hasOtherGoneOn(now: number, excess: number): boolean {
    const other = this.#shared.otherThan(this);
    if (other === undefined || excess - other.#excess < PAUSE_EXCESS_US) return false;
    return now - other.#lastArrivalAt < PAUSE_MS / 2 && other.#resumedAt <= this.#lastArrivalAt;
  }

  #rebase(now: number, media: number): void {
    this.#judge = undefined;
    this.#driftFrom = undefined;
    const delay = this.delayUs;
    if (this.#offset !== undefined && delay !== undefined) {
      this.#offset = now * 1000 - delay - media;
      this.#rebaseCount += 1;
    }
    this.#baseline.reset();
    this.#reported = undefined;
    this.#shared.forgetUnusedWall();
  }

  #unwrap(timestamp: number): number {
    this.#ticks = this.#ticks === undefined ? timestamp : unwrap32(timestamp, this.#ticks);
    return this.#ticks / this.#ticksPerUs;
  }

  #noteDrift(now: number, delay: number): void {
    this.#driftFrom ??= { at: now, delay };
    const passedMs = now - this.#driftFrom.at;
    if (passedMs < DRIFT_MS_MIN) return;
    this.#driftPpm = ((this.#driftFrom.delay - delay) / (passedMs * 1000)) * 1e6;
  }
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= REPORT_TRUST_US;
