import { decodePiece, Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { BROADCAST_START_MS, Broadcast } from '../../../../sim/broadcast.js';
import { RIG_START_MS } from '../rig.js';
import { GROUP_PIECES, MeshRig, STEP_MS } from './mesh-rig.js';

const CHILD = 5;

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

/** A node that feeds one child, with so many pieces behind it. */
class Parent extends MeshRig {
  /** What the child has got, by its own link or by its topics. */
  readonly got: number[] = [];
  #seen = 0;
  readonly #topics = new Set<string>();

  constructor(pieces: number, pieceBytes = 900) {
    super(new Broadcast(), { role: 'publisher', wallAtZeroMs: BROADCAST_START_MS - RIG_START_MS });
    this.pieceBytes = pieceBytes;
    this.input({ kind: 'publish-catalog', signed: this.broadcast.catalog() });
    this.broadcastPieces(pieces);
    this.input({ kind: 'child-opened', link: CHILD });
    this.received(CHILD, this.hello('viewer'));
    this.#listen();
    this.clear();
    this.#seen = 0;
  }

  broadcastPieces(count: number): void {
    for (let i = 0; i < count; i++) {
      this.pass(STEP_MS);
      this.publish([this.cut()]);
    }
    this.#listen();
  }

  subscribe(stripeMask: number, options: { from?: number; behindMs?: number } = {}, bufferedBytes = 0): void {
    this.received(CHILD, { kind: 'subscribe', renditionId: 1, stripeMask, ...options }, bufferedBytes);
    this.#listen();
  }

  unsubscribe(bufferedBytes = 0): void {
    this.received(CHILD, { kind: 'unsubscribe', renditionId: 1 }, bufferedBytes);
    this.#listen();
  }

  /** Follows the outputs as the child's end of the link sees them. */
  #listen(): void {
    for (; this.#seen < this.outputs.length; this.#seen++) {
      const output = this.outputs[this.#seen];
      if (output?.kind === 'attach' && output.link === CHILD) this.#topics.add(output.topic);
      if (output?.kind === 'detach' && output.link === CHILD) this.#topics.delete(output.topic);
      const isForChild =
        (output?.kind === 'transmit' && output.link === CHILD) ||
        (output?.kind === 'publish' && this.#topics.has(output.topic));
      const piece = isForChild ? decodePiece(output.bytes) : undefined;
      if (piece) this.got.push(piece.header.sequence);
    }
  }
}

const ofStripes = (mask: number, sequences: readonly number[]): number[] =>
  sequences.filter((sequence) => (mask & (1 << (sequence % 4))) !== 0);
const sorted = (sequences: readonly number[]): number[] => [...sequences].sort((a, b) => a - b);

describe('a child that wants to begin behind the live edge', () => {
  it('gets an older keyframe, the newest that is old enough', () => {
    const parent = new Parent(3 * GROUP_PIECES + 10);
    // The newest keyframe is 250 ms old, the one before 1,250.
    parent.subscribe(0, { behindMs: 600 });
    expect(parent.got).toEqual(range(2 * GROUP_PIECES, 3 * GROUP_PIECES + 10));
  });

  it('gets the newest keyframe if that is old enough', () => {
    const parent = new Parent(3 * GROUP_PIECES + 30);
    parent.subscribe(0, { behindMs: 600 });
    expect(parent.got).toEqual(range(3 * GROUP_PIECES, 3 * GROUP_PIECES + 30));
  });

  it('gets the oldest keyframe that is held if none is old enough', () => {
    const parent = new Parent(GROUP_PIECES);
    parent.subscribe(0, { behindMs: 5_000 });
    expect(parent.got).toEqual(range(0, GROUP_PIECES));
  });

  it('gets no more than the window, whatever it asks for', () => {
    const parent = new Parent(2 * GROUP_PIECES);
    parent.subscribe(0, { behindMs: 4e9 });
    parent.broadcastPieces(4);
    expect(parent.got).toEqual(range(0, 2 * GROUP_PIECES + 4));
  });
});

describe('a child that says from where', () => {
  it('gets what is held from there on without waiting for a keyframe, then what comes', () => {
    const parent = new Parent(GROUP_PIECES + 20);
    parent.subscribe(0, { from: GROUP_PIECES + 7 });
    parent.broadcastPieces(5);
    expect(parent.got).toEqual(range(GROUP_PIECES + 7, GROUP_PIECES + 25));
  });

  it('gets it though a newer group has begun and the window before it is long', () => {
    const pieceBytes = 12_000;
    const parent = new Parent(4 * GROUP_PIECES + 5, pieceBytes);
    expect(3 * GROUP_PIECES * pieceBytes).toBeGreaterThan(
      (Limits.BITRATE_DEFAULT / 8_000) * Limits.BACKLOG_MS_MAX,
    );
    parent.subscribe(0, { from: 4 * GROUP_PIECES - 5 });
    expect(parent.got).toEqual(range(4 * GROUP_PIECES - 5, 4 * GROUP_PIECES + 5));
  });

  it('that has not come yet gets nothing before it', () => {
    const parent = new Parent(10);
    parent.subscribe(0b0001, { from: 12 });
    parent.broadcastPieces(10);
    expect(parent.got).toEqual([12, 16]);
  });

  it('gets only the stripes that it asks for', () => {
    const parent = new Parent(GROUP_PIECES + 20);
    parent.subscribe(0b0110, { from: GROUP_PIECES });
    parent.broadcastPieces(8);
    expect(parent.got).toEqual(ofStripes(0b0110, range(GROUP_PIECES, GROUP_PIECES + 28)));
  });
});

describe('a child that asks for the same again and again', () => {
  it('is sent what is held so many times, then only what comes', () => {
    const parent = new Parent(8);
    for (let i = 0; i < 2 * Limits.CATCH_UPS_MAX; i++) {
      parent.unsubscribe();
      parent.subscribe(0, { from: 0 });
    }
    expect(parent.got).toHaveLength(8 * Limits.CATCH_UPS_MAX);
    parent.broadcastPieces(3);
    expect(parent.got.slice(-3)).toEqual([8, 9, 10]);
  });
});

describe('a live subscription', () => {
  it('to which stripes are added misses none from there on, and gets none twice', () => {
    const parent = new Parent(GROUP_PIECES);
    parent.subscribe(0b0001, { from: 30 });
    parent.broadcastPieces(10);
    parent.subscribe(0b0111, { from: 36 });
    parent.broadcastPieces(10);
    const expected = [...ofStripes(0b0001, range(30, 60)), ...ofStripes(0b0110, range(36, 60))];
    expect(sorted(parent.got)).toEqual(sorted(expected));
  });

  it('from which stripes are taken gets no more of them, and the others without a gap', () => {
    const parent = new Parent(GROUP_PIECES);
    parent.subscribe(0, { from: 40 });
    parent.broadcastPieces(8);
    parent.subscribe(0b1000);
    parent.broadcastPieces(8);
    expect(parent.got).toEqual([...range(40, 48), ...ofStripes(0b1000, range(48, 56))]);
  });

  it('that changes often misses nothing that it says it lacks, and gets nothing twice', () => {
    const parent = new Parent(GROUP_PIECES);
    parent.subscribe(0, { from: 40 });
    parent.broadcastPieces(4);
    const expected = range(40, 44);
    for (const mask of [0b0011, 0b1111, 0b0101, 0b0111, 0b1111, 0b1000, 0b1111]) {
      parent.subscribe(mask, { from: parent.pieces.length });
      const from = parent.pieces.length;
      parent.broadcastPieces(7);
      expected.push(...ofStripes(mask, range(from, from + 7)));
    }
    expect(parent.got).toEqual(expected);
  });

  it('that is still catching up gets added stripes from where it stands, and nothing twice', () => {
    const parent = new Parent(4 * GROUP_PIECES);
    const pieceBytes = parent.pieces.at(-1)?.length ?? 0;
    // The link holds nearly as much as it may: the burst begins and must wait.
    const nearlyFull = Limits.BURST_BYTES_MAX - 6 * pieceBytes;
    parent.received(CHILD, { kind: 'ping', sentMs: 0 }, nearlyFull);
    parent.subscribe(0b0001, { from: 0 }, nearlyFull);
    expect(parent.got).toEqual([0, 4, 8, 12, 16, 20]);
    parent.subscribe(0b0011, { from: 3 }, nearlyFull + 4 * pieceBytes);
    parent.input({ kind: 'writable', link: CHILD, bufferedBytes: 0 });
    parent.broadcastPieces(4);
    const end = 4 * GROUP_PIECES + 4;
    expect(new Set(parent.got).size).toBe(parent.got.length);
    expect(parent.got).toEqual(
      expect.arrayContaining([
        ...ofStripes(0b0001, range(0, end)),
        ...ofStripes(0b0010, range(GROUP_PIECES, end)),
      ]),
    );
  });
});

describe('a child that asks for everything again and again', () => {
  for (const [name, again] of [
    ['by another mask', (parent: Parent, bytes: number) => parent.subscribe(0b0001, {}, bytes)],
    ['by subscribing anew', (parent: Parent, bytes: number) => parent.unsubscribe(bytes)],
  ] as const)
    it(`${name} gets no more than its link has room for`, () => {
      const parent = new Parent(5 * GROUP_PIECES);
      const pieceBytes = parent.pieces[0]?.length ?? 0;
      const held = () => parent.got.length * pieceBytes;
      // Nothing ever leaves the link.
      for (let i = 0; i < 50; i++) {
        parent.subscribe(0b1111, { from: 0 }, held());
        again(parent, held());
      }
      expect(held()).toBeGreaterThan(Limits.BURST_BYTES_MAX / 2);
      expect(held()).toBeLessThanOrEqual(Limits.BURST_BYTES_MAX);
    });
});
