import { describe, expect, it } from 'vitest';
import {
  JUMP_MS,
  PIPELINE_MS,
  Playout,
  type PlayoutView,
  RATE_SHIFT_MAX,
  START_MS,
  TARGET_MS_MAX,
  TARGET_MS_MIN,
} from '../../../../viewer/src/playback/playout.js';
import { at, CHUNK_MS } from './chunks.js';
import { SimulatedPlayer } from './simulated-player.js';

const view = (over: Partial<PlayoutView> = {}): PlayoutView => ({
  nowMs: at(0),
  currentTimeS: 10,
  ranges: [{ startS: 5, endS: 10.08 }],
  isPlaying: true,
  isFollowing: true,
  isStalled: false,
  hasAudio: false,
  targetFloorMs: 0,
  chunkMs: CHUNK_MS,
  jitterMs: 0,
  ...over,
});
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('playout target', () => {
  it('is small where chunks are short and come on time', () => {
    expect(new Playout().targetMs(view())).toBeCloseTo(PIPELINE_MS.videoOnly + CHUNK_MS / 2);
  });

  it('grows with the jitter, one to one', () => {
    const playout = new Playout();
    expect(playout.targetMs(view({ jitterMs: 80 })) - playout.targetMs(view({ jitterMs: 30 }))).toBeCloseTo(
      50,
    );
  });

  it('stays within its limits', () => {
    expect(new Playout().targetMs(view({ jitterMs: 9999 }))).toBe(TARGET_MS_MAX);
    expect(new Playout().targetMs(view({ chunkMs: 0, jitterMs: -20 }))).toBe(TARGET_MS_MIN);
  });

  it('waits for sound that is further behind', () => {
    expect(new Playout().targetMs(view({ targetFloorMs: 150 }))).toBe(150);
  });

  it('grows after a stall and falls back when all is calm', () => {
    const playout = new Playout();
    const before = playout.decide(view()).targetMs;
    playout.noteStall(at(0));
    const after = playout.decide(view({ nowMs: at(20) })).targetMs;
    expect(after).toBeGreaterThan(before);
    for (let ms = 0; ms <= 60_000; ms += 50) playout.decide(view({ nowMs: at(ms) }));
    expect(playout.decide(view({ nowMs: at(60_000) })).targetMs).toBeLessThan(after);
  });

  it('does not go all the way back to a target that ran dry, until the lesson is old', () => {
    const playout = new Playout();
    const before = playout.targetMs(view());
    playout.noteStall(at(0));
    for (let ms = 0; ms <= 250_000; ms += 500) playout.decide(view({ nowMs: at(ms) }));
    expect(playout.targetMs(view())).toBeGreaterThan(before);
    for (let ms = 250_000; ms <= 400_000; ms += 500) playout.decide(view({ nowMs: at(ms) }));
    expect(playout.targetMs(view())).toBe(before);
  });

  it('takes several stalls in a row as one lesson', () => {
    const [once, often] = [new Playout(), new Playout()];
    once.noteStall(at(0));
    for (const ms of [0, 100, 200]) often.noteStall(at(ms));
    expect(often.targetMs(view())).toBe(once.targetMs(view()));
  });
});

describe('playout rate', () => {
  it('comes down to the target from further behind, without a jump', () => {
    const player = new SimulatedPlayer({ startMs: 500 }).run(20_000);
    expect(player.seekCount).toBe(0);
    expect(mean(player.bufferMs.slice(-300))).toBeCloseTo(player.decisions.at(-1)?.targetMs ?? 0, -1.5);
  });

  it('falls back to the target when it is too near to live', () => {
    const player = new SimulatedPlayer({ startMs: 20 }).run(20_000);
    const targetMs = player.decisions.at(-1)?.targetMs ?? 0;
    expect(Math.abs(mean(player.bufferMs.slice(-300)) - targetMs)).toBeLessThan(15);
  });

  it('never leaves its bounds while it corrects', () => {
    const player = new SimulatedPlayer({ startMs: 900 }).run(30_000);
    const rates = player.decisions.map((decision) => decision.rate);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1 + RATE_SHIFT_MAX + 1e-9);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1 - RATE_SHIFT_MAX - 1e-9);
  });

  it('is exactly 1 once it is there', () => {
    const player = new SimulatedPlayer({ startMs: 57 }).run(20_000);
    expect(player.decisions.slice(-500).filter((decision) => decision.rate !== 1)).toHaveLength(0);
  });

  it('does not stall under jitter that it was told of', () => {
    const lateMs = (n: number): number => (n * 7919) % 40;
    const player = new SimulatedPlayer({ lateMs, jitterMs: 40, startMs: 110 }).run(30_000);
    expect(player.stallCount).toBe(0);
  });

  it('finds by its stalls how much an element needs that needs more than most', () => {
    const player = new SimulatedPlayer({ needsMs: 120 }).run(60_000);
    const before = player.stallCount;
    player.run(120_000);
    expect(before).toBeGreaterThan(0);
    expect(player.stallCount - before).toBeLessThanOrEqual(1);
  });

  it('stands still for a moment after repeated stalls, so that one stop does not become five', () => {
    const playout = new Playout();
    playout.noteStall(at(1000));
    expect(playout.decide(view({ nowMs: at(1010), ranges: [{ startS: 5, endS: 10.03 }] })).rate).not.toBe(0);
    playout.noteStall(at(1100));
    expect(playout.decide(view({ nowMs: at(1110), ranges: [{ startS: 5, endS: 10.03 }] })).rate).toBe(0);
    expect(
      playout.decide(view({ nowMs: at(1150), ranges: [{ startS: 5, endS: 10.2 }] })).rate,
    ).toBeGreaterThan(0);
    playout.noteStall(at(1200));
    expect(playout.decide(view({ nowMs: at(1800), ranges: [{ startS: 5, endS: 10.03 }] })).rate).not.toBe(0);
  });

  it('leaves somebody who went back alone', () => {
    const decision = new Playout().decide(view({ isFollowing: false, ranges: [{ startS: 0, endS: 40 }] }));
    expect(decision).toMatchObject({ rate: 1 });
    expect(decision.seekToS).toBeUndefined();
  });
});

describe('playout jumps', () => {
  it('to the live edge when it is hopelessly behind', () => {
    const decision = new Playout().decide(
      view({ ranges: [{ startS: 0, endS: 10 + (JUMP_MS + 200) / 1000 }] }),
    );
    expect(decision.seekReason).toBe('behind');
    expect(decision.seekToS).toBeGreaterThan(11);
  });

  it('once, and then gives the browser time', () => {
    const playout = new Playout();
    const behind = { ranges: [{ startS: 0, endS: 15 }] };
    expect(playout.decide(view(behind)).seekToS).toBeDefined();
    expect(playout.decide(view({ ...behind, nowMs: at(50) })).seekToS).toBeUndefined();
    expect(playout.decide(view({ ...behind, nowMs: at(1100) })).seekToS).toBeDefined();
  });

  it('back to live when the page wakes up', () => {
    const player = new SimulatedPlayer().run(3000).sleep(30_000).run(2000);
    expect(player.seekCount).toBe(1);
    expect(player.bufferMs.at(-1)).toBeLessThan(200);
  });

  it('on request, even when it is only a little behind', () => {
    const playout = new Playout();
    playout.requestJump('live');
    expect(playout.decide(view({ ranges: [{ startS: 5, endS: 10.6 }] })).seekReason).toBe('behind');
    expect(playout.decide(view({ nowMs: at(20) })).seekToS).toBeUndefined();
  });

  it('with enough in hand for sound to start at once', () => {
    const playout = new Playout();
    playout.requestJump('live');
    const { seekToS } = playout.decide(view({ hasAudio: true, ranges: [{ startS: 5, endS: 12 }] }));
    expect(12 - (seekToS ?? 0)).toBeCloseTo(START_MS.withAudio / 1000);
  });

  it('across a hole that the playhead has come to', () => {
    const ranges = [
      { startS: 5, endS: 10.01 },
      { startS: 10.5, endS: 10.58 },
    ];
    const decision = new Playout().decide(view({ ranges }));
    expect(decision.seekReason).toBe('gap');
    expect(decision.seekToS).toBeGreaterThanOrEqual(10.5);
  });

  it('not across a hole that is still ahead', () => {
    const ranges = [
      { startS: 5, endS: 10.5 },
      { startS: 11, endS: 11.1 },
    ];
    expect(new Playout().decide(view({ ranges })).seekToS).toBeUndefined();
  });

  it('into the buffer when the playhead lies before all of it', () => {
    const decision = new Playout().decide(view({ currentTimeS: 0 }));
    expect(decision.seekToS).toBeGreaterThanOrEqual(5);
  });

  it('to start again when it ran dry and has enough, since the browser would wait for twice as much', () => {
    const dry = { isStalled: true, hasAudio: true };
    const few = new Playout().decide(view({ ...dry, ranges: [{ startS: 5, endS: 10.1 }] }));
    const enough = new Playout().decide(view({ ...dry, ranges: [{ startS: 5, endS: 10.3 }] }));
    expect(few.seekToS).toBeUndefined();
    expect(enough.seekReason).toBe('restart');
  });

  it('never while paused', () => {
    const decision = new Playout().decide(view({ isPlaying: false, ranges: [{ startS: 0, endS: 30 }] }));
    expect(decision).toMatchObject({ rate: 1 });
    expect(decision.seekToS).toBeUndefined();
  });

  it('nowhere when nothing is buffered', () => {
    expect(new Playout().decide(view({ ranges: [] }))).toMatchObject({ rate: 1, bufferMs: 0 });
  });
});
