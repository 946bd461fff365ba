import { Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { fedByParent, GROUP_PIECES, MeshViewer } from './mesh-rig.js';

describe('a stripe whose pieces keep coming when they are nearly due', () => {
  it('is taken from the relay, and not asked of neighbours again at once', () => {
    const { rig, parent } = fedByParent();
    rig.input({ kind: 'playout', lagMs: Limits.MESH_LAG_MS_MIN });
    // From now on the parent is as late as leaves a tenth of a second.
    const lateMs = Limits.MESH_LAG_MS_MIN - 100;
    const held: { at: number; message: Uint8Array }[] = [];
    const feedLate = (count: number): void => {
      for (let i = 0; i < count; i++) {
        rig.feed(1, (stripe) => (stripe === 0 ? 0 : rig.relay));
        const sequence = rig.pieces.length - 1;
        if (sequence % 4 === 0)
          held.push({ at: rig.nowMs + lateMs, message: rig.pieces[sequence]?.slice() ?? new Uint8Array() });
        while (held[0] && held[0].at <= rig.nowMs)
          rig.received(parent, held.shift()?.message ?? new Uint8Array());
      }
    };
    feedLate(2 * GROUP_PIECES);
    expect(rig.relayMask).toBe(0b1111);
    rig.clear();
    rig.feed(GROUP_PIECES, () => rig.relay);
    expect(rig.saidOf(parent, 'subscribe')).toEqual([]);
  });
});

describe('a piece that is missing', () => {
  /** How long after the next keyframe a viewer that plays so far behind goes on at one. */
  function skipAfter(lagMs: number): number {
    const rig = new MeshViewer().join();
    rig.input({ kind: 'playout', lagMs });
    rig.feed(GROUP_PIECES - 4, () => rig.relay);
    rig.feed(1, () => 0);
    rig.feed(3, () => rig.relay);
    rig.clear();
    rig.feed(1, () => rig.relay);
    const since = rig.nowMs;
    while (!rig.played.some((chunk) => chunk >= GROUP_PIECES) && rig.nowMs < since + 10_000)
      rig.feed(1, () => rig.relay);
    return rig.nowMs - since;
  }

  it('is waited for until the next keyframe is there and a while more', () => {
    expect(skipAfter(Limits.PLAYOUT_LAG_MS)).toBeCloseTo(Limits.MESH_PATIENCE_MS, -2);
  });

  it('is waited for longer by a viewer that plays farther behind', () => {
    expect(skipAfter(Limits.PLAYOUT_LAG_MS + 1_200)).toBeCloseTo(Limits.MESH_PATIENCE_MS + 1_200, -2);
  });
});
