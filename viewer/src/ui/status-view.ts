/** Shows a status screen over the stage. */

import { build, buildSvg, setAttribute, setText } from './element-builder.js';
import { mark } from './icons.js';
import type { Screen, ScreenAction } from './screen.js';
import { ACTION_WORDS } from './words.js';

/** The status screen; screen readers hear of it from the player's live region, not here. */
export class StatusView {
  readonly element: HTMLElement;
  readonly #title = build('h2', { className: 'status-title', part: 'status-title' });
  readonly #detail = build('p', { className: 'status-detail', part: 'status-detail' });
  readonly #button: HTMLButtonElement;
  #action: ScreenAction | undefined;

  constructor(onAction: (action: ScreenAction) => void) {
    this.#button = build('button', {
      className: 'status-action',
      part: 'status-action',
      attributes: { type: 'button' },
    });
    this.#button.addEventListener('click', () => {
      if (this.#action !== undefined) onAction(this.#action);
    });
    const words = build('div', { className: 'status-words', children: [this.#title, this.#detail] });
    this.element = build('section', {
      className: 'status',
      part: 'status',
      attributes: { hidden: '' },
      children: [river(), build('div', { className: 'status-box', children: [mark(), words, this.#button] })],
    });
  }

  /** Shows a screen, or none. */
  update(screen: Screen | undefined): void {
    this.element.hidden = screen === undefined;
    if (screen === undefined) return;
    setAttribute(this.element, 'data-form', screen.form);
    setAttribute(this.element, 'data-tone', screen.tone);
    setText(this.#title, screen.title);
    setText(this.#detail, screen.detail);
    this.#detail.hidden = screen.detail === '';
    this.#action = screen.action;
    this.#button.hidden = screen.action === undefined;
    if (screen.action !== undefined) setText(this.#button, ACTION_WORDS[screen.action]);
  }
}

/** Lines of water along the lower edge; they flow while something is under way. */
const river = (): SVGSVGElement => {
  const line = (y: number, swell: number): string =>
    `M-10 ${y}C250 ${y} 330 ${y - swell} 600 ${y - swell}S950 ${y} 1210 ${y}`;
  const lines = [line(150, 120), line(180, 95), line(210, 70), line(240, 45), line(270, 20)];
  return buildSvg(
    'svg',
    { viewBox: '0 0 1200 300', preserveAspectRatio: 'none', class: 'river', 'aria-hidden': 'true' },
    lines.flatMap((d) => [
      buildSvg('path', { d, class: 'bed' }),
      buildSvg('path', { d, class: 'water', pathLength: '100' }),
    ]),
  );
};
