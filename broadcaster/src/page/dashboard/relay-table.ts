/** The relays, one row each, nearest first. */

import type { RelayFigures } from '../../audience/dashboard-wire.js';
import { build } from '../dom/build.js';
import { countWords, nodeName, rateWords, shareWords } from './words.js';

/** Rows shown; the nearest relays are. */
const ROWS_MAX = 40;

/** The table. */
export class RelayTable {
  readonly element: HTMLElement;
  readonly #body = build('tbody');

  constructor() {
    const head = ['Relay', 'Links away', 'Viewers', 'Sends', 'Carried by its viewers'];
    const table = build('table', {
      children: [
        build('caption', { className: 'visually-hidden', text: 'Relays, nearest first' }),
        build('thead', {
          children: [
            build('tr', {
              children: head.map((text) => build('th', { text, attributes: { scope: 'col' } })),
            }),
          ],
        }),
        this.#body,
      ],
    });
    const scroll = build('div', {
      className: 'scroll',
      attributes: { tabindex: '0', role: 'region', 'aria-label': 'Relays' },
      children: [table],
    });
    this.element = build('section', {
      className: 'card relays',
      children: [build('h2', { text: 'Relays' }), scroll],
    });
  }

  update(rows: readonly RelayFigures[]): void {
    this.#body.replaceChildren(
      ...rows.slice(0, ROWS_MAX).map((row) => {
        const { depth, viewers, egressBps, relayBps, peerBps } = row;
        const total = relayBps + peerBps;
        const cells = [
          depth === 0 ? '–' : String(depth),
          countWords(viewers),
          rateWords(egressBps),
          total > 0 ? shareWords(peerBps / total) : '–',
        ];
        const name = build('th', {
          text: depth === 0 ? 'yours' : nodeName(row.id),
          attributes: { scope: 'row' },
        });
        return build('tr', { children: [name, ...cells.map((text) => build('td', { text }))] });
      }),
    );
  }
}
