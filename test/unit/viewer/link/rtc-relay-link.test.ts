import { CloseCode, decodeEdgeUrl, edgeCredentials } from '@freshet/proto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ViewerLink } from '../../../../viewer/src/link/link.js';
import { encodeCloseNote } from '../../../../viewer/src/link/rtc-close-note.js';
import type {
  DataChannelLike,
  PeerConnectionLike,
  RtcDescription,
  RtcEvent,
  RtcListener,
} from '../../../../viewer/src/link/rtc-connection.js';
import {
  createEdgeDial,
  EDGE_DISCONNECTED_MS_MAX,
  EDGE_OPEN_MS_MAX,
} from '../../../../viewer/src/link/rtc-relay-link.js';

const URL_OF_EDGE = `udp://192.0.2.9:9000/${'A'.repeat(43)}/channel/fr1test`;
const OFFER = 'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n';

class Emitter {
  readonly #listeners: [string, RtcListener][] = [];
  addEventListener(type: string, listener: RtcListener): void {
    this.#listeners.push([type, listener]);
  }
  emit(event: RtcEvent): void {
    for (const [type, listener] of this.#listeners) if (type === event.type) listener(event);
  }
}

class FakeChannel extends Emitter implements DataChannelLike {
  readyState = 'connecting';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  binaryType = 'blob';
  readonly sent: Uint8Array[] = [];
  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.sent.push(bytes);
  }
  open(): void {
    this.readyState = 'open';
    this.emit({ type: 'open' });
  }
}

class FakeConnection extends Emitter implements PeerConnectionLike {
  connectionState = 'new';
  readonly channel = new FakeChannel();
  readonly descriptions: RtcDescription[] = [];
  offer = OFFER;
  isClosed = false;
  createDataChannel(_label: string, options: object): DataChannelLike {
    expect(options).toEqual({ negotiated: true, id: 0, ordered: true });
    return this.channel;
  }
  createOffer = async (): Promise<{ sdp: string }> => ({ sdp: this.offer });
  createAnswer = async (): Promise<{ sdp: string }> => ({ sdp: '' });
  addIceCandidate = async (): Promise<void> => undefined;
  setLocalDescription = async (description: RtcDescription): Promise<void> => {
    this.descriptions.push(description);
  };
  setRemoteDescription = this.setLocalDescription;
  close(): void {
    this.isClosed = true;
  }
  become(state: string): void {
    this.connectionState = state;
    this.emit({ type: 'connectionstatechange' });
  }
}

type Dialled = { readonly link: ViewerLink; readonly log: string[]; readonly connection: FakeConnection };

const dial = (url: string = URL_OF_EDGE, connection = new FakeConnection()): Dialled => {
  const log: string[] = [];
  const link = createEdgeDial(() => connection)(url, {
    onOpen: () => log.push('open'),
    onMessage: (bytes) => log.push(`message ${bytes.length}`),
    onClose: (code, reason) => log.push(`close ${code} ${reason}`),
  });
  return { link, log, connection };
};

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe('a link to an edge', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('answers its own offer with what the address says', async () => {
    const { connection } = dial();
    await settle();
    expect(connection.descriptions.map(({ type }) => type)).toEqual(['offer', 'answer']);
    const { ufrag } = edgeCredentials(decodeEdgeUrl(URL_OF_EDGE)?.address.fingerprint ?? new Uint8Array(32));
    expect(connection.descriptions[1]?.sdp).toContain(`a=ice-ufrag:${ufrag}\r\n`);
    expect(connection.descriptions[1]?.sdp).toContain(' 192.0.2.9 9000 typ host\r\n');
  });

  it('says first which path it wants, then carries messages', () => {
    const { link, log, connection } = dial();
    link.send(Uint8Array.of(2, 1));
    connection.channel.open();
    link.send(Uint8Array.of(2, 2));
    expect(connection.channel.sent.map((bytes) => new TextDecoder().decode(bytes))).toEqual([
      '\0\0\0/channel/fr1test',
      '\u0002\u0002',
    ]);
    connection.channel.emit({ type: 'message', data: Uint8Array.of(1, 2, 3).buffer });
    connection.channel.bufferedAmount = 77;
    expect(link.bufferedBytes).toBe(77);
    expect(log).toEqual(['open', 'message 3']);
  });

  it.each([
    [encodeCloseNote({ code: CloseCode.full, reason: 'no room' }), 'close 4503 no room'],
    [encodeCloseNote({ code: 1001, reason: 'going' }), 'close 1001 going'],
    [Uint8Array.of(0, 0, 0, 65), 'close 4400 a close note of no known form'],
    [Uint8Array.of(0), 'close 4400 a close note of no known form'],
  ])('is told why the relay closes', (note, said) => {
    const { log, connection } = dial();
    connection.channel.open();
    connection.channel.emit({ type: 'message', data: note.buffer });
    connection.channel.emit({ type: 'close' });
    expect(log).toEqual(['open', said]);
    expect(connection.isClosed).toBe(true);
  });

  it('says why it closes, and lets go a little later', () => {
    const { link, log, connection } = dial();
    connection.channel.open();
    link.close(CloseCode.goingAway, 'done');
    link.close(CloseCode.goingAway, 'done again');
    expect(connection.channel.sent.at(-1)).toEqual(
      encodeCloseNote({ code: CloseCode.goingAway, reason: 'done' }),
    );
    expect(connection.isClosed).toBe(false);
    vi.runAllTimers();
    expect(connection.isClosed).toBe(true);
    expect(log).toEqual(['open']);
  });

  it('that does not open in time is given up', () => {
    const { log, connection } = dial();
    vi.advanceTimersByTime(EDGE_OPEN_MS_MAX);
    expect(log).toEqual([`close ${CloseCode.timeout} not open in time`]);
    expect(connection.isClosed).toBe(true);
  });

  it('outlives a short disconnection, but not a long one', () => {
    const { log, connection } = dial();
    connection.channel.open();
    connection.become('disconnected');
    vi.advanceTimersByTime(EDGE_DISCONNECTED_MS_MAX - 1);
    connection.become('connected');
    vi.advanceTimersByTime(EDGE_DISCONNECTED_MS_MAX);
    expect(log).toEqual(['open']);
    connection.become('disconnected');
    vi.advanceTimersByTime(EDGE_DISCONNECTED_MS_MAX);
    expect(log).toEqual(['open', 'close 1006 the relay went silent']);
  });

  it('fails at once where there is no way, or an offer that cannot be answered', async () => {
    const first = dial();
    first.connection.become('failed');
    expect(first.log).toEqual(['close 1006 no way to the relay']);
    const connection = new FakeConnection();
    connection.offer = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n';
    const second = dial(URL_OF_EDGE, connection);
    await settle();
    expect(second.log[0]).toMatch(/^close 4500 This offer is not for data channels alone/);
  });

  it('to what is no edge address, or without an engine, is told later and never thrown', () => {
    const { log } = dial('wss://example.org/channel/x');
    const failing = createEdgeDial(() => {
      throw new Error('too many connections');
    });
    const link = failing(URL_OF_EDGE, {
      onOpen: () => undefined,
      onMessage: () => undefined,
      onClose: (code, reason) => log.push(`close ${code} ${reason}`),
    });
    expect(log).toEqual([]);
    vi.runAllTimers();
    expect(log).toEqual(['close 1006 not an edge address', 'close 1006 too many connections']);
    link.close(1000, '');
  });
});
