import { CloseCode, type Input } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { NeighbourLinks } from '../../../../viewer/src/link/neighbour-links.js';
import type {
  PeerDialEffect,
  PeerLink,
  PeerLinkHandlers,
  PeerLinkOptions,
} from '../../../../viewer/src/link/peer-link.js';

/** A connection that does nothing by itself. */
class TestPeerLink implements PeerLink {
  readonly options: PeerLinkOptions;
  readonly handlers: PeerLinkHandlers;
  readonly sent: number[] = [];
  readonly signals: number[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  bufferedBytes = 0;

  constructor(options: PeerLinkOptions, handlers: PeerLinkHandlers) {
    this.options = options;
    this.handlers = handlers;
  }

  send(bytes: Uint8Array): void {
    this.sent.push(...bytes);
    this.bufferedBytes += bytes.length;
  }

  receiveSignal(bytes: Uint8Array): void {
    this.signals.push(...bytes);
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }
}

function createRig() {
  const inputs: Input[] = [];
  const dialled: TestPeerLink[] = [];
  const dial: PeerDialEffect = (options, handlers) => {
    const link = new TestPeerLink(options, handlers);
    dialled.push(link);
    return link;
  };
  const links = new NeighbourLinks(dial, (input) => inputs.push(input));
  const connect = (link: number, rest: { relayUrl?: string; stunPort?: number } = {}): TestPeerLink => {
    const asked = { isOfferer: true, relayUrl: 'wss://relay.example:8443/link/fr1', stunPort: 0, ...rest };
    links.connect({ kind: 'connect', link, peer: 9, ...asked });
    const made = dialled.at(-1);
    if (!made) throw new Error('nothing was dialled');
    return made;
  };
  return { inputs, links, connect };
}

describe('the links to neighbours', () => {
  it('are opened as the session asks, with the relay’s host as STUN server', () => {
    const { connect } = createRig();
    expect(connect(1).options).toEqual({ isOfferer: true, stunUrls: [] });
    expect(connect(2, { stunPort: 3478 }).options.stunUrls).toEqual(['stun:relay.example:3478']);
    const overV6 = connect(3, { relayUrl: 'ws://[2001:db8::1]:80/link/fr1', stunPort: 5 });
    expect(overV6.options.stunUrls).toEqual(['stun:[2001:db8::1]:5']);
  });

  it('tell the session what happens, each under its own number', () => {
    const { inputs, connect } = createRig();
    const first = connect(1);
    const second = connect(2);
    second.bufferedBytes = 5;
    first.handlers.onSignal(Uint8Array.of(1));
    second.handlers.onOpen();
    second.handlers.onMessage(Uint8Array.of(2));
    second.handlers.onWritable(3);
    expect(inputs).toEqual([
      { kind: 'signal', link: 1, bytes: Uint8Array.of(1) },
      { kind: 'peer-opened', link: 2 },
      { kind: 'received', link: 2, bytes: Uint8Array.of(2), bufferedBytes: 5 },
      { kind: 'writable', link: 2, bufferedBytes: 3 },
    ]);
  });

  it('send to the one that is meant, and tell what waits in it then', () => {
    const { inputs, links, connect } = createRig();
    const first = connect(1);
    const second = connect(2);
    expect(links.send(2, Uint8Array.of(7, 8))).toBe(true);
    expect(first.sent).toEqual([]);
    expect(second.sent).toEqual([7, 8]);
    expect(inputs).toEqual([{ kind: 'writable', link: 2, bufferedBytes: 2 }]);
    links.signal(1, Uint8Array.of(9));
    expect(first.signals).toEqual([9]);
  });

  it('leave a link that is none of theirs to others', () => {
    const { inputs, links } = createRig();
    expect(links.send(5, Uint8Array.of(1))).toBe(false);
    expect(links.close(5, CloseCode.goingAway, '')).toBe(false);
    links.signal(5, Uint8Array.of(1));
    expect(inputs).toEqual([]);
  });

  it('are gone once closed from here', () => {
    const { links, connect } = createRig();
    const link = connect(1);
    expect(links.close(1, CloseCode.goingAway, 'bye')).toBe(true);
    expect(link.closed).toEqual({ code: CloseCode.goingAway, reason: 'bye' });
    expect(links.send(1, Uint8Array.of(1))).toBe(false);
    expect(links.close(1, CloseCode.goingAway, 'bye')).toBe(false);
  });

  it('are gone once the other end closed, and the session hears of it', () => {
    const { inputs, links, connect } = createRig();
    connect(1).handlers.onClose(1006, 'lost');
    expect(inputs).toEqual([{ kind: 'closed', link: 1, code: 1006, reason: 'lost' }]);
    expect(links.send(1, Uint8Array.of(1))).toBe(false);
  });

  it('are refused at once where there is no WebRTC', () => {
    const inputs: Input[] = [];
    const links = new NeighbourLinks(undefined, (input) => inputs.push(input));
    links.connect({ kind: 'connect', link: 4, peer: 9, isOfferer: true, relayUrl: 'ws://a/', stunPort: 1 });
    expect(inputs).toEqual([
      { kind: 'closed', link: 4, code: CloseCode.goingAway, reason: 'no WebRTC here' },
    ]);
    expect(links.send(4, Uint8Array.of(1))).toBe(false);
  });
});
