/** The dashboard: the broadcaster's second screen. */

import 'uplot/dist/uPlot.min.css';
import './dashboard.css';
import { LATENCY_MS_BOUNDS, STALL_MS_BOUNDS } from '@freshet/proto';
import type { DashboardMessage, DashboardState, HistoryDocument } from '../../audience/dashboard-wire.js';
import { build } from '../dom/build.js';
import { showNavigation } from '../navigation/navigation.js';
import { Bars } from './bars.js';
import { openLiveSocket } from './live-socket.js';
import { Plots } from './plots.js';
import { RelayTable } from './relay-table.js';
import { Series } from './series.js';
import { ShareCard } from './share-card.js';
import { say, Tiles } from './tiles.js';
import { TreeView } from './tree-view.js';
import { bucketNames, countWords, lastingWords } from './words.js';

const SPANS = [
  { label: '5 min', ms: 300_000 },
  { label: '1 hour', ms: 3_600_000 },
  { label: 'All', ms: Number.POSITIVE_INFINITY },
] as const;

/** Samples that are asked for when the page comes. */
const POINTS = 2_000;

const STATES = { live: 'Live', waiting: 'Waiting for the source', ended: 'Ended' } as const;

/** Everything on the page, and what it knows. */
class DashboardPage {
  readonly #series = new Series();
  readonly #tiles = new Tiles();
  readonly #plots = new Plots();
  readonly #tree = new TreeView();
  readonly #share = new ShareCard();
  readonly #relays = new RelayTable();
  readonly #latency = new Bars('Viewers by latency', bucketNames(LATENCY_MS_BOUNDS), 8);
  readonly #stalls = new Bars(
    'Standing still, last minute',
    bucketNames(STALL_MS_BOUNDS, 'not at all').map((name, bucket) => (bucket > 0 ? name : 'not at all')),
    5,
  );
  readonly #renditions = build('ul', { className: 'facts-list' });
  readonly #title = build('h1', { text: 'Freshet' });
  readonly #badge = build('span', { className: 'badge', text: 'Connecting' });
  readonly #uptime = build('span', { className: 'quiet uptime' });
  readonly #lost = build('p', { className: 'lost', attributes: { role: 'alert' } });
  readonly #warnings = build('ul', {
    className: 'warnings',
    attributes: { role: 'status', 'aria-label': 'Warnings' },
  });
  readonly #empty = build('p', { className: 'empty', text: 'Nobody watches yet: share the link.' });
  #state: DashboardState | undefined;
  #spanMs: number = SPANS[0].ms;
  #clockAheadMs = 0;

  /** Builds the page and begins to follow. */
  begin(): void {
    document.body.append(this.#header(), this.#main());
    openLiveSocket('/dashboard/live', {
      onOpen: () => this.#opened(),
      onMessage: (message) => this.#take(message),
      onLost: () => this.#lose(),
    });
    setInterval(() => this.#tellTime(), 1_000);
  }

  #header(): HTMLElement {
    const exports = build('nav', {
      attributes: { 'aria-label': 'Export the history' },
      children: [
        build('a', {
          className: 'button',
          text: 'CSV',
          attributes: { href: '/api/history.csv', download: '' },
        }),
        build('a', {
          className: 'button',
          text: 'JSON',
          attributes: { href: '/api/history.json', download: 'freshet-audience.json' },
        }),
      ],
    });
    const about = build('div', { className: 'about', children: [this.#badge, this.#title, this.#uptime] });
    return build('header', { children: [about, this.#spanChoice(), exports] });
  }

  #main(): HTMLElement {
    const tree = build('section', {
      className: 'card tree-card',
      attributes: { 'aria-label': 'Who feeds whom' },
      children: [build('h2', { text: 'Who feeds whom' }), this.#legend(), this.#tree.element, this.#empty],
    });
    const renditions = build('section', {
      className: 'card',
      children: [build('h2', { text: 'Renditions and encoder' }), this.#renditions],
    });
    const plots = build('div', { className: 'plots', children: this.#plots.elements });
    const side = build('div', { className: 'side', children: [this.#share.element, renditions] });
    const histograms = build('div', {
      className: 'histograms',
      children: [this.#latency.element, this.#stalls.element],
    });
    const parts = [this.#lost, this.#warnings, this.#tiles.element, plots, tree, side, histograms];
    return build('main', { children: [...parts, this.#relays.element] });
  }

  #legend(): HTMLElement {
    const entry = (label: string, colour: string, kind: string): HTMLElement =>
      build('li', { className: kind, text: label, attributes: { style: `--key: var(${colour})` } });
    return build('ul', {
      className: 'legend',
      children: [
        entry('Relay', '--accent', 'dot'),
        entry('Browser', '--node', 'dot'),
        entry('App', '--node-app', 'dot'),
        entry('Stood still', '--bad', 'dot'),
        entry('First stripe', '--stripe-0', 'line'),
        entry('Second stripe', '--stripe-1', 'line'),
      ],
    });
  }

  #spanChoice(): HTMLElement {
    const buttons = SPANS.map(({ label, ms }) => {
      const button = build('button', {
        text: label,
        attributes: { type: 'button', 'aria-pressed': String(ms === this.#spanMs) },
      });
      button.addEventListener('click', () => {
        this.#spanMs = ms;
        for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
        this.#plots.update(this.#series, ms);
      });
      return button;
    });
    return build('div', {
      className: 'choice',
      attributes: { role: 'group', 'aria-label': 'How far back the plots go' },
      children: buttons,
    });
  }

  #opened(): void {
    document.body.classList.remove('is-lost');
    say(this.#lost, '');
    this.#loadHistory().catch(() => say(this.#lost, 'The history could not be loaded; it begins now.'));
  }

  async #loadHistory(): Promise<void> {
    const reply = await fetch(`/api/history.json?points=${POINTS}`);
    // From the page's own server.
    const history = (await reply.json()) as HistoryDocument;
    this.#series.begin(history.samples);
    this.#plots.update(this.#series, this.#spanMs);
  }

  #lose(): void {
    document.body.classList.add('is-lost');
    const hasEnded = this.#state?.state === 'ended';
    say(
      this.#lost,
      hasEnded
        ? 'The broadcast is over and the control room is closed. These are the last figures.'
        : 'The control room does not answer: these figures are old. Trying again…',
    );
    if (!hasEnded) this.#tellState('Disconnected', '');
  }

  #take({ state, sample, tree }: DashboardMessage): void {
    // The first message of a line holds every member.
    const now = { ...this.#state, ...state } as DashboardState;
    this.#state = now;
    this.#clockAheadMs = now.nowMs - Date.now();
    if (sample) this.#series.add(sample);
    if (tree) this.#tree.apply(tree);
    say(this.#title, now.title);
    document.title = `${countWords(now.viewers)} watching · ${now.title}`;
    this.#tellState(STATES[now.state], now.state);
    this.#tellTime();
    this.#tiles.update(now, this.#series);
    this.#plots.update(this.#series, this.#spanMs);
    this.#share.update(now.link);
    this.#latency.update(now.latency);
    this.#stalls.update(now.stalls);
    this.#relays.update(now.rows);
    if (state.warnings) this.#warnings.replaceChildren(...now.warnings.map((text) => build('li', { text })));
    if (state.renditions || state.encoder || state.extras) this.#tellRenditions(now);
    this.#empty.hidden = now.viewers > 0 || now.state === 'ended';
    document.body.classList.toggle('is-empty', now.joins === 0);
  }

  #tellState(text: string, state: string): void {
    say(this.#badge, text);
    this.#badge.className = `badge ${state}`;
  }

  #tellTime(): void {
    const state = this.#state;
    if (!state || state.state === 'ended') return;
    say(this.#uptime, lastingWords(Date.now() + this.#clockAheadMs - state.startedMs));
  }

  #tellRenditions({ renditions, encoder, extras }: DashboardState): void {
    const facts = [
      ...renditions.map(({ name, viewers }) => [name, `${countWords(viewers)} watching`] as const),
      ...(encoder.ladder ?? []).map((text) => ['Encoded', text] as const),
      ...Object.entries(extras).map(([name, value]) => [name, String(value)] as const),
    ];
    const rows = facts.map(([name, value]) =>
      build('li', { children: [build('span', { text: name }), build('b', { text: value })] }),
    );
    this.#renditions.replaceChildren(
      ...(rows.length > 0 ? rows : [build('li', { text: 'Nothing is encoded yet.' })]),
    );
  }
}

new DashboardPage().begin();

void showNavigation();
