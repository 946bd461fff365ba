/** The figures in front: each a word, a number, and a line below. */

import { LATENCY_MS_BOUNDS, quantileOf } from '@freshet/proto';
import type { DashboardState } from '../../audience/dashboard-wire.js';
import { build } from '../dom/build.js';
import type { Series } from './series.js';
import { countWords, delayWords, rateWords, shareWords } from './words.js';

type Tile = {
  readonly label: string;
  readonly figure: (state: DashboardState, series: Series) => string;
  readonly note: (state: DashboardState, series: Series) => string;
};

const NONE = '–';

const latency = ({ latency: counts }: DashboardState, q: number): string => {
  const ms = quantileOf(LATENCY_MS_BOUNDS, counts, q);
  return ms === undefined ? NONE : delayWords(ms);
};

const TILES: readonly Tile[] = [
  {
    label: 'Watching now',
    figure: ({ viewers }) => countWords(viewers),
    note: ({ viewersMost, joins }) => `${countWords(viewersMost)} at most, ${countWords(joins)} visits`,
  },
  {
    label: 'Joined, last minute',
    figure: (_, series) => countWords(series.lastMinute('joins')),
    note: (_, series) => `${countWords(series.lastMinute('leaves'))} left`,
  },
  {
    label: 'Carried by viewers',
    figure: ({ relayBps, peerBps }) =>
      relayBps + peerBps > 0 ? shareWords(peerBps / (relayBps + peerBps)) : NONE,
    note: ({ peerBps }) => rateWords(peerBps),
  },
  {
    label: 'Sent by relays',
    figure: ({ egressBps }) => rateWords(egressBps),
    note: ({ relays }) => (relays === 1 ? 'your own relay' : `${countWords(relays)} relays`),
  },
  {
    label: 'Latency',
    figure: (state) => latency(state, 0.5),
    note: (state) => `95 of 100 below ${latency(state, 0.95)}`,
  },
  {
    label: 'Encoder',
    figure: ({ encoder: { speed } }) => (speed === undefined ? NONE : `${speed.toFixed(2)} x`),
    note: ({ encoder: { framesPerSecond, framesDropped }, mediaBps }) =>
      [
        framesPerSecond !== undefined && `${Math.round(framesPerSecond)} fps`,
        framesDropped !== undefined && `${countWords(framesDropped)} dropped`,
        mediaBps > 0 && rateWords(mediaBps),
      ]
        .filter(Boolean)
        .join(', ') || 'nothing is encoded',
  },
];

/** The row of figures. */
export class Tiles {
  readonly element: HTMLElement;
  readonly #parts = TILES.map((tile) => ({
    tile,
    figure: build('dd', { className: 'figure', text: NONE }),
    note: build('dd', { className: 'quiet' }),
  }));

  constructor() {
    const tiles = this.#parts.map(({ tile, figure, note }) =>
      build('div', { className: 'card tile', children: [build('dt', { text: tile.label }), figure, note] }),
    );
    this.element = build('dl', { className: 'tiles', children: tiles });
  }

  update(state: DashboardState, series: Series): void {
    for (const { tile, figure, note } of this.#parts) {
      say(figure, tile.figure(state, series));
      say(note, tile.note(state, series));
    }
  }
}

/** Sets a text where it differs. */
export function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
