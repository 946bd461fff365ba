import { CloseCode, decodePiece, encodeControl, Limits, type Session } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { BROADCAST_START_MS, Broadcast, createRendition } from '../../../sim/broadcast.js';
import { RIG_START_MS, Rig } from './rig.js';

const PARENTS = ['ws://a', 'ws://b'];

function viewer(broadcast = new Broadcast(), parents: readonly string[] = PARENTS): Rig {
  return new Rig(broadcast, { role: 'viewer', parents });
}

/** A viewer that is live and has the broadcast's clock. */
function liveViewer(broadcast = new Broadcast()): { rig: Rig; link: number } {
  const rig = viewer(broadcast);
  const link = rig.connect();
  rig.received(link, { kind: 'catalog', signed: broadcast.catalog() });
  rig.received(link, { kind: 'pong', sentMs: RIG_START_MS, broadcastMs: BROADCAST_START_MS });
  return { rig, link };
}

const flip = (bytes: Uint8Array, at: number): Uint8Array => {
  const flipped = bytes.slice();
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
};

const stateOf = ({ session }: { session: Session }): string => session.state;
const refusedOf = (rig: Rig): string[] => rig.events('refused').map(({ why }) => why);

describe('a viewer', () => {
  it('says hello, subscribes and asks the time in one go', () => {
    const rig = viewer();
    const link = rig.connect();
    expect(rig.of('dial')).toEqual([{ kind: 'dial', link, url: 'ws://a' }]);
    expect(rig.said(link).map(({ kind }) => kind)).toEqual(['hello', 'subscribe', 'ping']);
  });

  it('plays what it is sent, from the keyframe on', () => {
    const { rig, link } = liveViewer();
    for (const message of rig.broadcast.groups(2, 3)) rig.received(link, message);
    expect(rig.chunks.map(({ chunkNumber }) => chunkNumber)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(stateOf(rig)).toBe('live');
  });

  it('takes pieces that overtake their catalog', () => {
    const rig = viewer();
    const link = rig.connect();
    for (const message of rig.broadcast.groups(1, 3)) rig.received(link, message);
    expect(rig.chunks).toEqual([]);
    rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog() });
    expect(rig.chunks).toHaveLength(3);
  });

  it('holds only so many of those', () => {
    const rig = viewer();
    const link = rig.connect();
    for (const message of rig.broadcast.groups(1, Limits.PENDING_PIECES_PER_LINK_MAX + 5))
      rig.received(link, message);
    expect(rig.session.holdings.piecesWaiting).toBe(Limits.PENDING_PIECES_PER_LINK_MAX);
    expect(refusedOf(rig)).toEqual(new Array(5).fill('overflow'));
  });

  it('forgets what a lost parent had sent ahead of a catalog', () => {
    const rig = viewer();
    const link = rig.connect();
    for (const message of rig.broadcast.groups(1, 5)) rig.received(link, message);
    rig.input({ kind: 'closed', link, code: 1006, reason: '' });
    expect(rig.session.holdings.piecesWaiting).toBe(0);
  });

  it('has only so many pieces verified at a time', () => {
    const rig = viewer();
    const link = rig.connect();
    rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog() });
    rig.isVerifying = false;
    for (const message of rig.broadcast.groups(1, Limits.PENDING_PIECES_MAX + 5)) rig.received(link, message);
    expect(rig.session.holdings.verifying).toBe(Limits.PENDING_PIECES_MAX);
    expect(refusedOf(rig)).toEqual(new Array(5).fill('overflow'));
  });

  it('has only so many catalogs verified at a time', () => {
    const rig = viewer();
    const link = rig.connect();
    rig.isVerifying = false;
    for (let revision = 1; revision < 30; revision++)
      rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog({ revision }) });
    expect(rig.session.holdings.verifying).toBe(Limits.PENDING_CATALOGS_MAX);
  });

  it('plays the same when verifications are answered late and backwards', () => {
    const { rig, link } = liveViewer();
    rig.isVerifying = false;
    for (const message of rig.broadcast.groups(1, 6)) rig.received(link, message);
    for (const { id, request } of rig.of('verify').reverse())
      rig.input({ kind: 'verified', id, ok: rig.broadcast.scheme.isValid(request) });
    expect(rig.chunks.map(({ chunkNumber }) => chunkNumber)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('counts a piece that comes twice and plays it once', () => {
    const { rig, link } = liveViewer();
    const [keyframe = new Uint8Array()] = rig.broadcast.groups(1, 1);
    rig.received(link, keyframe);
    rig.received(link, keyframe);
    expect(rig.chunks).toHaveLength(1);
    expect(rig.session.stats(rig.now).piecesDuplicate).toBe(1);
  });

  it('goes on after an outage of any length', () => {
    const { rig, link } = liveViewer();
    const [keyframe = new Uint8Array()] = rig.broadcast.groups(1, 1);
    rig.received(link, keyframe);
    rig.broadcast.groups(1, 20_000, { fromMs: 100 });
    const later = rig.broadcast.groups(1, 1, { fromMs: 2_000_000 });
    rig.nowMs += 2_000_000;
    for (const message of later) rig.received(link, message);
    expect(rig.chunks.map(({ chunkNumber }) => chunkNumber)).toEqual([0, 20_001]);
  });

  it('ends each of its links when it closes', () => {
    const { rig, link } = liveViewer();
    rig.session.close();
    rig.drain();
    expect(rig.of('close')).toMatchObject([{ link, code: CloseCode.goingAway }]);
  });
});

describe('a viewer refuses', () => {
  it('a piece with a changed payload, and leaves its sender as forged', () => {
    const { rig, link } = liveViewer();
    const [keyframe = new Uint8Array()] = rig.broadcast.groups(1, 1);
    rig.received(link, flip(keyframe, keyframe.length - 1));
    expect(rig.chunks).toEqual([]);
    expect(refusedOf(rig)).toEqual(['bad-signature']);
    expect(rig.of('close')).toMatchObject([{ link, code: CloseCode.badSignature }]);
  });

  it('a piece of another channel’s broadcast', () => {
    const { rig, link } = liveViewer();
    const other = new Broadcast({ channel: 'other', epoch: BROADCAST_START_MS });
    const signedByAnother = new Broadcast({ channel: 'other', epoch: BROADCAST_START_MS + 1 });
    expect(other.epoch).toBe(rig.broadcast.epoch);
    for (const message of signedByAnother.groups(1, 1)) rig.received(link, message);
    expect(rig.chunks).toEqual([]);
  });

  it('a catalog of another channel, certified by that channel', () => {
    const rig = viewer();
    const link = rig.connect();
    rig.received(link, { kind: 'catalog', signed: new Broadcast({ channel: 'other' }).catalog() });
    expect(refusedOf(rig)).toEqual(['bad-certificate']);
    expect(rig.of('close')).toMatchObject([{ code: CloseCode.badSignature }]);
  });

  it('a catalog whose certificate nobody signed', () => {
    const rig = viewer();
    const link = rig.connect();
    const signed = rig.broadcast.catalog();
    rig.received(link, {
      kind: 'catalog',
      signed: { ...signed, certificateSignature: flip(signed.certificateSignature, 3) },
    });
    expect(refusedOf(rig)).toEqual(['bad-certificate']);
  });

  it('a catalog that its session key did not sign', () => {
    const rig = viewer();
    const link = rig.connect();
    const signed = rig.broadcast.catalog();
    rig.received(link, { kind: 'catalog', signed: { ...signed, signature: flip(signed.signature, 3) } });
    expect(refusedOf(rig)).toEqual(['bad-signature']);
    expect(rig.session.catalog).toBeUndefined();
  });

  it('a catalog for an epoch that its certificate does not cover', () => {
    const rig = viewer();
    const link = rig.connect();
    const later = new Broadcast({ epoch: rig.broadcast.epoch + 5 });
    const { certificate, certificateSignature } = rig.broadcast.catalog();
    rig.received(link, {
      kind: 'catalog',
      signed: { ...later.catalog(), certificate, certificateSignature },
    });
    expect(refusedOf(rig)).toEqual(['bad-certificate']);
  });

  it('an older catalog, without a word', () => {
    const { rig, link } = liveViewer();
    rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog({ revision: 3 }) });
    rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog({ revision: 2, title: 'old' }) });
    expect(rig.session.catalog?.revision).toBe(3);
    expect(rig.of('close')).toEqual([]);
  });

  it('pieces of a past epoch', () => {
    const { rig, link } = liveViewer();
    const old = rig.broadcast.groups(1, 2);
    const next = new Broadcast({ epoch: rig.broadcast.epoch + 1_000 });
    rig.received(link, { kind: 'catalog', signed: next.catalog() });
    for (const message of old) rig.received(link, message);
    expect(refusedOf(rig)).toEqual(['wrong-epoch', 'wrong-epoch']);
    expect(rig.chunks).toEqual([]);
  });

  it('pieces captured too long before the synchronised clock', () => {
    const { rig, link } = liveViewer();
    rig.nowMs += Limits.CAPTURE_SKEW_MS_MAX + 1_000;
    for (const message of rig.broadcast.groups(1, 1)) rig.received(link, message);
    expect(refusedOf(rig)).toEqual(['replayed']);
  });

  it('pieces of a rendition that the catalog does not name', () => {
    const { rig, link } = liveViewer();
    for (const message of rig.broadcast.groups(1, 1, { renditionId: 9 })) rig.received(link, message);
    expect(refusedOf(rig)).toEqual(['out-of-window']);
  });

  it('what a parent may not send, and asks it again later', () => {
    const { rig, link } = liveViewer();
    rig.received(link, { kind: 'audience', viewerCount: 1 });
    expect(rig.of('close')).toMatchObject([{ link, code: CloseCode.protocolViolation }]);
    expect(rig.events('parent-lost')[0]?.retryInMs).toBeLessThanOrEqual(Limits.DIAL_BACKOFF_MS_MIN);
  });
});

describe('a viewer whose parent fails', () => {
  it('goes to the next one at once, and comes back with growing waits when there is none', () => {
    const rig = viewer();
    for (let i = 0; i < 4; i++) {
      rig.pass(1_500);
      const dial = rig.of('dial').at(-1);
      if (dial) rig.input({ kind: 'closed', link: dial.link, code: 1006, reason: '' });
    }
    const urls = rig.of('dial').map(({ url }) => url);
    expect(urls.slice(0, 2)).toEqual(['ws://a', 'ws://b']);
    expect(urls.length).toBeGreaterThan(2);
  });

  it('forgets past failures once media flows, not before', () => {
    const rig = viewer(new Broadcast(), ['ws://a']);
    const fail = (link: number): number => {
      rig.input({ kind: 'closed', link, code: 1006, reason: '' });
      return rig.events('parent-lost').at(-1)?.retryInMs ?? 0;
    };
    for (let i = 0; i < 6; i++) {
      rig.pass(12_000);
      fail(rig.of('dial').at(-1)?.link ?? 0);
    }
    rig.nowMs += 12_000;
    const link = rig.connect();
    rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog() });
    expect(fail(link)).toBeGreaterThan(Limits.DIAL_BACKOFF_MS_MIN);
    rig.nowMs += 12_000;
    const next = rig.connect();
    for (const message of rig.broadcast.groups(1, 1)) rig.received(next, message);
    expect(rig.chunks).toHaveLength(1);
    expect(fail(next)).toBeLessThanOrEqual(Limits.DIAL_BACKOFF_MS_MIN);
  });

  it('resumes in the middle of a group without playing anything twice', () => {
    const { rig, link } = liveViewer();
    const group = rig.broadcast.groups(1, 10);
    for (const message of group.slice(0, 4)) rig.received(link, message);
    rig.input({ kind: 'closed', link, code: 1006, reason: '' });
    rig.pass(500);
    const next = rig.of('dial').at(-1)?.link ?? 0;
    rig.input({ kind: 'parent-opened', link: next });
    rig.received(next, rig.hello('relay'));
    for (const message of group) rig.received(next, message);
    expect(rig.chunks.map(({ chunkNumber }) => chunkNumber)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('leaves a parent that has fallen silent', () => {
    const { rig } = liveViewer();
    rig.pass(Limits.PARENT_SILENCE_MS_MAX - 1);
    expect(rig.of('close')).toEqual([]);
    rig.pass(1);
    expect(rig.of('close')).toMatchObject([{ code: CloseCode.timeout }]);
  });

  it('says that it trusts nobody when every parent forged', () => {
    const rig = viewer();
    for (let i = 0; i < PARENTS.length; i++) {
      const link = rig.connect();
      rig.received(link, { kind: 'catalog', signed: new Broadcast({ channel: 'other' }).catalog() });
    }
    expect(stateOf(rig)).toBe('untrusted');
    rig.pass(Limits.DISTRUST_MS);
    expect(stateOf(rig)).toBe('connecting');
  });
});

describe('a viewer without media knows why', () => {
  it('while nobody has answered', () => {
    expect(stateOf(viewer())).toBe('connecting');
  });

  it('when nothing is on', () => {
    const rig = viewer();
    rig.received(rig.connect(), { kind: 'absent' });
    expect(stateOf(rig)).toBe('not-started');
  });

  it('when the source is missing, and when it is over', () => {
    const { rig, link } = liveViewer();
    rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog({ revision: 2, state: 'waiting' }) });
    expect(stateOf(rig)).toBe('waiting');
    rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog({ revision: 3, state: 'ended' }) });
    expect(stateOf(rig)).toBe('ended');
    expect(rig.events('state').map(({ state }) => state)).toEqual(['live', 'waiting', 'ended']);
  });

  it('when every parent says that it does not carry the channel', () => {
    const rig = viewer();
    for (const reason of ['not here', 'not here either']) {
      rig.input({ kind: 'timeout' });
      expect(stateOf(rig)).toBe('connecting');
      const link = rig.of('dial').at(-1)?.link ?? 0;
      rig.input({ kind: 'closed', link, code: CloseCode.unknownChannel, reason });
    }
    expect(rig.events('state')).toMatchObject([{ state: 'unknown-channel', detail: 'not here' }]);
  });

  it('when a parent answers for another channel', () => {
    const rig = viewer(new Broadcast(), ['ws://a']);
    rig.input({ kind: 'timeout' });
    const link = rig.of('dial')[0]?.link ?? 0;
    rig.input({ kind: 'parent-opened', link });
    rig.received(link, { ...rig.hello('relay'), channelKey: new Uint8Array(32) });
    expect(stateOf(rig)).toBe('unknown-channel');
  });

  it('when no version is common, with a sentence that says what to do', () => {
    const rig = viewer(new Broadcast(), ['ws://a']);
    rig.input({ kind: 'timeout' });
    const link = rig.of('dial')[0]?.link ?? 0;
    rig.input({ kind: 'parent-opened', link });
    rig.received(link, { ...rig.hello('relay'), versionMin: 4, versionMax: 5 });
    expect(rig.events('state')).toMatchObject([
      { state: 'incompatible', detail: expect.stringContaining('update Freshet here') },
    ]);
  });
});

describe('a viewer that changes the rendition', () => {
  const renditions = [createRendition(1), createRendition(2)];

  function twoRenditions(): { rig: Rig; link: number } {
    const { rig, link } = liveViewer();
    rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog({ revision: 2, renditions }) });
    return { rig, link };
  }

  it('subscribes to the new one before it leaves the old one', () => {
    const { rig, link } = twoRenditions();
    rig.clear();
    rig.input({ kind: 'select-rendition', renditionId: 2 });
    expect(rig.said(link)).toEqual([
      { kind: 'subscribe', renditionId: 2, stripeMask: 0 },
      { kind: 'unsubscribe', renditionId: 0 },
    ]);
  });

  it('plays only the new one from then on', () => {
    const { rig, link } = twoRenditions();
    const old = rig.broadcast.groups(1, 2);
    const selected = rig.broadcast.groups(1, 2, { renditionId: 2 });
    rig.input({ kind: 'select-rendition', renditionId: 2 });
    for (const message of [...old, ...selected]) rig.received(link, message);
    expect(rig.chunks.map(({ renditionId }) => renditionId)).toEqual([2, 2]);
  });

  it('while its parent has not answered yet gets what it chose last', () => {
    const rig = viewer();
    rig.input({ kind: 'timeout' });
    const link = rig.of('dial')[0]?.link ?? 0;
    rig.input({ kind: 'parent-opened', link });
    rig.input({ kind: 'select-rendition', renditionId: 2 });
    expect(rig.said(link).map(({ kind }) => kind)).toEqual([
      'hello',
      'subscribe',
      'ping',
      'subscribe',
      'unsubscribe',
    ]);
  });

  it('and comes back within a group plays the burst that it is sent again', () => {
    const { rig, link } = twoRenditions();
    const group = rig.broadcast.groups(1, 6);
    for (const message of group.slice(0, 3)) rig.received(link, message);
    rig.input({ kind: 'select-rendition', renditionId: 2 });
    rig.input({ kind: 'select-rendition', renditionId: 0 });
    rig.clear();
    for (const message of group) rig.received(link, message);
    expect(rig.chunks.map(({ chunkNumber }) => chunkNumber)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('by its number, when it plays that already, goes on without a break', () => {
    const { rig, link } = twoRenditions();
    const group = rig.broadcast.groups(1, 4);
    for (const message of group.slice(0, 2)) rig.received(link, message);
    rig.input({ kind: 'select-rendition', renditionId: 1 });
    for (const message of group.slice(2)) rig.received(link, message);
    expect(rig.chunks).toHaveLength(4);
  });

  it('because a catalog names another default begins with that one’s keyframe', () => {
    const { rig, link } = twoRenditions();
    for (const message of rig.broadcast.groups(1, 5)) rig.received(link, message);
    const turned = rig.broadcast.catalog({ revision: 3, renditions: [...renditions].reverse() });
    rig.received(link, { kind: 'catalog', signed: turned });
    rig.clear();
    for (const message of rig.broadcast.groups(1, 2, { renditionId: 2 })) rig.received(link, message);
    expect(rig.chunks.map(({ renditionId, chunkNumber }) => [renditionId, chunkNumber])).toEqual([
      [2, 0],
      [2, 1],
    ]);
  });

  it('keeps the count of what was skipped', () => {
    const { rig, link } = twoRenditions();
    const pieces = rig.broadcast.groups(2, 3);
    for (const message of pieces)
      if (decodePiece(message)?.header.chunkNumber !== 1) rig.received(link, message);
    expect(rig.session.stats(rig.now).chunksSkipped).toBe(2);
    rig.input({ kind: 'select-rendition', renditionId: 2 });
    expect(rig.session.stats(rig.now).chunksSkipped).toBe(2);
  });
});

describe('input that makes no sense', () => {
  it('is ignored', () => {
    const rig = viewer();
    rig.input({ kind: 'verified', id: 99, ok: true });
    rig.input({ kind: 'parent-opened', link: 3 });
    rig.input({ kind: 'received', link: 3, bytes: encodeControl({ kind: 'absent' }), bufferedBytes: 0 });
    rig.input({ kind: 'publish-piece', message: new Uint8Array(3) });
    rig.input({ kind: 'closed', link: 3, code: 1, reason: '' });
    expect(rig.outputs).toEqual([]);
  });
});
