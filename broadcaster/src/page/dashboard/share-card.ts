/** The link to give to others: as text, as a code for cameras, and to copy. */

import { encode } from 'uqr';
import { build } from '../dom/build.js';
import { say } from './tiles.js';

const SVG = 'http://www.w3.org/2000/svg';
const COPIED_MS = 2_000;

/** Shows the link. */
export class ShareCard {
  readonly element: HTMLElement;
  readonly #link = build('a', { attributes: { rel: 'noopener', target: '_blank' } });
  readonly #code = build('div', { className: 'code' });
  readonly #copy = build('button', {
    className: 'primary',
    text: 'Copy link',
    attributes: { type: 'button' },
  });
  readonly #said = build('p', { className: 'visually-hidden', attributes: { role: 'status' } });

  constructor() {
    this.#copy.addEventListener('click', () => {
      this.#copyLink().catch(() => this.#tell('Select the link and copy it by hand'));
    });
    const text = build('div', { children: [this.#link, this.#copy, this.#said] });
    this.element = build('section', {
      className: 'card share',
      attributes: { 'aria-label': 'Share the broadcast' },
      children: [build('h2', { text: 'Share' }), build('div', { children: [this.#code, text] })],
    });
  }

  update(link: string): void {
    if (this.#link.textContent === link) return;
    say(this.#link, link);
    this.#link.href = link;
    this.#code.replaceChildren(codeOf(link));
  }

  async #copyLink(): Promise<void> {
    await navigator.clipboard.writeText(this.#link.href);
    this.#tell('Copied');
  }

  #tell(text: string): void {
    say(this.#copy, text);
    say(this.#said, text);
    setTimeout(() => say(this.#copy, 'Copy link'), COPIED_MS);
  }
}

/** The link as a QR code, always dark on white: some cameras know no other. */
function codeOf(link: string): SVGElement {
  const { data, size } = encode(link, { border: 2, ecc: 'L' });
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'QR code of the link');
  const path = document.createElementNS(SVG, 'path');
  const squares = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')));
  path.setAttribute('d', squares.join(''));
  svg.append(path);
  return svg;
}
