import { CloseCode, Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { BROADCAST_START_MS, Broadcast } from '../../../../sim/broadcast.js';
import { fedByParent, MeshViewer } from './mesh-rig.js';

describe('what a neighbour or a relay may cost', () => {
  it('is bounded for pieces that are of no use', () => {
    const { rig, parent } = fedByParent();
    const known = rig.pieces[3]?.slice() ?? new Uint8Array();
    for (let i = 0; i < Limits.USELESS_PIECES_MAX; i++) rig.received(parent, known);
    expect(rig.closeCode(parent)).toBeUndefined();
    rig.received(parent, known);
    rig.received(parent, known);
    expect(rig.closeCode(parent)).toBe(CloseCode.tooManyMessages);
    expect(rig.session.stats(rig.now).mesh?.bytesFromPeers).toBeLessThan(100 * known.length);
  });

  it('is bounded for epochs that nobody has begun', () => {
    const { rig, parent } = fedByParent();
    const fake = new Broadcast({ epoch: BROADCAST_START_MS * 2, channel: 'nobody' });
    for (const message of fake.groups(1, 40)) rig.received(parent, message);
    expect(rig.session.holdings.piecesWaiting).toBe(0);
    const next = new Broadcast({ epoch: BROADCAST_START_MS + 20_000 });
    for (const message of next.groups(1, 40)) rig.received(parent, message);
    expect(rig.session.holdings.piecesWaiting).toBe(40);
    rig.input({ kind: 'closed', link: parent, code: 1006, reason: '' });
    expect(rig.session.holdings.piecesWaiting).toBe(0);
  });

  it('is bounded for padding, of which one that uploads nothing sends none', () => {
    for (const [uplinkBps, answers] of [
      [10_000_000, Limits.PROBES_ANSWERED_MAX],
      [0, 0],
    ] as const) {
      const rig = new MeshViewer({ mesh: { linksMax: 8, uplinkBps } }).join();
      rig.clear();
      for (let i = 0; i < 50; i++)
        rig.received(rig.relay, { kind: 'probe', bytes: Limits.PROBE_BYTES, padding: new Uint8Array() });
      const sent = rig.saidOf(rig.relay, 'probe').reduce((sum, { padding }) => sum + padding.length, 0);
      expect(sent).toBe(answers * Limits.PROBE_BYTES);
    }
  });
});
