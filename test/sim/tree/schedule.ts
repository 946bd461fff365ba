/** When which piece of the broadcast exists: the source as columns, known in advance since nothing acts back on it. */

import { Limits, Prng } from '@freshet/proto';
import { SOURCE_DEFAULT } from '../source.js';

/** The stream that a run carries. */
export type StreamOptions = {
  readonly seed: string;
  readonly seconds: number;
  readonly bitrate: number;
  /** 1, 2, 3, 5 or 6 frames of 1/30 s: a group of 30 frames is cut evenly. */
  readonly framesPerChunk: number;
  readonly stripeCount: number;
  /** The last stripe carries the exclusive-or of the others' pieces, row by row. */
  readonly hasParity: boolean;
  /** Frames other than keyframes vary in size by up to this share either way. */
  readonly sizeSpread: number;
};

/** The event simulator's: 4 Mbit/s, a keyframe of six ordinary frames each second, 35 pieces a second. */
export const STREAM_DEFAULT: Omit<StreamOptions, 'seed' | 'seconds'> = {
  bitrate: SOURCE_DEFAULT.bitrate,
  framesPerChunk: 1,
  stripeCount: Limits.STRIPES_DEFAULT,
  hasParity: false,
  sizeSpread: 0,
};

const FRAMES_PER_SECOND = 30;
const FRAME_MS = 1000 / FRAMES_PER_SECOND;
const KEYFRAME_WEIGHT = SOURCE_DEFAULT.keyframeWeight;

/** Header, signature and frame of a piece message. */
export const PIECE_ENVELOPE_BYTES = 160;

/** The pieces in order of sequence, and the chunks that they make up. */
export type Schedule = {
  readonly stripeCount: number;
  readonly hasParity: boolean;
  readonly pieceCount: number;
  readonly chunkOf: Int32Array;
  /** Bytes of the whole message. */
  readonly bytes: Float64Array;
  /** When the source has the piece. Never falls. */
  readonly publishMs: Float64Array;
  readonly isParity: Uint8Array;
  readonly chunkCount: number;
  /** Capture of the chunk's first frame. */
  readonly captureMs: Float64Array;
  /** First piece after the chunk's last one. */
  readonly chunkEnd: Int32Array;
  /** First piece of the group that the piece belongs to. */
  readonly groupStart: Int32Array;
  /** Pieces that the largest chunk has, parity aside. */
  readonly chunkPiecesMax: number;
};

type Draft = {
  chunkOf: number[];
  bytes: number[];
  publishMs: number[];
  isParity: number[];
  groupStart: number[];
  captureMs: number[];
  chunkEnd: number[];
  chunkPiecesMax: number;
};

function addPiece(draft: Draft, piece: { bytes: number; publishMs: number; isParity: boolean }): void {
  draft.chunkOf.push(draft.captureMs.length - 1);
  draft.bytes.push(piece.bytes);
  draft.publishMs.push(piece.publishMs);
  draft.isParity.push(Number(piece.isParity));
}

/** The parity of a row is as long as the row's longest piece, and exists with the row's last. */
function addParity(draft: Draft, publishMs: number, stripeCount: number): void {
  const row = draft.bytes.slice(draft.bytes.length - (stripeCount - 1));
  addPiece(draft, { bytes: Math.max(...row), publishMs, isParity: true });
}

function addChunk(
  draft: Draft,
  options: StreamOptions,
  chunk: { bytes: number; captureMs: number; isKeyframe: boolean },
): void {
  const publishMs = chunk.captureMs + (options.framesPerChunk - 1) * FRAME_MS;
  draft.captureMs.push(chunk.captureMs);
  const first = draft.bytes.length;
  const groupFirst = chunk.isKeyframe ? first : (draft.groupStart.at(-1) ?? 0);
  let pieces = 0;
  for (let left = chunk.bytes; left > 0; left -= Limits.PIECE_BYTES_MAX) {
    const bytes = Math.min(left, Limits.PIECE_BYTES_MAX) + PIECE_ENVELOPE_BYTES;
    addPiece(draft, { bytes, publishMs, isParity: false });
    pieces++;
    const column = draft.bytes.length % options.stripeCount;
    if (options.hasParity && column === options.stripeCount - 1)
      addParity(draft, publishMs, options.stripeCount);
  }
  while (draft.groupStart.length < draft.bytes.length) draft.groupStart.push(groupFirst);
  draft.chunkEnd.push(draft.bytes.length);
  draft.chunkPiecesMax = Math.max(draft.chunkPiecesMax, pieces);
}

/** Plays the source in advance. Piece `q` belongs to stripe `q % stripeCount`. Parity needs at least two stripes. */
export function createSchedule(options: StreamOptions): Schedule {
  const prng = new Prng(options.seed).fork('stream');
  const hasParity = options.hasParity && options.stripeCount > 1;
  const ordinary = options.bitrate / 8 / (FRAMES_PER_SECOND - 1 + KEYFRAME_WEIGHT);
  const draft: Draft = {
    chunkOf: [],
    bytes: [],
    publishMs: [],
    isParity: [],
    groupStart: [],
    captureMs: [],
    chunkEnd: [],
    chunkPiecesMax: 0,
  };
  const frames = options.seconds * FRAMES_PER_SECOND;
  for (let frame = 0; frame < frames; frame += options.framesPerChunk) {
    let bytes = 0;
    for (let offset = 0; offset < options.framesPerChunk; offset++) {
      const isKey = (frame + offset) % FRAMES_PER_SECOND === 0;
      const draw = prng.next() * 2 - 1;
      bytes += Math.round(ordinary * (isKey ? KEYFRAME_WEIGHT : 1 + options.sizeSpread * draw));
    }
    const isKeyframe = frame % FRAMES_PER_SECOND === 0;
    addChunk(draft, { ...options, hasParity }, { bytes, captureMs: frame * FRAME_MS, isKeyframe });
  }
  return {
    stripeCount: options.stripeCount,
    hasParity,
    pieceCount: draft.bytes.length,
    chunkOf: Int32Array.from(draft.chunkOf),
    bytes: Float64Array.from(draft.bytes),
    publishMs: Float64Array.from(draft.publishMs),
    isParity: Uint8Array.from(draft.isParity),
    chunkCount: draft.captureMs.length,
    captureMs: Float64Array.from(draft.captureMs),
    chunkEnd: Int32Array.from(draft.chunkEnd),
    groupStart: Int32Array.from(draft.groupStart),
    chunkPiecesMax: draft.chunkPiecesMax,
  };
}
