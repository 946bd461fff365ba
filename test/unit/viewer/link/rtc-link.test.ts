import { CloseCode, FrameKind } from '@freshet/proto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  PEER_BUFFERED_BYTES_MAX,
  PEER_LOST,
  PEER_MESSAGE_BYTES_MAX,
  PEER_OPEN_MS_MAX,
  type PeerDialEffect,
  type PeerLink,
} from '../../../../viewer/src/link/peer-link.js';
import {
  CLOSE_LINGER_MS,
  createRtcDial,
  DISCONNECTED_MS_MAX,
  EARLY_MESSAGES_MAX,
  LOW_WATER_BYTES,
  PIECE_LIFE_MS,
} from '../../../../viewer/src/link/rtc-link.js';
import { type MemoryChannel, type MemoryConnection, MemoryNetwork } from './memory-connection.js';

type Side = {
  readonly link: PeerLink;
  readonly log: string[];
  readonly connection: MemoryConnection;
  readonly control: MemoryChannel;
  readonly pieces: MemoryChannel;
};

/** Lets promises and microtasks run out. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

const dialSide = (
  network: MemoryNetwork,
  dial: PeerDialEffect,
  isOfferer: boolean,
  carry: (bytes: Uint8Array) => void,
): Side => {
  const log: string[] = [];
  const link = dial(
    { isOfferer, stunUrls: ['stun:192.0.2.9:3478'] },
    {
      onOpen: () => log.push('open'),
      onMessage: (bytes) => log.push(`message ${bytes[0]} ${bytes.length}`),
      onWritable: (bufferedBytes) => log.push(`writable ${bufferedBytes}`),
      onSignal: carry,
      onClose: (code) => log.push(`close ${code}`),
    },
  );
  const connection = network.connections.at(-1);
  const [control, pieces] = connection?.channels ?? [];
  if (!connection || !control || !pieces) throw new Error('no connection was made');
  return { link, log, connection, control, pieces };
};

/** Two ends; signals are carried unless the way is cut. */
const dialBoth = (isCut = false): { offerer: Side; answerer: Side } => {
  const network = new MemoryNetwork();
  const dial = createRtcDial(network.create);
  const sides: Side[] = [];
  const carryTo = (index: number) => (bytes: Uint8Array) => {
    if (!isCut) sides[index]?.link.receiveSignal(bytes);
  };
  const offerer = dialSide(network, dial, true, carryTo(1));
  sides.push(offerer);
  const answerer = dialSide(network, dial, false, carryTo(0));
  sides.push(answerer);
  return { offerer, answerer };
};

const openBoth = async (): Promise<{ offerer: Side; answerer: Side }> => {
  const both = dialBoth();
  await settle();
  expect([both.offerer.log, both.answerer.log]).toEqual([['open'], ['open']]);
  return both;
};

const bytesOf = (kind: number, length: number): Uint8Array => new Uint8Array(length).fill(kind);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the channels of a peer link', () => {
  it('are agreed beforehand: one in order for control, one for pieces that would rather be lost than late', () => {
    const { offerer } = dialBoth();
    expect(offerer.control.options).toEqual({ negotiated: true, id: 0, ordered: true });
    const lossy = { negotiated: true, id: 1, ordered: false, maxPacketLifeTime: PIECE_LIFE_MS };
    expect(offerer.pieces.options).toEqual(lossy);
    expect(offerer.connection.stunUrls).toEqual(['stun:192.0.2.9:3478']);
  });

  it('take messages by their kind', async () => {
    const { offerer, answerer } = await openBoth();
    offerer.control.isHeld = true;
    offerer.link.send(bytesOf(FrameKind.control, 5));
    offerer.link.send(bytesOf(FrameKind.piece, 7));
    await settle();
    expect(offerer.control.bufferedAmount).toBe(5);
    expect(answerer.log).toContain('message 1 7');
  });

  it('keep messages that come before both are open, in order', async () => {
    const { offerer } = dialBoth(true);
    offerer.control.emit({ type: 'message', data: bytesOf(2, 3).buffer });
    offerer.control.emit({ type: 'message', data: bytesOf(2, 4).buffer });
    expect(offerer.log).toEqual([]);
    offerer.control.open();
    offerer.pieces.open();
    expect(offerer.log).toEqual(['open', 'message 2 3', 'message 2 4']);
  });

  it('do not keep more than a few of those', async () => {
    const { offerer } = dialBoth(true);
    for (let index = 0; index <= EARLY_MESSAGES_MAX; index += 1) {
      offerer.control.emit({ type: 'message', data: bytesOf(2, 3).buffer });
    }
    expect(offerer.log).toEqual([`close ${CloseCode.tooManyMessages}`]);
  });
});

describe('the queue of a peer link', () => {
  it('is told when it is empty though it was never long', async () => {
    const { offerer } = await openBoth();
    offerer.pieces.isHeld = true;
    offerer.link.send(bytesOf(1, 1_000));
    offerer.pieces.flush();
    expect(offerer.log).toEqual(['open', 'writable 0']);
  });

  it('is told when it is short and again when it is empty', async () => {
    const { offerer } = await openBoth();
    offerer.pieces.isHeld = true;
    for (const length of [LOW_WATER_BYTES, LOW_WATER_BYTES, 1_000]) offerer.link.send(bytesOf(1, length));
    offerer.pieces.flush(1);
    expect(offerer.log).toEqual(['open']);
    offerer.pieces.flush(1);
    offerer.pieces.flush(1);
    expect(offerer.log).toEqual(['open', 'writable 1000', 'writable 0']);
    offerer.link.send(bytesOf(1, LOW_WATER_BYTES + 1));
    offerer.pieces.flush();
    expect(offerer.log.at(-1)).toBe('writable 0');
  });

  it('takes no piece beyond its limit, and still takes control messages', async () => {
    const { offerer } = await openBoth();
    offerer.pieces.isHeld = true;
    for (let index = 0; index < 30; index += 1) offerer.link.send(bytesOf(1, 16_000));
    expect(offerer.link.bufferedBytes).toBe(Math.floor(PEER_BUFFERED_BYTES_MAX / 16_000) * 16_000);
    offerer.control.isHeld = true;
    offerer.link.send(bytesOf(2, 100));
    expect(offerer.control.bufferedAmount).toBe(100);
  });

  it('closes the link when control messages pile up, after send has returned', async () => {
    const { offerer } = await openBoth();
    offerer.control.isHeld = true;
    for (let index = 0; index < 5; index += 1) offerer.link.send(bytesOf(2, PEER_MESSAGE_BYTES_MAX));
    expect(offerer.log).toEqual(['open']);
    await settle();
    expect(offerer.log).toEqual(['open', `close ${CloseCode.timeout}`]);
  });
});

describe('a peer link closes', () => {
  it('as timeout when it is not open in time', async () => {
    const { offerer } = dialBoth(true);
    await settle();
    vi.advanceTimersByTime(PEER_OPEN_MS_MAX - 1);
    expect(offerer.log).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(offerer.log).toEqual([`close ${CloseCode.timeout}`]);
    expect(offerer.connection.isClosed).toBe(true);
  });

  it.each<[string, unknown, number]>([
    [
      'a message longer than the limit',
      new ArrayBuffer(PEER_MESSAGE_BYTES_MAX + 1),
      CloseCode.messageTooLarge,
    ],
    ['a text message', 'hello', CloseCode.protocolViolation],
  ])('on %s, and tells the other end why', async (_what, data, code) => {
    const { offerer, answerer } = await openBoth();
    offerer.pieces.emit({ type: 'message', data });
    await settle();
    expect(offerer.log).toEqual(['open', `close ${code}`]);
    expect(answerer.log).toEqual(['open', `close ${code}`]);
  });

  it('when the engine says that the connection has failed', async () => {
    const { offerer } = await openBoth();
    offerer.connection.changeState('failed');
    expect(offerer.log).toEqual(['open', `close ${PEER_LOST}`]);
  });

  it('when it stays disconnected, but not when it comes back', async () => {
    const { offerer } = await openBoth();
    offerer.connection.changeState('disconnected');
    vi.advanceTimersByTime(DISCONNECTED_MS_MAX - 1);
    offerer.connection.changeState('connected');
    vi.advanceTimersByTime(DISCONNECTED_MS_MAX * 2);
    expect(offerer.log).toEqual(['open']);
    offerer.connection.changeState('disconnected');
    vi.advanceTimersByTime(DISCONNECTED_MS_MAX);
    expect(offerer.log).toEqual(['open', `close ${PEER_LOST}`]);
  });

  it('when the other end vanishes without a note', async () => {
    const { offerer, answerer } = await openBoth();
    answerer.connection.close();
    await settle();
    expect(offerer.log).toEqual(['open', `close ${PEER_LOST}`]);
  });

  it('when the engine makes no further connection, after dial has returned', () => {
    const log: string[] = [];
    const dial = createRtcDial(() => {
      throw new Error('too many connections');
    });
    const handlers = {
      onOpen: () => log.push('open'),
      onMessage: () => log.push('message'),
      onWritable: () => log.push('writable'),
      onSignal: () => log.push('signal'),
      onClose: (code: number, reason: string) => log.push(`close ${code} ${reason}`),
    };
    dial({ isOfferer: true, stunUrls: [] }, handlers);
    expect(log).toEqual([]);
    vi.runAllTimers();
    expect(log).toEqual([`close ${CloseCode.internalError} too many connections`]);
    dial({ isOfferer: true, stunUrls: [] }, handlers).close(CloseCode.goingAway, 'bye');
    vi.runAllTimers();
    expect(log).toHaveLength(1);
  });

  it('and frees its connection soon even when the other end never answers', async () => {
    const { offerer } = await openBoth();
    offerer.control.isHeld = true;
    offerer.link.close(CloseCode.goingAway, 'bye');
    expect(offerer.connection.isClosed).toBe(false);
    vi.advanceTimersByTime(CLOSE_LINGER_MS);
    expect(offerer.connection.isClosed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
