/** What has happened and what to do about it, below the picture. */

import { build } from '../dom/build.js';

/** How bad it is. */
export type NoticeKind = 'warn' | 'bad' | 'good';

/** Messages shown at once; with more, the oldest goes. */
const NOTICES_MAX = 4;

/** Shows messages in an element; each stays until it is taken back or closed. */
export class Notices {
  readonly #place: HTMLElement;
  readonly #shown = new Map<string, HTMLElement>();

  constructor(place: HTMLElement) {
    this.#place = place;
  }

  /** Shows a message about `topic`, in place of the last one about it. */
  say(topic: string, text: string, kind: NoticeKind = 'warn'): void {
    this.clear(topic);
    const close = build('button', {
      text: '×',
      attributes: { type: 'button', 'aria-label': 'Close this message' },
    });
    close.addEventListener('click', () => this.clear(topic));
    const notice = build('div', { className: `notice ${kind}`, children: [build('p', { text }), close] });
    this.#shown.set(topic, notice);
    this.#place.append(notice);
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > NOTICES_MAX && oldest !== undefined) this.clear(oldest);
  }

  /** Takes back what was said about `topic`. */
  clear(topic: string): void {
    this.#shown.get(topic)?.remove();
    this.#shown.delete(topic);
  }
}
