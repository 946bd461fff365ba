import { describe, expect, it } from 'vitest';
import { readClock } from '../../../broadcaster/src/ingest/clock-strip.js';
import { TestCard } from '../../../broadcaster/src/ingest/test-card.js';

const NOW = 1_795_259_229_374;

const cardAt = (unixMs: number, width = 640, height = 360): Uint8Array => {
  const card = new TestCard({ width, height });
  card.draw(unixMs);
  return card.frame;
};

/** A small linear congruential generator, so that the noise is the same in every run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648 - 0.5;
  };
}

describe('the clock strip', () => {
  it('is read back to the millisecond', () => {
    for (const time of [0, 1, 255, 256, NOW, 2 ** 48 - 1]) {
      expect(readClock(cardAt(time), 640, 360)).toBe(time);
    }
  });

  it('is read at every size of the test picture', () => {
    for (const [width, height] of [
      [160, 120],
      [320, 180],
      [1280, 720],
      [1366, 768],
    ] as const) {
      expect(readClock(cardAt(NOW, width, height), width, height)).toBe(NOW);
    }
  });

  it('is read from the RGBA pixels of a canvas', () => {
    const luma = cardAt(NOW);
    const rgba = new Uint8ClampedArray(640 * 360 * 4);
    for (let pixel = 0; pixel < 640 * 360; pixel++) rgba.fill(luma[pixel] ?? 0, pixel * 4, pixel * 4 + 3);
    expect(readClock(rgba, 640, 360)).toBe(NOW);
  });

  it('survives noise and lost contrast', () => {
    const next = noise(7);
    const rough = cardAt(NOW).map((level) => Math.min(255, Math.max(0, level * 0.6 + 40 + next() * 80)));
    expect(readClock(rough, 640, 360)).toBe(NOW);
  });

  it('survives being scaled to 3/4 and 3/2', () => {
    const from = cardAt(NOW);
    for (const factor of [0.75, 1.5]) {
      const width = 640 * factor;
      const height = 360 * factor;
      const scaled = new Uint8Array(width * height);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          scaled[y * width + x] = from[Math.floor(y / factor) * 640 + Math.floor(x / factor)] ?? 0;
        }
      }
      expect(readClock(scaled, width, height)).toBe(NOW);
    }
  });

  it('gives nothing rather than a wrong time: no strip, one cell turned over, too few pixels', () => {
    expect(readClock(new Uint8Array(640 * 360).fill(128), 640, 360)).toBeUndefined();
    expect(readClock(cardAt(NOW), 639, 360)).toBeUndefined();
    expect(readClock(new Uint8Array(10), 640, 360)).toBeUndefined();
    for (const column of [10, 20, 33]) {
      const frame = cardAt(NOW);
      const isWhite = (frame[8 * 640 + column * 16 + 8] ?? 0) > 128;
      for (let y = 0; y < 16; y++) {
        frame.fill(isWhite ? 16 : 235, y * 640 + column * 16, y * 640 + column * 16 + 16);
      }
      expect(readClock(frame, 640, 360)).toBeUndefined();
    }
  });
});
