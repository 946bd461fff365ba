import { describe, expect, it } from 'vitest';
import { captureMsOf, FrameCounter } from '../../bench/frame-counter.js';
import { Broadcast } from '../../sim/broadcast.js';

/** A message as a server frames it. */
function framed(message: Uint8Array): Buffer {
  const head =
    message.length < 126
      ? Buffer.from([0x82, message.length])
      : message.length < 65_536
        ? Buffer.from([0x82, 126, message.length >> 8, message.length & 0xff])
        : Buffer.from([
            0x82,
            127,
            0,
            0,
            0,
            0,
            0,
            message.length >> 16,
            (message.length >> 8) & 0xff,
            message.length & 0xff,
          ]);
  return Buffer.concat([head, message]);
}

const pieces = (count: number): Uint8Array[] => new Broadcast().groups(1, count);
const others = [Buffer.from([2, 7, 7]), Buffer.alloc(300, 2), Buffer.alloc(70_000, 2)];

describe('the counter of pieces in a stream of frames', () => {
  it('counts every piece and nothing else, however the stream is cut', () => {
    const messages = pieces(30);
    const stream = Buffer.concat(
      messages.flatMap((piece, i) => [framed(others[i % 3] ?? piece), framed(piece)]),
    );
    for (const step of [1, 7, 100, 4_096, stream.length]) {
      const counter = new FrameCounter();
      for (let at = 0; at < stream.length; at += step) counter.read(stream.subarray(at, at + step));
      expect([counter.pieces, counter.expected, counter.first, counter.newest], `${step}`).toEqual([
        30, 30, 0, 29,
      ]);
    }
  });

  it('shows what is lacking, since its reset', () => {
    const messages = pieces(10).map(framed);
    const counter = new FrameCounter();
    counter.read(messages[0] ?? Buffer.alloc(0));
    counter.reset();
    for (const index of [2, 3, 6, 7]) counter.read(messages[index] ?? Buffer.alloc(0));
    expect([counter.pieces, counter.expected]).toEqual([4, 6]);
  });

  it('hands on the beginning of each piece, with its capture time', () => {
    const captures: (number | undefined)[] = [];
    const counter = new FrameCounter();
    for (const message of pieces(3))
      counter.read(framed(message), (piece) => captures.push(captureMsOf(piece)));
    expect(captures.every((ms) => ms !== undefined && ms > 1e12)).toBe(true);
    expect(captures).toHaveLength(3);
  });
});
