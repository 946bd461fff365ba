/** Figures in words. */

import { LATENCY_MS_BOUNDS, RATE_BPS_BOUNDS } from '@freshet/proto';
import type { PlacedNode } from './tree-layout.js';

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** A count: `12,345`. */
export function countWords(value: number): string {
  return WHOLE.format(value);
}

/** A rate: `12.3 Mbit/s`. */
export function rateWords(bps: number): string {
  for (const [unit, size] of [
    ['Tbit/s', 1e12],
    ['Gbit/s', 1e9],
    ['Mbit/s', 1e6],
    ['kbit/s', 1e3],
  ] as const)
    if (bps >= size) return `${SHORT.format(bps / size)} ${unit}`;
  return `${WHOLE.format(bps)} bit/s`;
}

/** A time: `345 ms`, `2.4 s`. */
export function delayWords(ms: number): string {
  return ms < 1_000 ? `${WHOLE.format(ms)} ms` : `${SHORT.format(ms / 1_000)} s`;
}

/** A share of 1: `97 %`. */
export function shareWords(share: number): string {
  return `${WHOLE.format(share * 100)} %`;
}

/** How long something has lasted: `1:02:03`. */
export function lastingWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
    .replace(/^00:/, '');
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const CLOCK_SECONDS = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** A time of day, from Unix seconds: `20:15`, `20:15:05` where it is no whole minute. */
export function clockWords(seconds: number): string {
  return (seconds % 60 === 0 ? CLOCK : CLOCK_SECONDS).format(seconds * 1_000);
}

/** A node's number as people see it. */
export function nodeName(id: number): string {
  return id.toString(16).padStart(8, '0').slice(0, 4);
}

/** Names of buckets between these ends, in milliseconds. */
export function bucketNames(bounds: readonly number[], none?: string): string[] {
  return [...bounds, Number.POSITIVE_INFINITY].map((end, bucket) => {
    const from = bounds[bucket - 1] ?? 0;
    if (end === 0) return none ?? '0';
    return end === Number.POSITIVE_INFINITY ? `over ${delayWords(from)}` : `up to ${delayWords(end)}`;
  });
}

const KINDS = { relay: 'Relay', viewer: 'Viewer in a browser', app: 'Viewer in an app' } as const;

/** What is known of a node, in one line of facts each. */
export function nodeFacts(node: PlacedNode): string[] {
  const facts = [
    `${KINDS[node.kind]} ${nodeName(node.id)}`,
    `${node.depth} ${node.depth === 1 ? 'link' : 'links'} from you`,
  ];
  if (node.kind === 'relay') return node.depth === 0 ? ['Your own relay', 'The stream begins here'] : facts;
  if (node.latency > 0) facts.push(`latency ${bucketNames(LATENCY_MS_BOUNDS)[node.latency - 1] ?? ''}`);
  facts.push(`gives ${classWords(node.carried)}`, `uplink ${classWords(node.uplink)}`);
  const sources = new Set(node.parents.filter((id) => id > 0));
  facts.push(`fed by ${sources.size === 1 ? 'one node' : `${sources.size} nodes`}`);
  if (node.isStalled) facts.push('stood still within the last minute');
  return facts;
}

function classWords(place: number): string {
  const end = RATE_BPS_BOUNDS[place];
  if (place === 0) return 'nothing';
  return end === undefined ? `over ${rateWords(RATE_BPS_BOUNDS.at(-1) ?? 0)}` : `up to ${rateWords(end)}`;
}
