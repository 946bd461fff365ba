/** A relay's side of the audience: hears its viewers and the relays below, and sums up for its own parent. */

import { AudienceBook, nodeOf } from '../audience/audience-book.js';
import { bucketOf, RATE_BPS_BOUNDS, type Summary } from '../audience/index.js';
import { decodeSummary, encodeSummary } from '../audience/summary-wire.js';
import { joinTrees, type TreeNode, type TreeSample } from '../audience/topology.js';
import type { Catalog } from '../catalog.js';
import {
  BITRATE_DEFAULT,
  SUMMARY_NODES_MAX,
  TOPOLOGY_MS,
  TOPOLOGY_NODES_MAX,
  TOPOLOGY_STRIPES_MAX,
} from '../limits.js';
import { addMs, type MonoMs } from '../time.js';
import type { Hello } from '../wire/control.js';
import type { Playing } from '../wire/playing.js';
import type { CellSide } from './cell-side.js';
import type { AudienceOptions, SessionContext } from './context.js';
import type { LinkId } from './io.js';

/** Viewers that are looked at for a sample, for each node of it: those nearest to the relay are kept. */
const LOOKED_AT = 2;

/** Own viewers in a sample, however many it may hold: looking at more would hold up the pieces in between. */
const OWN_NODES_MAX = 2_000;

/** What a page calls itself in its hello; other viewers are apps. */
const PAGE_AGENT = 'freshet-page';

/** Makes a relay's side of the audience; see {@link createAudience}. */
export type CreateAudience = (
  context: SessionContext,
  options: AudienceOptions,
  cell: CellSide | undefined,
) => AudienceSide;

/** Counts the audience of one channel at one relay. */
export class AudienceSide {
  readonly #context: SessionContext;
  readonly #options: AudienceOptions;
  readonly #cell: CellSide | undefined;
  readonly #book = new AudienceBook<LinkId>();
  readonly #lots;
  /** By which samples and rows call this relay. */
  readonly #id: number;
  #bitrate = BITRATE_DEFAULT;
  #bitrates: ReadonlyMap<number, number> = new Map();
  #stripes = 1;
  #treeAt: MonoMs | undefined;
  #sentBytes = 0;
  #sentAt: MonoMs;

  constructor(context: SessionContext, options: AudienceOptions, cell: CellSide | undefined) {
    this.#context = context;
    this.#options = options;
    this.#cell = cell;
    this.#lots = context.options.prng.fork('audience');
    this.#id = this.#draw();
    this.#sentAt = context.now;
  }

  /** A child's hello was accepted. */
  join(link: LinkId, hello: Hello): void {
    if (hello.role === 'viewer') this.#book.join(link, this.#draw(), !hello.agent.startsWith(PAGE_AGENT));
  }

  /** A child is gone. */
  leave(link: LinkId): void {
    this.#book.leave(link);
  }

  /** The stream has these bitrates and stripes. */
  setCatalog({ renditions, stripeCount }: Catalog): void {
    this.#bitrates = new Map(renditions.map(({ id, bitrate }) => [id, bitrate || BITRATE_DEFAULT]));
    this.#bitrate = Math.max(...this.#bitrates.values(), 0) || BITRATE_DEFAULT;
    this.#stripes = Math.min(stripeCount, TOPOLOGY_STRIPES_MAX);
  }

  /** A viewer says how it plays. One that names a rendition that is not there is counted with the first. */
  hear(link: LinkId, said: Playing): void {
    const bitrate = this.#bitrates.get(said.renditionId);
    const [first = 0] = this.#bitrates.keys();
    const renditionId = bitrate === undefined ? first : said.renditionId;
    this.#book.report(link, { ...said, renditionId }, bitrate ?? this.#bitrate);
  }

  /** A child relay sums up. `false` when that is no summary. */
  hearSummary(link: LinkId, body: Uint8Array): boolean {
    const summary = decodeSummary(body);
    if (summary) this.#book.addSummary(this.#context.now, link, summary, this.#bitrate);
    return summary !== undefined;
  }

  /** The summary for the parent in use. */
  encode(): Uint8Array {
    return encodeSummary(this.take(this.#context.now, SUMMARY_NODES_MAX));
  }

  /**
   * Everybody here and below; for one caller, about once a second. Joins, leaves and what is sent are since the last
   * call, the tree is there every {@link TOPOLOGY_MS}.
   */
  take(now: MonoMs, nodesMax: number = TOPOLOGY_NODES_MAX): Summary {
    const summary = this.#book.take(now, { id: this.#id, egressBps: this.#egressBps(now) });
    if (this.#treeAt !== undefined && now < this.#treeAt) return summary;
    this.#treeAt = addMs(now, TOPOLOGY_MS);
    const tree = joinTrees(
      this.#ownTree(Math.min(nodesMax, OWN_NODES_MAX)),
      this.#book.treesBelow(now),
      nodesMax,
    );
    return { ...summary, tree };
  }

  #egressBps(now: MonoMs): number {
    const bytes = this.#options.egressBytes?.() ?? 0;
    const spanMs = now - this.#sentAt;
    const bps = spanMs > 0 ? ((bytes - this.#sentBytes) * 8000) / spanMs : 0;
    this.#sentBytes = bytes;
    this.#sentAt = now;
    return Math.max(0, Math.round(bps));
  }

  #ownTree(nodesMax: number): TreeSample {
    const stripes = this.#stripes;
    const seen = [];
    for (const [link, watcher] of this.#book.watchers) {
      if (seen.length === nodesMax * LOOKED_AT) break;
      const place = this.#cell?.placeOf(link, stripes) ?? { depth: 1, uplinkBps: 0, parents: [] };
      seen.push({ link, watcher, place });
    }
    seen.sort((a, b) => a.place.depth - b.place.depth);
    seen.length = Math.min(seen.length, nodesMax - 1);
    const places = new Map(seen.map(({ link }, index) => [link, index + 2]));
    const self: TreeNode = {
      id: this.#id,
      kind: 'relay',
      depth: 0,
      uplink: 0,
      carried: bucketOf(RATE_BPS_BOUNDS, 0),
      latency: 0,
      isStalled: false,
      parents: new Array<number>(stripes).fill(0),
    };
    const nodes = seen.map(({ watcher, place }): TreeNode => {
      const parents = Array.from({ length: stripes }, (_, stripe) => {
        const parent = place.parents[stripe];
        return parent === undefined ? 1 : (places.get(parent) ?? 0);
      });
      return { ...nodeOf(watcher, place), parents };
    });
    return { stripes, nodes: [self, ...nodes] };
  }

  /** Never 0, which stands for nobody. */
  #draw(): number {
    return this.#lots.uint32() || 1;
  }
}

/** For a relay's session options. */
export const createAudience: CreateAudience = (context, options, cell) =>
  new AudienceSide(context, options, cell);
