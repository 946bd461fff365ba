/** A relay's summary as it travels (PROTOCOL.md §11, `proto/schema/summary.proto`). */

import {
  CONTROL_BYTES_MAX,
  HOPS_MAX,
  RENDITIONS_MAX,
  SUMMARY_NODES_MAX,
  SUMMARY_ROWS_MAX,
} from '../limits.js';
import { decodeWith } from '../wire/decode.js';
import { freshet } from '../wire/generated/summary.js';
import { emptyCounts, LATENCY_MS_BOUNDS, STALL_MS_BOUNDS } from './buckets.js';
import type { RelayRow, Summary } from './summary.js';
import { packTree, unpackTree } from './topology.js';

const { Summary: Wire } = freshet.v1;
const ROW_FIELDS = 7;
const UINT32_MAX = 0xffffffff;
const KBIT = 1_000;

/** Bytes of a summary. Numbers beyond what the wire holds are cut. */
export function encodeSummary(summary: Summary): Uint8Array {
  return Wire.encode({
    viewers: uint32(summary.viewers),
    relays: uint32(summary.relays),
    joins: uint32(summary.joins),
    leaves: uint32(summary.leaves),
    egressBps: summary.egressBps,
    relayBps: summary.relayBps,
    peerBps: summary.peerBps,
    latency: summary.latency.map(uint32),
    stalls: summary.stalls.map(uint32),
    renditions: [...summary.renditions].flatMap(([id, viewers]) => [id, uint32(viewers)]),
    rows: summary.rows.flatMap((row) => [
      row.id,
      row.parent,
      row.depth,
      uint32(row.viewers),
      uint32(row.egressBps / KBIT),
      uint32(row.relayBps / KBIT),
      uint32(row.peerBps / KBIT),
    ]),
    tree: packTree(summary.tree),
  }).finish();
}

/** Reads a summary; `undefined` for anything that is not one within its limits. Its claims are not judged here. */
export function decodeSummary(bytes: Uint8Array): Summary | undefined {
  const wire = decodeWith((body) => Wire.decode(body), bytes, CONTROL_BYTES_MAX);
  return wire && summaryFromWire(wire);
}

function summaryFromWire(wire: freshet.v1.Summary): Summary | undefined {
  const latency = countsOf(wire.latency, LATENCY_MS_BOUNDS);
  const stalls = countsOf(wire.stalls, STALL_MS_BOUNDS);
  const [egressBps, relayBps, peerBps] = [wire.egressBps ?? 0, wire.relayBps ?? 0, wire.peerBps ?? 0];
  const areRates = [egressBps, relayBps, peerBps].every((rate) => rate >= 0 && Number.isFinite(rate));
  const renditions = renditionsOf(wire.renditions ?? []);
  const rows = rowsOf(wire.rows ?? []);
  if (!latency || !stalls || !areRates || !renditions || !rows) return undefined;
  const packed = wire.tree ?? [];
  const tree = packed.length > 0 ? unpackTree(packed, SUMMARY_NODES_MAX) : undefined;
  if (packed.length > 0 && !tree) return undefined;
  return {
    viewers: wire.viewers ?? 0,
    relays: wire.relays ?? 0,
    joins: wire.joins ?? 0,
    leaves: wire.leaves ?? 0,
    egressBps,
    relayBps,
    peerBps,
    latency,
    stalls,
    renditions,
    rows,
    tree,
  };
}

/** A histogram of the right length; none at all is an empty one. */
function countsOf(
  counts: readonly number[] | null | undefined,
  bounds: readonly number[],
): readonly number[] | undefined {
  if (!counts || counts.length === 0) return emptyCounts(bounds);
  return counts.length === bounds.length + 1 ? counts : undefined;
}

function renditionsOf(pairs: readonly number[]): ReadonlyMap<number, number> | undefined {
  if (pairs.length % 2 !== 0 || pairs.length > RENDITIONS_MAX * 2) return undefined;
  const renditions = new Map<number, number>();
  for (let at = 0; at < pairs.length; at += 2) renditions.set(pairs[at] ?? 0, pairs[at + 1] ?? 0);
  return renditions;
}

function rowsOf(numbers: readonly number[]): readonly RelayRow[] | undefined {
  if (numbers.length % ROW_FIELDS !== 0 || numbers.length > SUMMARY_ROWS_MAX * ROW_FIELDS) return undefined;
  const rows: RelayRow[] = [];
  for (let at = 0; at < numbers.length; at += ROW_FIELDS) {
    const [id = 0, parent = 0, depth = 0, viewers = 0, egress = 0, relay = 0, peer = 0] = numbers.slice(
      at,
      at + ROW_FIELDS,
    );
    if (depth > HOPS_MAX) return undefined;
    rows.push({
      id,
      parent,
      depth,
      viewers,
      egressBps: egress * KBIT,
      relayBps: relay * KBIT,
      peerBps: peer * KBIT,
    });
  }
  return rows;
}

function uint32(value: number): number {
  return Math.min(UINT32_MAX, Math.max(0, Math.round(value)));
}
