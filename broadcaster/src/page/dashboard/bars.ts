/** Histograms as bars, each with its count in words. */

import { build } from '../dom/build.js';
import { say } from './tiles.js';
import { countWords } from './words.js';

type Bar = { readonly row: HTMLElement; readonly fill: HTMLElement; readonly count: HTMLElement };

/** Viewers by bucket. Rows beyond the last that was ever counted are left out. */
export class Bars {
  readonly element: HTMLElement;
  readonly #bars: readonly Bar[];
  #shown = 0;

  constructor(title: string, names: readonly string[], shownLeast: number) {
    this.#shown = shownLeast;
    this.#bars = names.map((name) => {
      const fill = build('i', { className: 'fill' });
      const count = build('b', { text: '0' });
      const track = build('span', {
        className: 'track',
        attributes: { 'aria-hidden': 'true' },
        children: [fill],
      });
      return { row: build('li', { children: [build('span', { text: name }), track, count] }), fill, count };
    });
    const list = build('ul', { className: 'bars', children: this.#bars.map(({ row }) => row) });
    this.element = build('section', {
      className: 'card',
      attributes: { 'aria-label': title },
      children: [build('h2', { text: title }), list],
    });
    this.update([]);
  }

  update(counts: readonly number[]): void {
    const most = Math.max(1, ...counts);
    for (const [bucket, count] of counts.entries())
      if (count > 0) this.#shown = Math.max(this.#shown, bucket + 1);
    for (const [bucket, bar] of this.#bars.entries()) {
      const count = counts[bucket] ?? 0;
      bar.row.hidden = bucket >= this.#shown;
      bar.fill.style.width = `${(100 * count) / most}%`;
      say(bar.count, countWords(count));
    }
  }
}
