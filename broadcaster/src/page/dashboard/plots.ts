/** The plots over time. */

import uPlot from 'uplot';
import { build } from '../dom/build.js';
import type { Series } from './series.js';
import { clockWords, countWords, delayWords, rateWords } from './words.js';

type Line = { readonly label: string; readonly colour: string; readonly isFilled?: boolean };
type Values = readonly (number | null)[];

/** One plot. */
type PlotPlan = {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly words: (value: number) => string;
  /** What the upper end of the axis is at least: below it, neighbouring ticks would be the same words. */
  readonly least: number;
  readonly values: (series: Series, spanMs: number) => readonly Values[];
};

const speedWords = (value: number): string => `${value.toFixed(2)} x`;

/** What is plotted. */
export const PLOTS: readonly PlotPlan[] = [
  {
    title: 'Audience',
    lines: [{ label: 'Viewers', colour: '--accent', isFilled: true }],
    words: countWords,
    least: 4,
    values: (series, span) => [series.column('viewers', span)],
  },
  {
    title: 'Coming and going, a minute',
    lines: [
      { label: 'Joined', colour: '--good' },
      { label: 'Left', colour: '--bad' },
    ],
    words: countWords,
    least: 4,
    values: (series, span) => [series.perMinute('joins', span), series.perMinute('leaves', span)],
  },
  {
    title: 'Who carries the stream',
    lines: [
      { label: 'Viewers', colour: '--accent', isFilled: true },
      { label: 'Relays', colour: '--stripe-1' },
      { label: 'Sent by relays', colour: '--quiet' },
    ],
    words: rateWords,
    least: 1_000,
    values: (series, span) => [
      series.column('peerBps', span),
      series.column('relayBps', span),
      series.column('egressBps', span),
    ],
  },
  {
    title: 'Latency, capture to screen',
    lines: [
      { label: 'Half of the viewers', colour: '--accent' },
      { label: '95 of 100', colour: '--stripe-1' },
    ],
    words: delayWords,
    least: 200,
    values: (series, span) => [series.column('latencyP50Ms', span), series.column('latencyP95Ms', span)],
  },
  {
    title: 'Encoder',
    lines: [{ label: 'Speed', colour: '--accent' }],
    words: speedWords,
    least: 1.2,
    values: (series, span) => [series.column('speed', span)],
  },
];

const HEIGHT = 132;

/** A plot with its legend, which says the newest figures in words. */
class Plot {
  readonly element: HTMLElement;
  readonly #plan: PlotPlan;
  readonly #stage = build('div', { className: 'plot-stage', attributes: { 'aria-hidden': 'true' } });
  readonly #legend: readonly HTMLElement[];
  #plot: uPlot | undefined;
  #width = 0;
  #data: uPlot.AlignedData = [[]];

  constructor(plan: PlotPlan) {
    this.#plan = plan;
    this.#legend = plan.lines.map(() => build('b', { text: '–' }));
    const legend = build('ul', {
      className: 'legend',
      children: plan.lines.map(({ label, colour }, index) =>
        build('li', {
          attributes: { style: `--key: var(${colour})` },
          children: [`${label} `, this.#legend[index] ?? ''],
        }),
      ),
    });
    this.element = build('section', {
      className: 'card plot',
      attributes: { 'aria-label': plan.title },
      children: [build('h2', { text: plan.title }), legend, this.#stage],
    });
    new ResizeObserver(() => this.#resize()).observe(this.#stage);
  }

  update(series: Series, spanMs: number): void {
    const values = this.#plan.values(series, spanMs);
    this.#data = [series.times(spanMs), ...values.map((column) => [...column])];
    for (const [index, column] of values.entries()) {
      const newest = column.at(-1);
      const text = newest === null || newest === undefined ? '–' : this.#plan.words(newest);
      const element = this.#legend[index];
      if (element && element.textContent !== text) element.textContent = text;
    }
    this.#plot?.setData(this.#data);
  }

  /** Colours are read when a plot is made. */
  recolour(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#make();
  }

  #resize(): void {
    const width = this.#stage.clientWidth;
    if (width === this.#width || width === 0) return;
    this.#width = width;
    if (this.#plot) this.#plot.setSize({ width, height: HEIGHT });
    else this.#make();
  }

  #make(): void {
    if (this.#width === 0) return;
    const style = getComputedStyle(this.#stage);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--quiet'),
      grid: { stroke: colour('--line'), width: 0.5 },
      ticks: { show: false },
      font: '11px system-ui, sans-serif',
    };
    const { words, lines, least } = this.#plan;
    const options: uPlot.Options = {
      width: this.#width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 26, 0, 0],
      scales: { y: { range: (_, __, most) => [0, Math.max(least, most * 1.15)] } },
      axes: [
        { ...axis, size: 24, space: 76, values: (_, ticks) => ticks.map(clockWords) },
        { ...axis, size: 74, space: 34, values: (_, ticks) => ticks.map(words) },
      ],
      series: [
        {},
        ...lines.map(({ label, colour: name, isFilled }) => ({
          label,
          stroke: colour(name),
          width: 1.6,
          points: { show: false },
          ...(isFilled && { fill: `${colour(name)}26` }),
        })),
      ],
    };
    this.#plot = new uPlot(options, this.#data, this.#stage);
  }
}

/** All plots, with the choice of how far back they go. */
export class Plots {
  readonly elements: readonly HTMLElement[];
  readonly #plots = PLOTS.map((plan) => new Plot(plan));

  constructor() {
    this.elements = this.#plots.map(({ element }) => element);
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => {
      for (const plot of this.#plots) plot.recolour();
    });
  }

  /** Draws what there is, from `spanMs` before the newest on. */
  update(series: Series, spanMs: number): void {
    for (const plot of this.#plots) plot.update(series, spanMs);
  }
}
