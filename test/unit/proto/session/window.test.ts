import { Limits, mediaUs, type Piece, wallMs } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { PieceWindow } from '../../../../proto/src/session/window.js';

const GROUP_CHUNKS = 10;
const CHUNK_MS = 100;

/** A one-piece chunk; groups of ten chunks, a second long, unless told otherwise. */
function pieceOf(chunkNumber: number, changes: { bytes?: number; groupOffset?: number } = {}): Piece {
  const { bytes = 100, groupOffset = chunkNumber % GROUP_CHUNKS } = changes;
  const empty = new Uint8Array(0);
  const header = {
    epoch: 1,
    renditionId: 1,
    sequence: chunkNumber,
    chunkNumber,
    pieceIndex: 0,
    pieceCount: 1,
    groupOffset,
    mediaTimeUs: mediaUs(chunkNumber * CHUNK_MS * 1000),
    durationUs: CHUNK_MS * 1000,
    captureMs: wallMs(0),
    payloadDigest: empty,
  };
  return { header, headerBytes: empty, signature: empty, payload: new Uint8Array(bytes), message: empty };
}

/** The chunk numbers that a newcomer would be sent. */
function joinOf(window: PieceWindow): number[] {
  const group = window.newestGroup;
  const numbers: number[] = [];
  if (group === undefined) return numbers;
  for (let next = window.nextArrival(0, group); next; next = window.nextArrival(next.arrival + 1, group))
    numbers.push(next.piece.header.chunkNumber);
  return numbers;
}

function filled(from: number, to: number, bytes = 100): PieceWindow {
  const window = new PieceWindow();
  for (let chunk = from; chunk < to; chunk++) window.add(pieceOf(chunk, { bytes }));
  return window;
}

describe('the window', () => {
  it('gives a newcomer the newest group from its keyframe', () => {
    expect(joinOf(filled(0, 27))).toEqual([20, 21, 22, 23, 24, 25, 26]);
  });

  it('gives a newcomer nothing before the first keyframe', () => {
    expect(joinOf(filled(3, 8))).toEqual([]);
    expect(filled(3, 8).newestGroup).toBeUndefined();
  });

  it('gives pieces in the order they came, those of the group that overtook its keyframe too', () => {
    const window = new PieceWindow();
    for (const chunk of [0, 1, 11, 2, 10, 12]) window.add(pieceOf(chunk));
    expect(joinOf(window)).toEqual([11, 10, 12]);
  });

  it('knows what it holds', () => {
    const window = filled(0, 5);
    expect(window.has(4)).toBe(true);
    expect(window.has(5)).toBe(false);
    expect(window.get(3)?.header.chunkNumber).toBe(3);
  });

  it('goes on from any arrival number, gone ones included', () => {
    const window = filled(0, 400);
    const newest = window.newestGroup ?? 0;
    expect(window.nextArrival(0, 0)?.piece.header.chunkNumber).toBe(290);
    expect(window.nextArrival(395, newest)?.arrival).toBe(395);
    expect(window.nextArrival(window.arrivalEnd, newest)).toBeUndefined();
  });

  it('keeps whole groups of the last ten seconds, and takes nothing older back', () => {
    const window = filled(0, 400);
    expect(window.has(289)).toBe(false);
    expect(window.isPast(289)).toBe(true);
    expect(window.has(290)).toBe(true);
    expect(window.isPast(290)).toBe(false);
    expect(window.bytes).toBe(110 * (100 + Limits.PIECE_OVERHEAD_BYTES));
  });

  it('drops the oldest groups beyond its bytes', () => {
    const window = filled(0, 40, 1024 * 1024);
    expect(window.bytes).toBeLessThanOrEqual(Limits.WINDOW_BYTES_MAX);
    expect(window.has(9)).toBe(false);
    expect(window.has(39)).toBe(true);
    expect(joinOf(window)[0]).toBe(30);
  });

  it('does not keep a group that is too long; newcomers wait for the next one', () => {
    const window = new PieceWindow();
    const bytes = 1024 * 1024;
    for (let chunk = 0; chunk < 20; chunk++) window.add(pieceOf(chunk, { bytes, groupOffset: chunk }));
    expect(window.newestGroup).toBeUndefined();
    expect(window.bytes).toBe(0);
    expect(window.has(19)).toBe(true);
    window.add(pieceOf(20, { bytes, groupOffset: 0 }));
    expect(joinOf(window)).toEqual([20]);
  });

  it('stays within its bytes when keyframes never come', () => {
    const window = filled(0, 1);
    for (let chunk = 1; chunk < 5_000; chunk++)
      if (chunk % GROUP_CHUNKS !== 0) window.add(pieceOf(chunk, { bytes: 100_000 }));
    expect(window.bytes).toBeLessThanOrEqual(Limits.WINDOW_BYTES_MAX);
  });

  it('counts tiny pieces as what they cost', () => {
    const window = new PieceWindow();
    const count = Limits.GROUP_BYTES_MAX / Limits.PIECE_OVERHEAD_BYTES + 10;
    for (let chunk = 0; chunk < count; chunk++) window.add(pieceOf(chunk, { bytes: 1, groupOffset: chunk }));
    expect(window.newestGroup).toBeUndefined();
    expect(window.bytes).toBe(0);
  });
});
