/**
 * The broadcaster's side of the dashboard in a process of its own, so that its processor time is its own: six relays'
 * summaries come in as bytes, are added up, kept and pushed to the pages, once a second.
 */

import { AudienceBook, decodeSummary, encodeSummary, joinTrees, Limits, monoMs } from '@freshet/proto';
import { Dashboard } from '../../broadcaster/src/audience/dashboard.js';
import { openControlRoom } from '../../broadcaster/src/control/control-room.js';
import { onLines, say } from './child-lines.js';
import { DrawnCell } from './dashboard-crowd.js';

const RELAYS = 6;
/** Seconds that are drawn up beforehand, and then played forth and back. */
const STEPS = 12;
const BITRATE = 2_500_000;

const viewers = Number(process.argv[2] ?? 5_000);
const cells = Array.from({ length: viewers > 0 ? RELAYS : 0 }, (_, relay) => {
  // Relays differ in size, as in life.
  const share = (1 + (relay - (RELAYS - 1) / 2) * 0.06) / RELAYS;
  return new DrawnCell(`cell ${relay}`, Math.round(viewers * share) - 1);
});
const told = Array.from({ length: STEPS }, () =>
  cells.map((cell) => {
    cell.step();
    return encodeSummary(cell.summary());
  }),
);

const book = new AudienceBook<number>();
const own = { id: 1, egressBps: RELAYS * BITRATE };
const root = { uplink: 0, carried: 0, latency: 0, isStalled: false, parents: [0, 0] };
const ownTree = { stripes: 2, nodes: [{ id: own.id, kind: 'relay' as const, depth: 0, ...root }] };
let step = 0;

/** As a publisher's session does it. */
function takeAudience() {
  const now = monoMs(performance.now());
  const at = step++ % (2 * STEPS - 2);
  for (const [relay, bytes] of (told[at < STEPS ? at : 2 * STEPS - 2 - at] ?? []).entries()) {
    const summary = decodeSummary(bytes);
    if (summary) book.addSummary(now, relay, summary, BITRATE);
  }
  const tree = joinTrees(ownTree, book.treesBelow(now), Limits.TOPOLOGY_NODES_MAX);
  return { ...book.take(now, own), tree };
}

const dashboard = new Dashboard({
  title: 'River concert, second evening',
  link: 'https://live.example.org/watch/fr1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0jqscdket',
  isLinkLocal: false,
  takeAudience,
  wallNow: () => Date.now(),
});
dashboard.report({
  encoder: {
    speed: viewers > 0 ? 0.94 : 1.01,
    framesPerSecond: 29.97,
    framesDropped: 12,
    ladder: ['1080p30, 5 Mbit/s', '480p30, 1 Mbit/s'],
  },
});
const room = await openControlRoom({ port: 0, parts: [dashboard.part], log: () => undefined });
const renditionNames = new Map([
  [1, '1080p'],
  [2, '480p'],
]);
dashboard.begin(() => ({
  state: 'live',
  mediaBps: viewers > 0 ? 5_980_000 + 20_000 * Math.sin(step) : 5_980_000,
  renditionNames,
}));
say({ origin: room.origin });
onLines(async (line) => {
  if (line !== 'exit') return;
  dashboard.close();
  await room.close();
  process.exit(0);
});
