/** The dashboard's part of the control room: its page, its data, and a word a second to the pages that are open. */

import type { Summary } from '@freshet/proto';
import { type HttpReply, jsonReply, textReply } from '@freshet/relay-node';
import type { WebSocket } from 'ws';
import type { ControlPart } from '../control/control-part.js';
import { AudienceModel, type BroadcastFigures, type Report } from './audience-model.js';
import { historyCsv, historyDocument } from './history.js';

/** Between two looks at the audience. */
const TICK_MS = 1_000;

/** Bytes that may wait for one page: a slower one is told everything anew once it has caught up. */
const BACKLOG_BYTES_MAX = 2 * 1024 * 1024;

/** Samples that `?points=` may ask for at most. */
const POINTS_MAX = 20_000;

/** What the dashboard is about. */
export type DashboardOptions = {
  readonly title: string;
  /** Link to give to others; for this machine only if they have none. */
  readonly link: string;
  readonly isLinkLocal: boolean;
  /** The sums since the last call, at once. `undefined` while there are none. */
  readonly takeAudience: () => Summary | undefined;
  /** The wall clock in Unix milliseconds. */
  readonly wallNow: () => number;
};

/** Shows the broadcaster its audience. Close it with the control room. */
export class Dashboard {
  readonly part: ControlPart;
  readonly #options: DashboardOptions;
  readonly #model: AudienceModel;
  /** Open pages; those that are behind wait to be told everything anew. */
  readonly #pages = new Map<WebSocket, 'told' | 'behind'>();
  #broadcast: () => BroadcastFigures = () => ({ state: 'waiting', mediaBps: 0, renditionNames: new Map() });
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DashboardOptions) {
    this.#options = options;
    const { title, link, isLinkLocal } = options;
    this.#model = new AudienceModel({ title, link, isLinkLocal, startedMs: Math.floor(options.wallNow()) });
    this.part = {
      pages: { '/dashboard': '/dashboard.html' },
      routes: [
        {
          method: 'GET',
          pattern: '/',
          handler: () => textReply(302, 'To the dashboard.', { Location: '/dashboard' }),
        },
        { method: 'GET', pattern: '/api/state', handler: () => jsonReply(200, this.#model.state) },
        { method: 'GET', pattern: '/api/history.json', handler: ({ query }) => this.#historyJson(query) },
        { method: 'GET', pattern: '/api/history.csv', handler: ({ query }) => this.#historyCsv(query) },
      ],
      sockets: { '/dashboard/live': (socket) => this.#open(socket) },
    };
  }

  /** The broadcast as it is; begins to look at the audience once a second. */
  begin(broadcast: () => BroadcastFigures): void {
    this.#broadcast = broadcast;
    this.#timer ??= setInterval(() => this.tick(), TICK_MS);
  }

  /** Figures of other parts, such as the encoder's. */
  report(report: Report): void {
    this.#model.report(report);
  }

  /** Looks once, and tells the pages. For {@link begin}, and for the last word of a broadcast. */
  tick(): void {
    const summary = this.#options.takeAudience();
    if (!summary) return;
    const message = this.#model.take(Math.floor(this.#options.wallNow()), summary, this.#broadcast());
    if (this.#pages.size === 0) return;
    const text = JSON.stringify(message);
    for (const [page, place] of this.#pages) {
      const isFull = page.bufferedAmount > BACKLOG_BYTES_MAX;
      if (isFull) this.#pages.set(page, 'behind');
      else if (place === 'behind') this.#tellAll(page);
      else page.send(text);
    }
  }

  /** Ends the looking. The pages' sockets are the control room's. Idempotent. */
  close(): void {
    clearInterval(this.#timer);
  }

  #open(page: WebSocket): void {
    page.on('close', () => this.#pages.delete(page));
    this.#tellAll(page);
  }

  #tellAll(page: WebSocket): void {
    this.#pages.set(page, 'told');
    page.send(JSON.stringify(this.#model.full));
  }

  #historyJson(query: string): HttpReply {
    return jsonReply(200, historyDocument(this.#model.history.samples(pointsOf(query))));
  }

  #historyCsv(query: string): HttpReply {
    return {
      status: 200,
      headers: {
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': 'attachment; filename="freshet-audience.csv"',
        'Cache-Control': 'no-store',
      },
      body: historyCsv(this.#model.history.samples(pointsOf(query))),
    };
  }
}

/** `points=` of the query; everything without it, or with something else in it. */
function pointsOf(query: string): number | undefined {
  const points = Number(new URLSearchParams(query).get('points') ?? Number.NaN);
  return Number.isInteger(points) && points > 0 ? Math.min(points, POINTS_MAX) : undefined;
}
