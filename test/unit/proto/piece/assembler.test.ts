import {
  ChunkAssembler,
  decodePiece,
  Limits,
  type MediaChunk,
  monoMs,
  type Piece,
  Prng,
} from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { Broadcast } from '../../../sim/broadcast.js';

const CHUNK_BYTES = Limits.PIECE_BYTES_MAX * 2 + 10;

/** Chunks of three pieces each; those named are keyframes. */
function chunks(count: number, keyframes: readonly number[], bytesEach: number = CHUNK_BYTES): Piece[][] {
  const broadcast = new Broadcast();
  return Array.from({ length: count }, (_, index) =>
    broadcast
      .cut({
        isKeyframe: keyframes.includes(index),
        bytes: new Uint8Array(bytesEach).fill(index),
        atMs: index * 33,
      })
      .map(decodePiece)
      .filter((piece) => piece !== undefined),
  );
}

function pollAll(assembler: ChunkAssembler, atMs: number): MediaChunk[] {
  const delivered: MediaChunk[] = [];
  for (let chunk = assembler.poll(monoMs(atMs)); chunk; chunk = assembler.poll(monoMs(atMs)))
    delivered.push(chunk);
  return delivered;
}

/** Adds pieces as a session does: polling after each. */
function feed(assembler: ChunkAssembler, pieces: readonly Piece[], atMs: number): MediaChunk[] {
  return pieces.flatMap((piece) => {
    assembler.add(piece);
    return pollAll(assembler, atMs);
  });
}

const numbersOf = (delivered: readonly MediaChunk[]): number[] =>
  delivered.map(({ chunkNumber }) => chunkNumber);

describe('the assembler', () => {
  it('gives chunks back byte for byte, in order', () => {
    const assembler = new ChunkAssembler(0);
    for (const piece of chunks(4, [0]).flat()) assembler.add(piece);
    const delivered = pollAll(assembler, 0);
    expect(numbersOf(delivered)).toEqual([0, 1, 2, 3]);
    expect(delivered.map(({ isKeyframe }) => isKeyframe)).toEqual([true, false, false, false]);
    expect(delivered[2]?.bytes).toEqual(new Uint8Array(CHUNK_BYTES).fill(2));
  });

  it('gives the same whatever the order within its patience', () => {
    for (let seed = 0; seed < 20; seed++) {
      const prng = new Prng(seed);
      const [first = [], ...rest] = chunks(6, [0, 3]);
      const pieces = rest.flat();
      for (let i = pieces.length - 1; i > 0; i--) {
        const j = prng.below(i + 1);
        const [a, b] = [pieces[i], pieces[j]];
        if (a && b) [pieces[i], pieces[j]] = [b, a];
      }
      const assembler = new ChunkAssembler(100);
      const delivered: MediaChunk[] = [];
      for (const piece of [...first, ...pieces]) {
        assembler.add(piece);
        delivered.push(...pollAll(assembler, 0));
      }
      expect(numbersOf(delivered)).toEqual([0, 1, 2, 3, 4, 5]);
    }
  });

  it('ignores duplicates, of what is open and of what was delivered', () => {
    const assembler = new ChunkAssembler(0);
    const pieces = chunks(2, [0]).flat();
    for (const piece of [...pieces, ...pieces]) assembler.add(piece);
    expect(numbersOf(pollAll(assembler, 0))).toEqual([0, 1]);
    for (const piece of pieces) assembler.add(piece);
    expect(pollAll(assembler, 0)).toEqual([]);
  });

  it('begins with the newest complete keyframe, and nothing before it comes out later', () => {
    const assembler = new ChunkAssembler(0);
    const all = chunks(8, [0, 3, 6]);
    for (const index of [1, 2, 3, 4]) for (const piece of all[index] ?? []) assembler.add(piece);
    expect(numbersOf(pollAll(assembler, 0))).toEqual([3, 4]);
    for (const piece of all[0] ?? []) assembler.add(piece);
    expect(pollAll(assembler, 0)).toEqual([]);
  });

  it('gives nothing while no keyframe is complete', () => {
    const assembler = new ChunkAssembler(0);
    const [keyframe = [], delta = []] = chunks(2, [0]);
    for (const piece of [...keyframe.slice(1), ...delta]) assembler.add(piece);
    expect(pollAll(assembler, 0)).toEqual([]);
    expect(assembler.nextTimeout()).toBeUndefined();
  });

  it('waits its patience for a missing piece, then goes on with the newest complete keyframe', () => {
    const assembler = new ChunkAssembler(200);
    const all = chunks(10, [0, 3, 6]);
    const isMissing = ({ header }: Piece): boolean => header.chunkNumber === 1 && header.pieceIndex === 1;
    const pieces = all.flat().filter((piece) => !isMissing(piece));
    expect(numbersOf(feed(assembler, pieces, 1_000))).toEqual([0]);
    expect(assembler.nextTimeout()).toBe(1_200);
    expect(pollAll(assembler, 1_199)).toEqual([]);
    expect(numbersOf(pollAll(assembler, 1_200))).toEqual([6, 7, 8, 9]);
    expect(assembler.chunksSkipped).toBe(5);
  });

  it('goes on without a gap when the missing piece comes in time', () => {
    const assembler = new ChunkAssembler(200);
    const all = chunks(5, [0, 3]);
    const late = all[1]?.slice(2) ?? [];
    const inTime = all.flat().filter((piece) => !late.includes(piece));
    expect(numbersOf(feed(assembler, inTime, 0))).toEqual([0]);
    expect(numbersOf(feed(assembler, late, 199))).toEqual([1, 2, 3, 4]);
    expect(assembler.chunksSkipped).toBe(0);
  });

  it('measures its patience anew for each gap', () => {
    const assembler = new ChunkAssembler(200);
    const all = chunks(12, [0, 2, 6, 8]);
    const without = (lost: number, from: number, to: number): Piece[] =>
      all.flatMap((pieces, index) => (index >= from && index < to && index !== lost ? pieces : []));
    feed(assembler, without(1, 0, 6), 0);
    expect(numbersOf(pollAll(assembler, 200))).toEqual([2, 3, 4, 5]);
    expect(numbersOf(feed(assembler, without(7, 6, 12), 10_000))).toEqual([6]);
    expect(pollAll(assembler, 10_199)).toEqual([]);
    expect(numbersOf(pollAll(assembler, 10_200))).toEqual([8, 9, 10, 11]);
  });

  it('waits for a keyframe however long that takes', () => {
    const assembler = new ChunkAssembler(0);
    const all = chunks(6, [0, 5]);
    const pieces = all.flatMap((each, index) => (index === 2 || index === 5 ? [] : each));
    expect(numbersOf(feed(assembler, pieces, 0))).toEqual([0, 1]);
    expect(pollAll(assembler, 1e9)).toEqual([]);
    expect(numbersOf(feed(assembler, all[5] ?? [], 1e9))).toEqual([5]);
  });

  it('holds at most so many chunks, and after giving one up starts at a keyframe', () => {
    const assembler = new ChunkAssembler(1e9);
    const count = Limits.ASSEMBLER_CHUNKS_MAX + 3;
    const all = chunks(count + 2, [0, count], 10);
    const [first = [], , ...rest] = all;
    expect(numbersOf(feed(assembler, first, 0))).toEqual([0]);
    // Without chunk 1 nothing can go on, until more wait than may: then their order to it is given up.
    const delivered = numbersOf(feed(assembler, rest.flat(), 0));
    expect(delivered).toEqual([count, count + 1]);
    expect(assembler.chunksSkipped).toBeGreaterThan(0);
  });

  it('holds at most so many bytes', () => {
    const assembler = new ChunkAssembler(1e9);
    const bytesEach = 2 * 1024 * 1024;
    const all = chunks(Limits.ASSEMBLER_BYTES_MAX / bytesEach + 4, [0], bytesEach);
    const [keyframe = [], , ...rest] = all;
    for (const piece of [...keyframe.slice(1), ...rest.flat()]) assembler.add(piece);
    // The keyframe was given up: when its last piece comes, nothing of the group may come out.
    expect(feed(assembler, keyframe, 0)).toEqual([]);
  });
});
