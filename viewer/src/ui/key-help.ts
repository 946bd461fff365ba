/** The small sheet of keys. */

import { build } from './element-builder.js';
import { icon } from './icons.js';
import { CONTROL_WORDS, KEY_WORDS } from './words.js';

/** A dialog that leaves the player in use; hidden until asked for. */
export class KeyHelp {
  readonly element: HTMLElement;
  readonly #close: HTMLButtonElement;

  constructor(onClose: () => void) {
    this.#close = build('button', {
      className: 'button close',
      attributes: { type: 'button', 'aria-label': CONTROL_WORDS.closeKeys, title: 'Esc' },
      children: [icon('close')],
    });
    this.#close.addEventListener('click', onClose);
    const rows = KEY_WORDS.flatMap(({ keys, what }) => [
      build('dt', { children: keys.map((key) => build('kbd', { text: key })) }),
      build('dd', { text: what }),
    ]);
    this.element = build('section', {
      className: 'panel keys',
      part: 'keys',
      attributes: { role: 'dialog', 'aria-label': CONTROL_WORDS.keys, hidden: '' },
      children: [
        this.#close,
        build('h2', { text: CONTROL_WORDS.keys }),
        build('dl', { className: 'keys-list', children: rows }),
      ],
    });
  }

  /** True while it is shown. */
  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Shows it with the focus on its close button, or hides it. */
  setOpen(isOpen: boolean): void {
    this.element.hidden = !isOpen;
    if (isOpen) this.#close.focus({ preventScroll: true });
  }
}
