/** Draws a run: how late chunks were, how deep the trees were, and who carried the stream. */

import { delayMsOf, type Figures, offloadOf } from '../../test/sim/figures.js';
import { Histogram } from '../../test/sim/histogram.js';
import { escapeText, Panel, type Point } from './panel.js';

const WIDTH = 960;
const HEAD = 76;
const PANEL_HEIGHT = 270;
const DELAY_BINS = 90;

/** Colours follow the reader's scheme. The three hues stay apart for most colour-blind readers (Okabe and Ito 2008). */
const STYLE = `
  svg { --page: #ffffff; --ink: #16202b; --soft: #5b6876; --rule: #dde3e9; --first: #0072b2; --second: #d55e00; --third: #009e73; }
  @media (prefers-color-scheme: dark) {
    svg { --page: #12171d; --ink: #eef2f6; --soft: #9aa7b4; --rule: #2a333d; --first: #56b4e9; --second: #f0883e; --third: #2ecc9b; }
  }
  .page { fill: var(--page); }
  text { font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; font-size: 12px; fill: var(--soft); }
  .headline { font-size: 20px; font-weight: 650; fill: var(--ink); }
  .subline { font-size: 13px; }
  .title { font-size: 14px; font-weight: 600; fill: var(--ink); }
  .note { fill: var(--ink); }
  .end { text-anchor: end; } .middle { text-anchor: middle; }
  .grid { stroke: var(--rule); stroke-width: 1; } .axis { stroke: var(--soft); stroke-width: 1; }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
  .line.first { stroke: var(--first); } .line.second { stroke: var(--second); } .line.third { stroke: var(--third); }
  .bar.first, .key.first { fill: var(--first); } .bar.second, .key.second { fill: var(--second); } .key.third { fill: var(--third); }
  .area { opacity: .16; stroke: none; } .area.first { fill: var(--first); } .area.third { fill: var(--third); }
  .mark { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 3; } .mark.due { stroke: var(--second); stroke-width: 2; stroke-dasharray: none; }
`;

/** What stands above the panels. */
export type PlotHead = { readonly title: string; readonly detail: string; readonly lagMs: number };

const whole = (value: number): string => String(Math.round(value));
const percent = (value: number): string => `${Math.round(value)} %`;

function delayPanel(figures: Figures, top: number, lagMs: number): Panel {
  const histogram = new Histogram(figures.delays);
  const end = Math.max(lagMs * 1.1, delayMsOf(figures, 0.9999) * 1.05, 100);
  const binMs = end / DELAY_BINS;
  const bins = new Float64Array(DELAY_BINS);
  for (const [ms, count] of histogram.buckets.entries()) {
    const bin = Math.min(DELAY_BINS - 1, Math.floor(ms / binMs));
    bins[bin] = (bins[bin] ?? 0) + (100 * count) / Math.max(1, histogram.count);
  }
  const panel = new Panel(
    { left: 0, top, width: WIDTH, height: PANEL_HEIGHT },
    'Delay from capture to the complete chunk at a viewer',
    { label: 'milliseconds', min: 0, max: end, format: whole },
    { label: 'share of deliveries', min: 0, max: Math.max(...bins, 1) * 1.1, format: (v) => `${v} %` },
  );
  for (const [bin, share] of bins.entries())
    if (share > 0)
      panel.bar(bin * binMs, (bin + 1) * binMs, share, bin * binMs >= lagMs ? 'second' : 'first');
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => delayMsOf(figures, share));
  panel.mark(p50 ?? 0, `half: ${p50} ms`, 'half');
  panel.mark(p99 ?? 0, `99 %: ${p99} ms`, 'most', 1);
  panel.mark(Math.min(max ?? 0, end), `all: ${max} ms`, 'all', 2);
  panel.mark(lagMs, `due: ${lagMs} ms`, 'due', 3);
  return panel;
}

function depthPanel(figures: Figures, top: number): Panel {
  const { seconds } = figures;
  const means: Point[] = [];
  const highest: Point[] = [];
  for (const [x, { pieces, hops, hopsMax }] of seconds.entries()) {
    if (pieces === 0) continue;
    means.push({ x, y: hops / pieces });
    highest.push({ x, y: hopsMax });
  }
  const panel = new Panel(
    { left: 0, top, width: WIDTH, height: PANEL_HEIGHT },
    'Links that pieces came over',
    { label: 'seconds', min: 0, max: Math.max(1, seconds.length - 1), format: whole },
    {
      label: 'links from the relay',
      min: 0,
      max: Math.max(4, ...highest.map(({ y }) => y)) + 1,
      format: whole,
    },
  );
  panel.line(highest, 'second');
  panel.line(means, 'first');
  panel.legend([
    { label: 'mean', className: 'first' },
    { label: 'deepest', className: 'second' },
  ]);
  return panel;
}

function offloadPanel(figures: Figures, top: number): Panel {
  const { seconds } = figures;
  const points: Point[] = [];
  for (const [x, { peerBytes, relayBytes }] of seconds.entries())
    if (peerBytes + relayBytes > 0) points.push({ x, y: (100 * peerBytes) / (peerBytes + relayBytes) });
  const panel = new Panel(
    { left: 0, top, width: WIDTH, height: PANEL_HEIGHT },
    'Offload: share of the viewers’ bytes that came from viewers',
    { label: 'seconds', min: 0, max: Math.max(1, seconds.length - 1), format: whole },
    { label: 'from viewers', min: 0, max: 100, format: percent },
  );
  panel.area(points, 'third');
  panel.line(points, 'third');
  const measuredFrom = (figures.worldMs - figures.spanMs) / 1000;
  panel.mark(measuredFrom, `measured from here: ${(100 * offloadOf(figures)).toFixed(1)} %`, 'from');
  return panel;
}

/** The whole drawing as one SVG document. */
export function drawRun(figures: Figures, head: PlotHead): string {
  const height = HEAD + 3 * PANEL_HEIGHT + 12;
  const panels = [
    delayPanel(figures, HEAD, head.lagMs),
    depthPanel(figures, HEAD + PANEL_HEIGHT),
    offloadPanel(figures, HEAD + 2 * PANEL_HEIGHT),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeText(head.title)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    `<text class="headline" x="64" y="36">${escapeText(head.title)}</text>`,
    `<text class="subline" x="64" y="58">${escapeText(head.detail)}</text>`,
    ...panels.map(({ svg }) => svg),
    '</svg>\n',
  ].join('\n');
}
