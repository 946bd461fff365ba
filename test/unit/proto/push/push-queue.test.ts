import { addMs, type MonoMs, monoMs, Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { PushLimits, PushQueue } from '../../../../proto/src/push/index.js';

const PIECE_BYTES = 16_000;
const piece = (mark: number, bytes = PIECE_BYTES): Uint8Array => {
  const message = new Uint8Array(bytes);
  message[0] = mark;
  return message;
};
const at = monoMs;

function queueOf(weights: Readonly<Record<number, number>>, uplinkBps = 8_000_000): PushQueue {
  const queue = new PushQueue({ uplinkBps });
  for (const [link, weight] of Object.entries(weights)) queue.setChild(Number(link), weight);
  return queue;
}

/** Polls and reports every link as drained after each message: the order alone shows. */
function drain(queue: PushQueue, now: MonoMs): string[] {
  const sent: string[] = [];
  for (let next = queue.poll(now); next; next = queue.poll(now)) {
    sent.push(`${next.link}:${next.bytes[0]}`);
    queue.buffered(next.link, 0);
  }
  return sent;
}

type Arrival = { readonly link: number; readonly mark: number; readonly at: number };

/** One uplink that sends what was polled in that order at `bps(t)`, and reports each link's queue as it drains. */
class Uplink {
  readonly arrivals: Arrival[] = [];
  readonly #queue: PushQueue;
  readonly #bps: (t: number) => number;
  readonly #line: { link: number; bytes: Uint8Array; endsAt: number }[] = [];
  readonly #held = new Map<number, number>();
  #freeAt = 0;

  constructor(queue: PushQueue, bps: (t: number) => number) {
    this.#queue = queue;
    this.#bps = bps;
  }

  step(t: number): void {
    for (let first = this.#line[0]; first && first.endsAt <= t; first = this.#line[0]) {
      this.#line.shift();
      const held = (this.#held.get(first.link) ?? 0) - first.bytes.length;
      this.#held.set(first.link, held);
      this.#queue.buffered(first.link, held);
      this.arrivals.push({ link: first.link, mark: first.bytes[0] ?? 0, at: first.endsAt });
    }
    for (let next = this.#queue.poll(at(t)); next; next = this.#queue.poll(at(t))) {
      this.#freeAt = Math.max(this.#freeAt, t) + (next.bytes.length * 8000) / this.#bps(t);
      this.#line.push({ ...next, endsAt: this.#freeAt });
      this.#held.set(next.link, (this.#held.get(next.link) ?? 0) + next.bytes.length);
    }
  }
}

describe('the push queue', () => {
  it('sends a piece to the biggest subtree first', () => {
    const queue = queueOf({ 1: 1, 2: 40, 3: 7 });
    for (const link of [1, 2, 3])
      queue.push(at(0), link, { bytes: piece(9), deadline: at(600), isRepair: false });
    expect(drain(queue, at(0))).toEqual(['2:9', '3:9', '1:9']);
  });

  it('sends earlier deadlines first, repairs among them by their own', () => {
    const queue = queueOf({ 1: 1, 2: 1 });
    queue.push(at(0), 1, { bytes: piece(3), deadline: at(700), isRepair: false });
    queue.push(at(0), 1, { bytes: piece(1), deadline: at(500), isRepair: false });
    queue.push(at(0), 2, { bytes: piece(2), deadline: at(600), isRepair: true });
    expect(drain(queue, at(0))).toEqual(['1:1', '2:2', '1:3']);
  });

  it('counts the hops below a child into its deadline', () => {
    const queue = queueOf({ 1: 1, 2: 64 });
    queue.push(at(0), 1, { bytes: piece(1), deadline: at(500), isRepair: false });
    // 64 viewers are six hops: 180 ms earlier than a leaf, although its deadline is 100 ms later.
    queue.push(at(0), 2, { bytes: piece(2), deadline: at(600), isRepair: false });
    expect(drain(queue, at(0))).toEqual(['2:2', '1:1']);
  });

  it('goes on with the latest once it has fallen behind, and lets what is in time pass', () => {
    const queue = queueOf({ 1: 64, 2: 1 });
    for (const [mark, deadline] of [
      [1, 500],
      [2, 533],
      [3, 566],
    ] as const)
      queue.push(at(0), 1, { bytes: piece(mark), deadline: at(deadline), isRepair: false });
    queue.push(at(0), 2, { bytes: piece(9), deadline: at(700), isRepair: false });
    expect(drain(queue, at(450))).toEqual(['2:9', '1:3', '1:2', '1:1']);
  });

  it('never sends what cannot arrive by its deadline', () => {
    const queue = queueOf({ 1: 4 });
    queue.push(at(0), 1, { bytes: piece(1), deadline: at(100), isRepair: false });
    queue.push(at(0), 1, { bytes: piece(2), deadline: at(100), isRepair: true });
    expect(drain(queue, at(100))).toEqual([]);
    expect(queue.stats.droppedLate).toBe(2);
    queue.setChild(1, 4, 80);
    queue.push(at(0), 1, { bytes: piece(3), deadline: at(100), isRepair: false });
    expect(drain(queue, at(30))).toEqual([]);
    expect(queue.stats).toMatchObject({ sent: 0, droppedLate: 3, queuedBytes: 0 });
  });

  it('keeps little in the links, and counts what it handed out until the link reports', () => {
    const queue = queueOf({ 1: 1, 2: 1 });
    for (let i = 0; i < 40; i++)
      queue.push(at(0), 1 + (i % 2), { bytes: piece(i), deadline: at(5_000), isRepair: false });
    let bytes = 0;
    for (let next = queue.poll(at(0)); next; next = queue.poll(at(0))) bytes += next.bytes.length;
    // 60 ms of 8 Mbit/s, and less than one message more.
    expect(bytes).toBeGreaterThanOrEqual(60_000);
    expect(bytes).toBeLessThan(60_000 + PIECE_BYTES);
    expect(queue.poll(at(10))).toBeUndefined();
    queue.buffered(1, 0);
    expect(queue.poll(at(10))?.link).toBe(1);
  });

  it('does not let a stuck link hold up the others', () => {
    const queue = queueOf({ 1: 9, 2: 1, 3: 1 });
    const sent = new Map<number, number>();
    let heldBy1 = 0;
    for (let t = 0; t < 2_000; t += 10) {
      for (const link of [1, 2, 3])
        if (t % 50 === 0)
          queue.push(at(t), link, { bytes: piece(1), deadline: at(t + 300), isRepair: false });
      for (let next = queue.poll(at(t)); next; next = queue.poll(at(t))) {
        sent.set(next.link, (sent.get(next.link) ?? 0) + 1);
        if (next.link === 1) heldBy1 += next.bytes.length;
        queue.buffered(next.link, next.link === 1 ? heldBy1 : 0);
      }
    }
    expect(sent.get(2)).toBe(40);
    expect(sent.get(3)).toBe(40);
    expect(sent.get(1)).toBeLessThan(5);
    expect(queue.takeSlowChildren()).toEqual([1]);
  });

  it('does not let several stuck links take the whole of what may be in flight', () => {
    const queue = queueOf({ 1: 9, 2: 8, 3: 7, 4: 1 });
    const held = new Map<number, number>();
    let sent = 0;
    for (let t = 0; t < 3_000; t += 10) {
      for (const link of [1, 2, 3, 4])
        if (t % 100 === 0)
          queue.push(at(t), link, { bytes: piece(1), deadline: at(t + 90), isRepair: false });
      for (let next = queue.poll(at(t)); next; next = queue.poll(at(t))) {
        const bytes = (held.get(next.link) ?? 0) + next.bytes.length;
        if (next.link === 4) sent++;
        else held.set(next.link, bytes);
        queue.buffered(next.link, next.link === 4 ? 0 : bytes);
      }
    }
    expect(sent).toBeGreaterThan(23);
  });

  it('tells of a slow child once, and forgives it as soon as something goes out to it', () => {
    const queue = queueOf({ 1: 1 });
    const dropAll = (from: number): void => {
      for (let i = 0; i < PushLimits.PUSH_SLOW_DROPS; i++) {
        queue.push(at(from), 1, { bytes: piece(1), deadline: at(from + 10), isRepair: false });
        expect(queue.takeSlowChildren()).toEqual([]);
        queue.poll(at(from + 20));
      }
    };
    dropAll(0);
    expect(queue.takeSlowChildren()).toEqual([1]);
    dropAll(100);
    queue.push(at(200), 1, { bytes: piece(1), deadline: at(400), isRepair: false });
    queue.poll(at(200));
    expect(queue.takeSlowChildren()).toEqual([]);
  });

  it('does not hold against a child what came too late to be passed on', () => {
    const queue = queueOf({ 1: 1 });
    for (let i = 0; i < 3 * PushLimits.PUSH_SLOW_DROPS; i++) {
      queue.push(at(1_000), 1, { bytes: piece(1), deadline: at(990), isRepair: false });
      expect(queue.poll(at(1_000))).toBeUndefined();
    }
    expect(queue.takeSlowChildren()).toEqual([]);
  });

  it('drops what has the least chance when a child or the whole is full', () => {
    const queue = queueOf({ 1: 1 });
    const count = Math.floor(PushLimits.PUSH_CHILD_BYTES_MAX / PIECE_BYTES);
    for (let i = 0; i < count + 3; i++)
      queue.push(at(0), 1, { bytes: piece(i), deadline: at(1_000 + 50 * i), isRepair: false });
    expect(queue.stats).toMatchObject({ droppedOverflow: 3, queuedBytes: count * PIECE_BYTES });
    expect(queue.poll(at(0))?.bytes[0]).toBe(3);

    const wide = new PushQueue({ uplinkBps: 1e7 });
    for (let link = 0; link < 8; link++) {
      wide.setChild(link, 1);
      for (let i = 0; i < 25; i++)
        wide.push(at(0), link, { bytes: piece(i), deadline: at(9_000 - 1_000 * link + i), isRepair: false });
    }
    expect(wide.stats.queuedBytes).toBeLessThanOrEqual(PushLimits.PUSH_TOTAL_BYTES_MAX);
    expect(wide.stats.droppedOverflow).toBe(200 - Math.floor(PushLimits.PUSH_TOTAL_BYTES_MAX / PIECE_BYTES));
  });

  it('bounds tiny jobs and children too', () => {
    const queue = queueOf({ 1: 1 });
    for (let i = 0; i < 2_000; i++)
      queue.push(at(0), 1, { bytes: piece(1, 1), deadline: at(900), isRepair: true });
    expect(queue.stats.queuedBytes).toBe(PushLimits.PUSH_CHILD_JOBS_MAX);
    for (let link = 2; link < 100; link++) queue.setChild(link, 1);
    queue.push(at(0), PushLimits.PUSH_CHILDREN_MAX, {
      bytes: piece(1),
      deadline: at(900),
      isRepair: false,
    });
    const before = queue.stats.droppedOverflow;
    queue.push(at(0), 99, { bytes: piece(1), deadline: at(900), isRepair: false });
    expect(queue.stats.droppedOverflow).toBe(before + 1);
  });

  it('forgets a child with all that waits for it', () => {
    const queue = queueOf({ 1: 1, 2: 1 });
    for (const link of [1, 2])
      queue.push(at(0), link, { bytes: piece(link), deadline: at(500), isRepair: false });
    queue.removeChild(1);
    expect(queue.stats.queuedBytes).toBe(PIECE_BYTES);
    expect(drain(queue, at(0))).toEqual(['2:2']);
    expect(queue.nextTimeout()).toBeUndefined();
  });

  it('asks to be polled when the next job is late, and not before again', () => {
    const queue = queueOf({ 1: 1 });
    for (let i = 0; i < 9; i++)
      queue.push(at(0), 1, { bytes: piece(i), deadline: at(200 + i), isRepair: false });
    while (queue.poll(at(0)));
    let polls = 0;
    for (let next = queue.nextTimeout(); next !== undefined; next = queue.nextTimeout()) {
      const before = queue.stats.droppedLate;
      while (queue.poll(next));
      expect(queue.nextTimeout() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(next);
      expect(queue.stats.droppedLate).toBeGreaterThanOrEqual(before);
      polls++;
      expect(polls).toBeLessThan(30);
    }
    expect(queue.stats.queuedBytes).toBe(0);
  });

  it('recovers from an estimate that is far too low', () => {
    const queue = queueOf({ 1: 1 }, 0);
    const uplink = new Uplink(queue, () => 8_000_000);
    for (let t = 0; t < 1_000; t++) {
      if (t % 100 === 0) queue.push(at(t), 1, { bytes: piece(1), deadline: at(t + 200), isRepair: false });
      uplink.step(t);
    }
    expect(uplink.arrivals).toHaveLength(10);
  });

  it('has everything there in time when the uplink suffices, keyframe bursts included', () => {
    const prng = new Prng('push');
    const weights = { 1: 30, 2: 8, 3: 3, 4: 1, 5: 1, 6: 1 };
    const queue = queueOf(weights, 10_000_000);
    const uplink = new Uplink(queue, () => 10_000_000);
    let pushed = 0;
    for (let t = 0; t < 10_000; t++) {
      const count = t % 1000 === 0 ? 2 : t % 90 === 0 ? 1 : 0;
      for (let i = 0; i < count; i++)
        for (const link of Object.keys(weights)) {
          const bytes = piece(1, 12_000 + prng.below(4_000));
          queue.push(at(t), Number(link), { bytes, deadline: at(t + 400), isRepair: false });
          pushed++;
        }
      uplink.step(t);
    }
    expect(queue.stats).toMatchObject({ droppedLate: 0, droppedOverflow: 0 });
    expect(uplink.arrivals.length).toBeGreaterThan(pushed - 12);
    expect(queue.stats.queueDelayMs).toBeLessThan(60);
  });

  it('under half the uplink that it needs sends nothing late and serves the big subtree best', () => {
    const queue = queueOf({ 1: 40, 2: 1, 3: 1, 4: 1 }, 2_000_000);
    const uplink = new Uplink(queue, () => 2_000_000);
    let pieces = 0;
    for (let t = 0; t < 20_000; t++) {
      if (t % 128 === 0) {
        pieces++;
        for (const link of [1, 2, 3, 4])
          queue.push(at(t), link, { bytes: piece(pieces), deadline: at(t + 400), isRepair: false });
      }
      uplink.step(t);
    }
    const late = uplink.arrivals.filter(({ mark, at: t }) => t > (((mark - 1) * 128 + 400) % 32_768) + 1);
    expect(late).toEqual([]);
    const shareOf = (link: number): number =>
      uplink.arrivals.filter((arrival) => arrival.link === link).length / pieces;
    // Half of four streams fit: the 40 viewers behind the first child are to lose nothing.
    expect(shareOf(1)).toBeGreaterThan(0.95);
    expect(shareOf(2) + shareOf(3) + shareOf(4)).toBeGreaterThan(0.85);
    expect(queue.stats.queuedBytes).toBeLessThan(PushLimits.PUSH_TOTAL_BYTES_MAX / 4);
  });

  it('hands on the very bytes that it was given', () => {
    const queue = queueOf({ 1: 1 });
    const bytes = piece(5);
    queue.push(at(0), 1, { bytes, deadline: addMs(at(0), 100), isRepair: false });
    expect(queue.poll(at(0))?.bytes).toBe(bytes);
  });
});
