import { Capability, encodeControl, Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { Broadcast } from '../../../sim/broadcast.js';
import { Rig } from './rig.js';

const picture = new Uint8Array(300).fill(9);

const relayHello = (rig: Rig, link: number, capabilities: readonly number[]): void => {
  rig.input({ kind: 'child-opened', link });
  rig.received(link, { ...rig.hello('relay'), capabilities });
};

const postersTo = (rig: Rig, link: number): number =>
  rig.said(link).filter(({ kind }) => kind === 'poster').length;

describe('a poster', () => {
  it('goes to child relays that take posters, those of now and those that come, and to nobody else', () => {
    const rig = new Rig(new Broadcast(), { role: 'publisher' });
    relayHello(rig, 1, [Capability.poster]);
    relayHello(rig, 2, []);
    rig.addChild(3, 'viewer');
    rig.input({ kind: 'set-poster', picture });
    relayHello(rig, 4, [Capability.poster]);
    expect([1, 2, 3, 4].map((link) => postersTo(rig, link))).toEqual([1, 0, 0, 1]);
  });

  it('that comes from a parent is shown to the owner and goes no further by itself', () => {
    const rig = new Rig(new Broadcast(), { role: 'relay', parents: ['ws://a'] });
    const parent = rig.connect();
    relayHello(rig, 1, [Capability.poster]);
    rig.received(parent, { kind: 'poster', picture });
    expect(rig.events('poster').map((event) => event.picture)).toEqual([picture]);
    expect(postersTo(rig, 1)).toBe(0);
  });

  it('ends the link to a parent that sends one to a viewer, or one beyond the limit', () => {
    const viewer = new Rig(new Broadcast(), { role: 'viewer', parents: ['ws://a'] });
    const parent = viewer.connect();
    viewer.received(parent, { kind: 'poster', picture });
    expect(viewer.of('close').map(({ link }) => link)).toEqual([parent]);
    const relay = new Rig(new Broadcast(), { role: 'relay', parents: ['ws://a'] });
    const above = relay.connect();
    relay.received(
      above,
      encodeControl({ kind: 'poster', picture: new Uint8Array(Limits.POSTER_BYTES_MAX + 1) }),
    );
    expect(relay.of('close').map(({ link }) => link)).toEqual([above]);
  });

  it('may not come from a child', () => {
    const rig = new Rig(new Broadcast(), { role: 'publisher' });
    relayHello(rig, 1, [Capability.poster]);
    rig.received(1, { kind: 'poster', picture });
    expect(rig.of('close').map(({ link }) => link)).toEqual([1]);
  });
});
