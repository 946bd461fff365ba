import { decodePieceFrame, encodePieceFrame, FrameKind, Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';

const signature = new Uint8Array(64).fill(2);
const frameOf = (headerLength: number, payloadLength: number): Uint8Array =>
  encodePieceFrame({
    header: new Uint8Array(headerLength).fill(1),
    signature,
    payload: new Uint8Array(payloadLength).fill(3),
  });

describe('a piece frame', () => {
  it('gives its parts back as views into the message', () => {
    const message = frameOf(90, 1_000);
    const frame = decodePieceFrame(message);
    expect(frame).toEqual({
      header: new Uint8Array(90).fill(1),
      signature,
      payload: new Uint8Array(1_000).fill(3),
    });
    expect(frame?.payload.buffer).toBe(message.buffer);
  });

  it('is taken at its limits and refused one byte beyond', () => {
    expect(decodePieceFrame(frameOf(Limits.HEADER_BYTES_MAX, Limits.PIECE_BYTES_MAX))).toBeDefined();
    expect(decodePieceFrame(frameOf(Limits.HEADER_BYTES_MAX + 1, 1))).toBeUndefined();
    expect(decodePieceFrame(frameOf(90, Limits.PIECE_BYTES_MAX + 1))).toBeUndefined();
    expect(decodePieceFrame(frameOf(0, 10))).toBeUndefined();
    expect(decodePieceFrame(frameOf(90, 0))).toBeUndefined();
  });

  it('is refused at every length at which it lacks a payload', () => {
    const message = frameOf(90, 1);
    for (let length = 0; length < message.length; length++)
      expect(decodePieceFrame(message.subarray(0, length)), `${length} bytes`).toBeUndefined();
  });

  it('of another kind is none', () => {
    const message = frameOf(90, 10);
    message[0] = FrameKind.control;
    expect(decodePieceFrame(message)).toBeUndefined();
  });
});
