import { describe, expect, it } from 'vitest';
import { projectionOf } from '../../../../broadcaster/src/page/dashboard/tree-canvas.js';
import { carriedOver } from '../../../../broadcaster/src/page/dashboard/tree-painter.js';

const SIZE = { width: 800, height: 600, ratio: 1 };

describe('a drawing of the tree under a camera that has moved', () => {
  it('lies where its places are for that camera', () => {
    const from = { x: 10, y: -20, scale: 0.5 };
    const to = { x: 55, y: 5, scale: 1.25 };
    const { x, y, width, height } = carriedOver(SIZE, from, to);
    for (const place of [
      { x: 0, y: 0 },
      { x: 300, y: -120 },
      { x: -40, y: 77 },
    ]) {
      const before = projectionOf(SIZE, from);
      const after = projectionOf(SIZE, to);
      expect(x + (before.toX(place.x) / SIZE.width) * width).toBeCloseTo(after.toX(place.x), 6);
      expect(y + (before.toY(place.y) / SIZE.height) * height).toBeCloseTo(after.toY(place.y), 6);
    }
  });

  it('stays as it is when the camera has not moved', () => {
    const camera = { x: 3, y: 4, scale: 2 };
    expect(carriedOver(SIZE, camera, camera)).toEqual({ x: 0, y: 0, width: 800, height: 600 });
  });
});
