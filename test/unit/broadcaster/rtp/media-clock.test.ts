import { Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { MediaClock, type TrackClock } from '../../../../broadcaster/src/ingest/rtp/media-clock.js';

const WALL_US = 3.9e15;

type Side = {
  readonly clock: TrackClock;
  readonly rate: number;
  readonly ppm: number;
  readonly delayMs: number;
};

const ticks = (side: Side, at: number): number =>
  (2 ** 32 - 1e6 + Math.round((at * side.rate * (1 + side.ppm / 1e6)) / 1000)) % 2 ** 32;

/** Sound of 20 ms and 30 pictures a second for `ms`; the error of sound against picture at each sound. */
function play(options: {
  ms: number;
  ppm?: { video: number; audio: number };
  hasReports?: boolean;
  jitterMs?: number;
}): { errorsMs: number[]; video: Side; audio: Side; videoTimes: number[]; audioTimes: number[] } {
  const shared = new MediaClock();
  const prng = new Prng('clock');
  const ppm = options.ppm ?? { video: 0, audio: 0 };
  const video: Side = { clock: shared.addTrack(90_000), rate: 90_000, ppm: ppm.video, delayMs: 30 };
  const audio: Side = { clock: shared.addTrack(48_000), rate: 48_000, ppm: ppm.audio, delayMs: 36 };
  const errorsMs: number[] = [];
  const videoTimes: number[] = [];
  const audioTimes: number[] = [];
  let lastVideo = { at: 0, timeUs: 0 };
  for (let at = 0; at < options.ms; at += 20) {
    const frame = (side: Side): number => {
      const now = at + side.delayMs + prng.next() * (options.jitterMs ?? 0);
      side.clock.handleArrival(now, ticks(side, at));
      return side.clock.timeOf(now, ticks(side, at));
    };
    if (at % 40 === 0) {
      lastVideo = { at, timeUs: frame(video) };
      videoTimes.push(lastVideo.timeUs);
    }
    const timeUs = frame(audio);
    audioTimes.push(timeUs);
    errorsMs.push((timeUs - lastVideo.timeUs) / 1000 - (at - lastVideo.at));
    if (options.hasReports !== false && at % 1000 === 0 && at >= 2500)
      for (const side of [video, audio]) side.clock.handleSenderReport(WALL_US + at * 1000, ticks(side, at));
  }
  return { errorsMs, video, audio, videoTimes, audioTimes };
}

const largest = (values: readonly number[]): number =>
  values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

describe('MediaClock', () => {
  it('begins with the arrivals and moves to what the sender reports, without a jump', () => {
    const { errorsMs, audioTimes } = play({ ms: 20_000 });
    expect(largest(errorsMs.slice(0, 100))).toBeLessThan(10);
    expect(largest(errorsMs.slice(-100))).toBeLessThan(0.2);
    const steps = audioTimes.slice(1).map((time, i) => time - (audioTimes[i] ?? 0));
    expect(Math.min(...steps)).toBeGreaterThan(19_800);
    expect(Math.max(...steps)).toBeLessThan(20_200);
  });

  it('holds sound and picture together for half an hour while their clocks drift apart', () => {
    const { errorsMs, video, audio, audioTimes } = play({
      ms: 30 * 60_000,
      ppm: { video: 0, audio: 100 },
      jitterMs: 8,
    });
    expect(largest(errorsMs.slice(1000))).toBeLessThan(3);
    expect(audio.clock.driftPpm).toBeGreaterThan(85);
    expect(audio.clock.driftPpm).toBeLessThan(115);
    expect(Math.abs(video.clock.driftPpm ?? 99)).toBeLessThan(15);
    // The sender's wall clock is what time follows.
    expect(Math.abs((audioTimes.at(-1) ?? 0) - (30 * 60_000 - 20) * 1000)).toBeLessThan(10_000);
  });

  it('follows the sender when all of its clocks are fast', () => {
    const { errorsMs, videoTimes } = play({
      ms: 10 * 60_000,
      ppm: { video: 100, audio: 100 },
      hasReports: false,
    });
    expect(largest(errorsMs)).toBeLessThan(10);
    const expectedUs = (10 * 60_000 - 40) * 1000 * (1 + 100e-6);
    expect(Math.abs((videoTimes.at(-1) ?? 0) - expectedUs)).toBeLessThan(5_000);
  });

  it('holds drifting tracks together by their arrivals when nothing is reported', () => {
    const { errorsMs } = play({
      ms: 10 * 60_000,
      ppm: { video: 0, audio: 200 },
      hasReports: false,
      jitterMs: 5,
    });
    expect(largest(errorsMs)).toBeLessThan(12);
  });

  it('does not follow reports from a clock that has nothing to do with the arrivals', () => {
    const { video, audio } = play({ ms: 5_000 });
    const at = 5_000;
    expect(video.clock.handleSenderReport(WALL_US + at * 1000, ticks(video, at))).toBe(true);
    expect(audio.clock.handleSenderReport(WALL_US + at * 1000 + 9e6, ticks(audio, at))).toBe(false);
    expect(audio.clock.followsReports).toBe(false);
    audio.clock.handleArrival(at + 36, ticks(audio, at));
    video.clock.handleArrival(at + 30, ticks(video, at));
    const apart =
      audio.clock.timeOf(at + 36, ticks(audio, at)) - video.clock.timeOf(at + 36, ticks(video, at));
    expect(Math.abs(apart)).toBeLessThan(10_000);
  });

  it('never goes backwards, whatever the timestamps do', () => {
    const prng = new Prng('wild');
    const clock = new MediaClock().addTrack(90_000);
    let before = Number.NEGATIVE_INFINITY;
    for (let now = 0; now < 20_000; now += 1 + prng.below(400)) {
      const timestamp = prng.uint32();
      clock.handleArrival(now, timestamp);
      const time = clock.timeOf(now, prng.below(2) === 0 ? timestamp : prng.uint32());
      expect(time).toBeGreaterThan(before);
      before = time;
    }
  });

  it('puts a track whose timestamps jump ahead where it arrives', () => {
    const { audio, audioTimes } = play({ ms: 5_000 });
    const jumped = (ticks(audio, 5_000) + 48_000 * 3600) % 2 ** 32;
    audio.clock.handleArrival(5_036, jumped);
    const time = audio.clock.timeOf(5_036, jumped);
    expect(Math.abs(time - (audioTimes.at(-1) ?? 0) - 20_000)).toBeLessThan(2_000);
    expect(audio.clock.rebaseCount).toBe(1);
  });
});
