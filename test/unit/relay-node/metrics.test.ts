/** The figures that a relay gives of its place in the tree. */

import { describe, expect, it } from 'vitest';
import { DELAY_MS_BOUNDS, DelayCounts } from '../../../relay-node/src/delay-counts.js';
import { createMetrics, type RelayFigures } from '../../../relay-node/src/metrics.js';

const textOf = async (figures: RelayFigures | undefined): Promise<string> => {
  const registry = createMetrics({
    hosts: () => [],
    server: () => ({
      engine: 'ws',
      linkCount: 3,
      connectsRefused: 2,
      burstBytesMax: 1,
      listen: async () => ({ port: 0 }),
      publish: () => undefined,
      close: async () => undefined,
    }),
    opensRefused: () => 0,
    ...(figures && { figures: () => figures }),
  });
  try {
    return await registry.metrics();
  } finally {
    registry.clear();
  }
};

describe('the figures of a relay', () => {
  it('show the depth of the tree, what was refused by kind, and whether it drains', async () => {
    const text = await textOf({ hops: [1, 3, 2], refused: { loop: 4 }, isDraining: true });
    expect(text).toContain('\nfreshet_tree_depth 3\n');
    expect(text).toContain('\nfreshet_refused_total{why="loop"} 4\n');
    expect(text).toContain('\nfreshet_draining 1\n');
    expect(text).toContain('\nfreshet_links 3\n');
    expect(text).toContain('\nfreshet_connects_refused_total 2\n');
  });

  it('show the delays of all channels as one histogram in seconds', async () => {
    const [a, b] = [new DelayCounts(), new DelayCounts()];
    for (const delayMs of [0.5, 40, 50, 51]) a.observe(delayMs);
    for (const delayMs of [40, 20_000, -3, Number.NaN]) b.observe(delayMs);
    const text = await textOf({ pieceDelays: [a, b] });
    const classes = [...text.matchAll(/freshet_piece_delay_seconds_bucket\{le="([^"]+)"\} (\d+)/g)];
    expect(classes).toHaveLength(DELAY_MS_BOUNDS.length + 1);
    const upTo = new Map(classes.map(([, le, count]) => [le, Number(count)]));
    expect([upTo.get('0.001'), upTo.get('0.03'), upTo.get('0.05'), upTo.get('10'), upTo.get('+Inf')]).toEqual(
      [2, 2, 5, 6, 7],
    );
    expect(text).toContain('freshet_piece_delay_seconds_count 7\n');
    expect(text).toMatch(/freshet_piece_delay_seconds_sum 20\.1815\n/);
    expect(text.endsWith('\n')).toBe(true);
    expect(text).not.toContain('\n\n\n');
  });

  it('are left out where nobody knows them', async () => {
    const text = await textOf(undefined);
    expect(text).not.toContain('tree_depth');
    expect(text).not.toContain('piece_delay');
  });
});
