/** Where the broadcast comes from: other viewers or the relay, as one small bar. */

import type { MeshStats } from '@freshet/proto';
import { shareFromViewers } from '../mesh-share.js';
import { build, setAttribute, setText } from './element-builder.js';
import { formatBytes } from './figures.js';
import { formatShare, originWords, STATS_WORDS } from './words.js';

/** The bar with its figures. */
export class OriginChart {
  readonly element: HTMLElement;
  readonly #figure = build('span', { className: 'stats-figure' });
  readonly #note = build('span', { className: 'stats-worst' });
  readonly #bar: HTMLElement;
  readonly #viewers = build('span', { className: 'origin-viewers' });
  readonly #relay = build('span', { className: 'origin-relay' });

  constructor() {
    this.#bar = build('div', {
      className: 'origin-bar',
      attributes: { role: 'img' },
      children: [build('span', { className: 'origin-part' })],
    });
    const legend = [this.#viewers, this.#relay];
    this.element = build('div', {
      className: 'stats-chart origin',
      part: 'origin',
      children: [
        build('span', { className: 'stats-label', text: STATS_WORDS.origin }),
        this.#figure,
        this.#note,
        this.#bar,
        build('div', { className: 'origin-legend', children: legend }),
      ],
    });
  }

  /** Shows the figures; without any, the relay alone feeds this viewer. */
  update(mesh: MeshStats | undefined): void {
    const share = mesh === undefined ? 0 : shareFromViewers(mesh);
    setText(this.#figure, mesh === undefined ? formatShare(1) : formatShare(share));
    setText(this.#note, mesh === undefined ? STATS_WORDS.fromRelayOnly : STATS_WORDS.fromViewers);
    setAttribute(this.#bar, 'aria-label', originWords(share));
    this.#bar.style.setProperty('--share', String(share ?? 0));
    setText(
      this.#viewers,
      mesh === undefined ? '' : `${STATS_WORDS.viewers} ${formatBytes(mesh.bytesFromPeers)}`,
    );
    setText(
      this.#relay,
      mesh === undefined ? '' : `${STATS_WORDS.relay} ${formatBytes(mesh.bytesFromRelay)}`,
    );
  }
}
