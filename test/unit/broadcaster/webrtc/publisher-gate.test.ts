import { describe, expect, it } from 'vitest';
import type { MediaFrame } from '../../../../broadcaster/src/ingest/rtp/index.js';
import {
  COMEBACK_MS,
  type Publisher,
  PublisherGate,
} from '../../../../broadcaster/src/ingest/webrtc/publisher-gate.js';

const frame: MediaFrame = {
  kind: 'audio',
  timeUs: 0,
  arrivedAt: 0,
  bytes: new Uint8Array(3),
  isKeyframe: true,
};

type Seen = Publisher & { readonly dismissals: string[] };

function publisher(id: string, via: Publisher['via'] = 'studio'): Seen {
  const dismissals: string[] = [];
  return { id, via, dismissals, dismiss: (why) => dismissals.push(why), requestKeyframe: () => undefined };
}

function gateWithLog(isTakeover: boolean) {
  const gate = new PublisherGate({ isTakeover });
  const log: string[] = [];
  gate.connect({
    onEnter: ({ id }) => log.push(`enter ${id}`),
    onLeave: (why) => log.push(`leave ${why}`),
    onFrame: () => log.push('frame'),
  });
  return { gate, log };
}

describe('the gate for publishers', () => {
  it('lets one in, and refuses a second with a sentence that says how to get in', () => {
    const { gate, log } = gateWithLog(false);
    expect(gate.enter(publisher('a')).ok).toBe(true);
    const answer = gate.enter(publisher('b', 'WHIP'));
    expect(answer).toMatchObject({ ok: false, why: expect.stringContaining('--takeover') });
    expect(log).toEqual(['enter a']);
  });

  it('lets a second one take over where that is wished, and tells the first', () => {
    const { gate, log } = gateWithLog(true);
    const first = publisher('a');
    gate.enter(first);
    expect(gate.enter(publisher('b')).ok).toBe(true);
    expect(first.dismissals).toHaveLength(1);
    expect(log).toEqual(['enter a', 'enter b']);
    // The one that lost its place goes later: nobody may take that for the end of the broadcast.
    gate.leave(0, first, 'gone');
    expect(gate.status(0).state).toBe('publishing');
  });

  it('gives a page that reconnects its own place again, without takeover', () => {
    const { gate } = gateWithLog(false);
    const before = publisher('page');
    gate.enter(before);
    expect(gate.enter(publisher('page')).ok).toBe(true);
    expect(before.dismissals).toHaveLength(1);
  });

  it('expects one that dropped back for two minutes, and then nobody', () => {
    const { gate, log } = gateWithLog(false);
    const one = publisher('a', 'WHIP');
    gate.enter(one);
    gate.leave(1_000, one, 'it broke off');
    expect(log.at(-1)).toBe('leave it broke off');
    expect(gate.status(1_000)).toEqual({ state: 'away', via: 'WHIP', msLeft: COMEBACK_MS });
    expect(gate.status(61_000)).toMatchObject({ state: 'away', msLeft: COMEBACK_MS - 60_000 });
    expect(gate.status(1_000 + COMEBACK_MS)).toEqual({ state: 'empty' });
    expect(gate.enter(publisher('b')).ok).toBe(true);
  });

  it('passes on the media of the one that publishes, and of nobody else', () => {
    const { gate, log } = gateWithLog(false);
    const one = publisher('a');
    gate.enter(one);
    gate.push(publisher('b'), frame);
    gate.push(one, frame);
    expect(log).toEqual(['enter a', 'frame']);
  });
});
