/** The overlay for the curious: what the network and the browser do right now. */

import { build, setText } from './element-builder.js';
import { formatMs } from './figures.js';
import { icon } from './icons.js';
import { OriginChart } from './origin-chart.js';
import { Sparkline } from './sparkline.js';
import { statsRows } from './stats-rows.js';
import type { PlayerStats } from './viewing.js';
import { CONTROL_WORDS, STATS_WORDS } from './words.js';

/** A panel over the picture; hidden until asked for. */
export class StatsOverlay {
  readonly element: HTMLElement;
  readonly #latency = new Sparkline(STATS_WORDS.latencyChart);
  readonly #buffer = new Sparkline(STATS_WORDS.bufferChart);
  readonly #latencyText = build('span', { className: 'stats-figure' });
  readonly #latencyWorst = build('span', { className: 'stats-worst' });
  readonly #bufferText = build('span', { className: 'stats-figure' });
  readonly #origin = new OriginChart();
  readonly #list = build('dl', { className: 'stats-list' });
  #values: readonly HTMLElement[] = [];

  constructor(onClose: () => void) {
    const close = build('button', {
      className: 'button close',
      attributes: { type: 'button', 'aria-label': CONTROL_WORDS.closeStatistics, title: 'Esc' },
      children: [icon('close')],
    });
    close.addEventListener('click', onClose);
    this.element = build('section', {
      className: 'panel stats',
      part: 'stats',
      attributes: { 'aria-label': CONTROL_WORDS.statistics, hidden: '' },
      children: [
        close,
        chart(STATS_WORDS.latency, [this.#latencyText, this.#latencyWorst], this.#latency.element),
        chart(STATS_WORDS.buffer, [this.#bufferText], this.#buffer.element),
        this.#origin.element,
        this.#list,
      ],
    });
  }

  /** True while it is shown. */
  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Shows or hides it. */
  setOpen(isOpen: boolean): void {
    this.element.hidden = !isOpen;
  }

  /** Notes the figures; call it twice a second, open or not, so that the charts have a past. */
  update(stats: PlayerStats): void {
    this.#latency.add(stats.latencyP50Ms);
    this.#buffer.add(stats.bufferMs);
    if (!this.isOpen) return;
    setText(this.#latencyText, formatMs(stats.latencyP50Ms));
    setText(
      this.#latencyWorst,
      stats.latencyP99Ms === undefined ? '' : `p99 ${formatMs(stats.latencyP99Ms)}`,
    );
    setText(this.#bufferText, formatMs(stats.bufferMs));
    this.#origin.update(stats.mesh);
    const rows = statsRows(stats);
    if (this.#values.length !== rows.length) {
      this.#values = rows.map(() => build('dd'));
      this.#list.replaceChildren(...rows.flatMap(([label], index) => rowOf(label, this.#values[index])));
    }
    rows.forEach(([, text], index) => {
      const value = this.#values[index];
      if (value !== undefined) setText(value, text);
    });
    this.#latency.draw();
    this.#buffer.draw();
  }
}

const rowOf = (label: string, value: Node | undefined): readonly Node[] =>
  value === undefined ? [] : [build('dt', { text: label }), value];

const chart = (label: string, figures: readonly Node[], canvas: HTMLElement): HTMLElement =>
  build('div', {
    className: 'stats-chart',
    children: [build('span', { className: 'stats-label', text: label }), ...figures, canvas],
  });
