import { createCell, decodePiece, encodeControl, equalBytes, FrameKind, Limits } from '@freshet/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BROADCAST_START_MS, Broadcast } from '../sim/broadcast.js';
import { MeshRig, MeshViewer, planLink } from '../unit/proto/session/mesh/mesh-rig.js';
import { RIG_START_MS } from '../unit/proto/session/rig.js';
import { MESH_MESSAGES } from './mesh-messages.js';
import { anyMessage } from './mutation.js';
import { checkForAWhile, readCorpus } from './run-for.js';

const PEERS = [7, 8, 9];

/** A viewer in the middle of the stream: one neighbour feeds it, one takes from it, one has not greeted. */
function viewer(): { rig: MeshViewer; links: readonly number[] } {
  const rig = new MeshViewer().join();
  rig.feed(8, () => rig.relay);
  const parent = rig.meet(7, { parentMask: 0b0001, standbyMask: 0b0010 });
  const child = rig.meet(8, { childMask: 0b1111 });
  rig.received(child, { kind: 'subscribe', renditionId: 1, stripeMask: 0b1111, from: 0 });
  rig.feed(8, (stripe) => (stripe === 0 ? parent : rig.relay));
  rig.plan(planLink(9, { parentMask: 0b0010 }));
  rig.input({ kind: 'peer-opened', link: rig.linkOf(9) });
  return { rig, links: [rig.relay, parent, child, rig.linkOf(9)] };
}

/** A relay with a cell: two viewers that are neighbours, and one that has not shared. */
function relay(): { rig: MeshRig; links: readonly number[] } {
  const rig = new MeshRig(new Broadcast(), {
    role: 'publisher',
    wallAtZeroMs: BROADCAST_START_MS - RIG_START_MS,
    cell: { create: createCell, headsMax: 1, stunPort: 3478 },
  });
  rig.input({ kind: 'publish-catalog', signed: rig.broadcast.catalog() });
  for (let i = 0; i < 8; i++) rig.publish([rig.cut()]);
  const links = [1, 2, 3];
  for (const link of links) rig.addChild(link);
  for (const link of links.slice(0, 2)) {
    const share = { uplinkBps: 9_000_000, linksMax: 8, rttMs: 20, renditionId: 0, kept: [] };
    rig.received(link, { kind: 'share', peer: PEERS[link] ?? 1, secret: link, ...share });
    rig.received(link, { kind: 'probe', bytes: 0, padding: new Uint8Array(Limits.PROBE_STEP_BYTES) });
  }
  return { rig, links };
}

/** Nothing was played or passed on that the broadcast does not hold, and nothing is held beyond its limits. */
function expectSafe(rig: MeshRig): void {
  for (const output of rig.of('transmit')) {
    if (output.bytes[0] !== FrameKind.piece) continue;
    const sequence = decodePiece(output.bytes)?.header.sequence ?? -1;
    expect(equalBytes(output.bytes, rig.pieces[sequence] ?? new Uint8Array())).toBe(true);
  }
  for (const { chunkNumber, bytes } of rig.chunks) {
    const published = rig.pieces[chunkNumber] ?? new Uint8Array();
    expect(equalBytes(bytes, published.subarray(published.length - bytes.length))).toBe(true);
  }
  const { windowBytes, piecesWaiting, verifying } = rig.session.holdings;
  expect(windowBytes).toBeLessThanOrEqual(Limits.WINDOW_BYTES_MAX * Limits.RENDITIONS_MAX);
  expect(piecesWaiting).toBeLessThanOrEqual(Limits.PENDING_PIECES_MAX);
  expect(verifying).toBeLessThanOrEqual(Limits.PENDING_PIECES_MAX + Limits.PENDING_CATALOGS_MAX);
  const stats = rig.session.stats(rig.now);
  expect(stats.mesh?.neighbourCount ?? 0).toBeLessThanOrEqual(Limits.NEIGHBOURS_MAX);
  expect(stats.mesh?.stripesFromPeers ?? 0).toBeLessThanOrEqual(stats.mesh?.stripeCount ?? 0);
  expect(stats.cell?.viewerCount ?? 0).toBeLessThanOrEqual(3);
}

/** The next piece with another payload. */
function forged(rig: MeshRig): Uint8Array {
  const bytes = rig.cut().slice();
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  return bytes;
}

/** Connections of neighbours without an end: every `connect` was answered by a `close`, or counts. */
function openNeighbours(rig: MeshRig): number {
  const open = new Set(rig.of('connect').map(({ link }) => link));
  for (const { link } of rig.of('close')) open.delete(link);
  return open.size;
}

const anyStep = fc.record({
  at: fc.nat(3),
  bytes: fc.oneof(
    { weight: 3, arbitrary: anyMessage },
    {
      weight: 5,
      arbitrary: fc
        .constantFrom(...MESH_MESSAGES)
        .chain((make) => make)
        .map(encodeControl),
    },
  ),
  bufferedBytes: fc.oneof(fc.constant(0), fc.nat(2_000_000)),
  stepMs: fc.oneof(fc.nat(60), fc.nat(7_000)),
  /** What the link does after the message. */
  after: fc.constantFrom(
    'nothing',
    'nothing',
    'writable',
    'closed',
    'opened',
    'signal',
    'piece',
    'forged',
    'offer',
    'playout',
  ),
});

for (const [name, prepare] of [
  ['viewer in a mesh', viewer],
  ['relay with a cell', relay],
] as const)
  describe(`a ${name}`, () => {
    it('takes any messages over any of its links without throwing, and hands out and holds only what it may', () => {
      checkForAWhile(
        fc.property(fc.array(anyStep, { maxLength: 25 }), fc.boolean(), (steps, isVerifying) => {
          const { rig, links } = prepare();
          rig.isVerifying = isVerifying;
          for (const { at, bytes, bufferedBytes, stepMs, after } of steps) {
            const link = links[at % links.length] ?? 0;
            rig.received(link, bytes.slice(), bufferedBytes);
            if (after === 'writable') rig.input({ kind: 'writable', link, bufferedBytes });
            else if (after === 'closed') rig.input({ kind: 'closed', link, code: 1006, reason: '' });
            else if (after === 'opened') rig.input({ kind: 'peer-opened', link });
            else if (after === 'signal') rig.input({ kind: 'signal', link, bytes: bytes.slice(0, 50) });
            else if (after === 'offer') rig.input({ kind: 'offer-uplink', uplinkBps: bufferedBytes });
            else if (after === 'playout') rig.input({ kind: 'playout', lagMs: stepMs });
            else if (after === 'piece' && rig instanceof MeshViewer) rig.feed(1, () => link);
            else if (after === 'forged') rig.received(link, forged(rig));
            rig.pass(stepMs);
          }
          expectSafe(rig);
          expect(openNeighbours(rig)).toBeLessThanOrEqual(Limits.NEIGHBOURS_MAX);
          rig.session.close();
          rig.drain();
        }),
      );
    }, 60_000);

    it('survives every case that once broke one', () => {
      for (const { bytes } of readCorpus()) {
        const { rig, links } = prepare();
        for (const link of links) rig.received(link, bytes.slice());
        expectSafe(rig);
      }
    });
  });
