import { describe, expect, it } from 'vitest';
import { Panel, ticksOf } from '../../scripts/simulation/panel.js';
import { drawRun } from '../../scripts/simulation/plot.js';
import type { Figures } from './figures.js';
import { Histogram } from './histogram.js';

const delays = new Histogram();
for (let ms = 40; ms < 400; ms++) delays.add(ms);

const FIGURES: Figures = {
  cells: 1,
  joined: 100,
  starts: [100],
  delays: delays.buckets,
  spanMs: 20_000,
  bitrate: 4_000_000,
  peerBytes: 90,
  relayBytes: 10,
  relayEgressBytes: 10,
  present: 100,
  stallFree: 100,
  stalledMs: 0,
  expected: 100,
  onTime: 100,
  forgedPlayed: 0,
  delivered: 100,
  skipped: 0,
  refused: {},
  peersOpened: 0,
  peersFailed: 0,
  seconds: Array.from({ length: 30 }, (_, second) => ({
    peerBytes: second * 10,
    relayBytes: 100,
    pieces: 100,
    hops: 300,
    hopsMax: 7,
    planMessages: 0,
  })),
  hosts: [],
  events: 0,
  traceHash: '',
  worldMs: 30_000,
  unmet: [],
};

describe('ticks', () => {
  it('stand at round numbers that cover the axis', () => {
    expect(ticksOf(0, 100, 4)).toEqual([0, 50, 100]);
    expect(ticksOf(0, 7, 4)).toEqual([0, 2, 4, 6]);
    expect(ticksOf(0, 660, 8)).toEqual([0, 100, 200, 300, 400, 500, 600]);
  });
});

describe('a panel', () => {
  it('keeps what is outside of its axes at their ends', () => {
    const axis = { label: 'x', min: 0, max: 10, format: String };
    const panel = new Panel({ left: 0, top: 0, width: 184, height: 188 }, 'panel', axis, axis);
    panel.line(
      [
        { x: -5, y: 0 },
        { x: 50, y: 20 },
      ],
      'first',
    );
    expect(panel.svg).toContain('d="M 64 144 L 164 44"');
  });
});

describe('the drawing of a run', () => {
  const svg = drawRun(FIGURES, { title: 'steady <b> & "more"', detail: 'detail', lagMs: 600 });

  it('is one well-formed document that follows the colour scheme', () => {
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    expect(svg).toContain('steady &lt;b&gt; &amp; &quot;more&quot;');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    const opened = svg.match(/<(g|text|svg|style)\b/g)?.length;
    expect(svg.match(/<\/(g|text|svg|style)>/g)?.length).toBe(opened);
  });

  it('names its axes and the figures that count', () => {
    for (const text of [
      'milliseconds',
      'share of deliveries',
      'links from the relay',
      'from viewers',
      'due: 600 ms',
    ])
      expect(svg).toContain(text);
    expect(svg).toContain('99 %: 396 ms');
    expect(svg).toContain('measured from here: 90.0 %');
  });

  it('is drawn for a run in which nothing happened as well', () => {
    const empty = drawRun(
      { ...FIGURES, seconds: [], delays: new Histogram().buckets, peerBytes: 0, relayBytes: 0 },
      { title: 't', detail: 'd', lagMs: 600 },
    );
    expect(empty).not.toMatch(/NaN|Infinity|undefined/);
  });
});
