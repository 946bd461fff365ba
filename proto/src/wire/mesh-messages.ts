/** What viewers and their relay say to each other about the mesh (PROTOCOL.md §8). */

import {
  KEPT_EDGES_MAX,
  PLAN_LINKS_MAX,
  PROBE_BYTES_MAX,
  REQUEST_SEQUENCES_MAX,
  SIGNAL_BYTES_MAX,
  STRIPES_MAX,
} from '../limits.js';
import { type PeerId, type PlanLink, RELAY, type ReportKind } from '../plan/index.js';
import { isCount } from './decode.js';
import { freshet } from './generated/wire.js';

const UINT32_MAX = 0xffffffff;
const WireKind = freshet.v1.ReportKind;

/** A stripe and who feeds it. */
export type Edge = { readonly stripe: number; readonly parent: PeerId };

/** A mesh message, decoded and within its limits. */
export type MeshMessage =
  | {
      readonly kind: 'share';
      readonly peer: PeerId;
      readonly secret: number;
      readonly renditionId: number;
      readonly uplinkBps: number;
      readonly linksMax: number;
      readonly rttMs: number;
      readonly kept: readonly Edge[];
    }
  | { readonly kind: 'probe'; readonly bytes: number; readonly padding: Uint8Array }
  | {
      readonly kind: 'plan';
      readonly links: readonly PlanLink[];
      readonly stunPort: number;
      readonly uplinkBps: number;
    }
  | { readonly kind: 'signal'; readonly peer: PeerId; readonly body: Uint8Array }
  | { readonly kind: 'report'; readonly peer: PeerId; readonly why: ReportKind }
  | ({ readonly kind: 'moved' } & Edge)
  | { readonly kind: 'request'; readonly renditionId: number; readonly sequences: readonly number[] }
  | { readonly kind: 'missing'; readonly renditionId: number; readonly sequences: readonly number[] }
  | { readonly kind: 'declined'; readonly renditionId: number; readonly stripeMask: number };

const kindToWire = {
  unreachable: WireKind.UNREACHABLE,
  silent: WireKind.SILENT,
  late: WireKind.LATE,
  forged: WireKind.FORGED,
  overloaded: WireKind.OVERLOADED,
} as const;

const kindFromWire: ReadonlyMap<number, ReportKind> = new Map<number, ReportKind>([
  [WireKind.UNREACHABLE, 'unreachable'],
  [WireKind.SILENT, 'silent'],
  [WireKind.LATE, 'late'],
  [WireKind.FORGED, 'forged'],
  [WireKind.OVERLOADED, 'overloaded'],
]);

/** The message as the generated encoder takes it. */
export function meshToWire(message: MeshMessage): freshet.v1.Control.$Properties {
  switch (message.kind) {
    case 'share': {
      const { kind: _, renditionId: rendition, kept, ...rest } = message;
      return { share: { ...rest, rendition, kept: kept.map((edge) => ({ ...edge })) } };
    }
    case 'probe':
      return { probe: { bytes: message.bytes, padding: message.padding } };
    case 'plan': {
      const { links, stunPort, uplinkBps } = message;
      return { plan: { links: links.map((link) => ({ ...link })), stunPort, uplinkBps } };
    }
    case 'signal':
      return { signal: { peer: message.peer, body: message.body } };
    case 'report':
      return { report: { peer: message.peer, kind: kindToWire[message.why] } };
    case 'moved':
      return { moved: { stripe: message.stripe, parent: message.parent } };
    case 'request':
      return { request: { rendition: message.renditionId, sequences: [...message.sequences] } };
    case 'missing':
      return { missing: { rendition: message.renditionId, sequences: [...message.sequences] } };
    case 'declined':
      return { declined: { rendition: message.renditionId, stripeMask: message.stripeMask } };
  }
}

/** Reads a mesh message; `undefined` for none, or one beyond its limits. */
export function meshFromWire(wire: freshet.v1.Control): MeshMessage | undefined {
  if (wire.share) return shareFromWire(wire.share);
  if (wire.plan) return planFromWire(wire.plan);
  if (wire.request) return sequencesFromWire('request', wire.request);
  if (wire.missing) return sequencesFromWire('missing', wire.missing);
  if (wire.moved) {
    const edge = edgeFromWire(wire.moved);
    return edge && { kind: 'moved', ...edge };
  }
  if (wire.probe) {
    const { bytes = 0, padding = new Uint8Array() } = wire.probe;
    if (!isCount(bytes, PROBE_BYTES_MAX) || !padding || padding.length > PROBE_BYTES_MAX) return undefined;
    return { kind: 'probe', bytes, padding };
  }
  if (wire.signal) {
    const { peer, body } = wire.signal;
    if (!isPeer(peer) || !body || body.length === 0 || body.length > SIGNAL_BYTES_MAX) return undefined;
    return { kind: 'signal', peer, body };
  }
  if (wire.report) {
    const why = kindFromWire.get(wire.report.kind ?? 0);
    const { peer } = wire.report;
    return why && isPeer(peer) ? { kind: 'report', peer, why } : undefined;
  }
  if (wire.declined) {
    const { rendition, stripeMask } = wire.declined;
    return { kind: 'declined', renditionId: rendition ?? 0, stripeMask: stripeMask ?? 0 };
  }
  return undefined;
}

function shareFromWire(wire: freshet.v1.Share.$Properties): MeshMessage | undefined {
  const { peer, secret, rendition, uplinkBps, linksMax } = wire;
  const edges = wire.kept ?? [];
  if (!isPeer(peer) || !isCount(secret) || edges.length > KEPT_EDGES_MAX) return undefined;
  const kept = edges.map(edgeFromWire).filter((edge) => edge !== undefined);
  if (kept.length !== edges.length) return undefined;
  return {
    kind: 'share',
    peer,
    secret,
    renditionId: rendition ?? 0,
    uplinkBps: uplinkBps ?? 0,
    linksMax: linksMax ?? 0,
    rttMs: wire.rttMs ?? 0,
    kept,
  };
}

function edgeFromWire(wire: freshet.v1.Edge.$Properties): Edge | undefined {
  const stripe = wire.stripe ?? 0;
  const parent = wire.parent ?? RELAY;
  return isCount(stripe, STRIPES_MAX - 1) && isCount(parent) ? { stripe, parent } : undefined;
}

function planFromWire(wire: freshet.v1.Plan.$Properties): MeshMessage | undefined {
  const links: PlanLink[] = [];
  for (const link of wire.links ?? []) {
    const peer = link.peer ?? RELAY;
    if (!isCount(peer) || links.length >= PLAN_LINKS_MAX) return undefined;
    links.push({
      peer,
      parentMask: link.parentMask ?? 0,
      childMask: link.childMask ?? 0,
      standbyMask: link.standbyMask ?? 0,
      weight: link.weight ?? 0,
      isOfferer: link.isOfferer ?? false,
    });
  }
  const stunPort = wire.stunPort ?? 0;
  return isCount(stunPort, 0xffff)
    ? { kind: 'plan', links, stunPort, uplinkBps: wire.uplinkBps ?? 0 }
    : undefined;
}

function sequencesFromWire(
  kind: 'request' | 'missing',
  wire: freshet.v1.Request.$Properties,
): MeshMessage | undefined {
  const sequences = wire.sequences ?? [];
  if (sequences.length === 0 || sequences.length > REQUEST_SEQUENCES_MAX) return undefined;
  if (!sequences.every((sequence) => isCount(sequence, UINT32_MAX))) return undefined;
  return { kind, renditionId: wire.rendition ?? 0, sequences };
}

function isPeer(peer: number | null | undefined): peer is PeerId {
  return isCount(peer) && peer > RELAY;
}
