/** What every engine's peer links must do. */

import { CloseCode, FrameKind } from '@freshet/proto';
import { afterEach, describe, expect, it } from 'vitest';
import {
  CANDIDATES_MAX,
  PEER_BUFFERED_BYTES_MAX,
  PEER_MESSAGE_BYTES_MAX,
  SIGNAL_BYTES_MAX,
} from '../../viewer/src/link/peer-link.js';
import { CLOSE_LINGER_MS } from '../../viewer/src/link/rtc-link.js';
import { until } from './link-rig.js';
import { type DialPair, dialPair, End, openPair } from './peer-link-rig.js';

/** A usual piece message at 4 Mbit/s and 45 pieces a second. */
const PIECE_BYTES = 11 * 1024;

/** A message with its number behind the kind; a view into the middle of something larger, as pieces are. */
const messageOf = (kind: number, index: number, byteLength: number): Uint8Array => {
  const bytes = new Uint8Array(byteLength + 16).fill(index & 0xff).subarray(9, 9 + byteLength);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(1, index);
  bytes[0] = kind;
  return bytes;
};

const indexOf = (bytes: Uint8Array): number => {
  const index = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(1);
  if (bytes.length > 5 && bytes.at(-1) !== (index & 0xff)) throw new Error(`message ${index} is altered`);
  return index;
};

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const CANDIDATE = { type: 'candidate', candidate: 'candidate:1 1 udp 2122260223 127.0.0.1 9 typ host' };

/** Runs the suite over the engines that `createDials` gives. */
export const describePeerLink = (name: string, createDials: () => Promise<DialPair>): void => {
  const ends: End[] = [];
  const open = async (): Promise<{ offerer: End; answerer: End }> => {
    const pair = await openPair(await createDials());
    ends.push(pair.offerer, pair.answerer);
    return pair;
  };
  const dialOne = async (isOfferer: boolean): Promise<End> => {
    const dials = await createDials();
    const end = new End(isOfferer ? dials.offerer : dials.answerer, isOfferer);
    ends.push(end);
    return end;
  };
  afterEach(() => {
    for (const end of ends.splice(0)) end.link.close(CloseCode.goingAway, 'the test is over');
  });

  describe(`messages over ${name}`, () => {
    it('opens once at both ends', async () => {
      const { offerer, answerer } = await open();
      expect([offerer.openCount, answerer.openCount]).toEqual([1, 1]);
      expect([...offerer.closed, ...answerer.closed]).toEqual([]);
    });

    it('opens when every candidate comes before the description it belongs to', async () => {
      const dials = await createDials();
      const { offerer, answerer } = dialPair(dials);
      ends.push(offerer, answerer);
      // The description is what each end says first.
      const held: (() => void)[] = [];
      const holdFirst = (from: End, to: End): void => {
        from.carry = (bytes) => {
          if (from.signals.length > 1) to.link.receiveSignal(bytes);
          else held.push(() => to.link.receiveSignal(bytes));
        };
      };
      holdFirst(offerer, answerer);
      holdFirst(answerer, offerer);
      await until('the offerer told a candidate', () => offerer.signals.length > 1);
      held.shift()?.();
      await until('the answerer told a candidate', () => answerer.signals.length > 1);
      held.shift()?.();
      await until('both are open', () => offerer.openCount + answerer.openCount === 2);
    });

    it('carries the bytes as they were, of every size and both ways', async () => {
      const { offerer, answerer } = await open();
      const sizes = [5, 1_200, PIECE_BYTES, 16 * 1024, PEER_MESSAGE_BYTES_MAX];
      for (const [index, size] of sizes.entries()) {
        offerer.link.send(messageOf(FrameKind.control, index, size));
        answerer.link.send(messageOf(FrameKind.control, index, size));
      }
      for (const end of [offerer, answerer]) {
        await until('all have come', () => end.messages.length === sizes.length);
        expect(end.messages.map((bytes) => bytes.length)).toEqual(sizes);
        expect(end.messages.map(indexOf)).toEqual(sizes.map((_size, index) => index));
      }
    });

    it('keeps the order of control messages and loses none, with pieces in between', async () => {
      const { offerer, answerer } = await open();
      for (let index = 0; index < 200; index += 1) {
        offerer.link.send(messageOf(FrameKind.control, index, 300));
        if (index % 20 === 0) offerer.link.send(messageOf(FrameKind.piece, index, PIECE_BYTES));
      }
      const controlsOf = (end: End): Uint8Array[] =>
        end.messages.filter((bytes) => bytes[0] === FrameKind.control);
      await until('all have come', () => controlsOf(answerer).length === 200);
      expect(controlsOf(answerer).map(indexOf)).toEqual(Array.from({ length: 200 }, (_none, index) => index));
    });

    it('carries pieces to the other end, each at most once', async () => {
      const { offerer, answerer } = await open();
      for (let index = 0; index < 60; index += 1) {
        offerer.link.send(messageOf(FrameKind.piece, index, PIECE_BYTES));
        await until('the queue is short', () => offerer.link.bufferedBytes < 32 * 1024);
      }
      await until('all have come', () => answerer.messages.length >= 60);
      const indexes = answerer.messages.map(indexOf).sort((left, right) => left - right);
      expect(indexes).toEqual(Array.from({ length: 60 }, (_none, index) => index));
    });

    it('does not send a message longer than the limit, and goes on', async () => {
      const { offerer, answerer } = await open();
      offerer.link.send(messageOf(FrameKind.control, 0, PEER_MESSAGE_BYTES_MAX + 1));
      offerer.link.send(messageOf(FrameKind.control, 1, 10));
      await until('the second has come', () => answerer.messages.length > 0);
      expect(answerer.messages.map(indexOf)).toEqual([1]);
    });
  });

  describe(`backpressure over ${name}`, () => {
    it('tells that the queue is empty after pieces have left', async () => {
      const { offerer } = await open();
      for (let index = 0; index < 4; index += 1) {
        offerer.link.send(messageOf(FrameKind.piece, index, PIECE_BYTES));
      }
      expect(offerer.link.bufferedBytes).toBeGreaterThan(0);
      await until('empty is told', () => offerer.writable.at(-1) === 0);
      expect(offerer.link.bufferedBytes).toBe(0);
    });

    it('drops pieces beyond the limit, and carries those that come after it has drained', async () => {
      const { offerer, answerer } = await open();
      for (let index = 0; index < 40; index += 1) {
        offerer.link.send(messageOf(FrameKind.piece, index, PIECE_BYTES));
        expect(offerer.link.bufferedBytes).toBeLessThanOrEqual(PEER_BUFFERED_BYTES_MAX);
      }
      await until('the queue is empty', () => offerer.link.bufferedBytes === 0);
      // A piece may be lost, so that a later one has to prove it: engines that queue inside are still busy here.
      const isPassed = (): boolean => answerer.messages.some((bytes) => indexOf(bytes) >= 40);
      for (let index = 40; index < 60 && !isPassed(); index += 1) {
        offerer.link.send(messageOf(FrameKind.piece, index, PIECE_BYTES));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(isPassed()).toBe(true);
      expect(answerer.messages.filter((bytes) => indexOf(bytes) < 40).length).toBeLessThan(40);
      expect(offerer.closed).toEqual([]);
    });

    it('closes when control messages pile up, never inside send', async () => {
      const { offerer } = await open();
      for (let index = 0; index < 6; index += 1) {
        offerer.link.send(messageOf(FrameKind.control, index, PEER_MESSAGE_BYTES_MAX));
      }
      expect(offerer.closed).toEqual([]);
      await until('it is closed', () => offerer.closed.length > 0);
      expect(offerer.closed[0]?.code).toBe(CloseCode.timeout);
    });
  });

  describe(`the end of a link over ${name}`, () => {
    it('reaches the other end at once, with code and reason, and is not told to the one that closed', async () => {
      const { offerer, answerer } = await open();
      const start = performance.now();
      offerer.link.close(CloseCode.badSignature, 'a forged piece');
      await until('the other end knows', () => answerer.closed.length > 0);
      expect(performance.now() - start).toBeLessThan(CLOSE_LINGER_MS);
      expect(answerer.closed).toEqual([{ code: CloseCode.badSignature, reason: 'a forged piece' }]);
      expect(offerer.closed).toEqual([]);
    });

    it('reaches the other end although pieces are queued', async () => {
      const { offerer, answerer } = await open();
      for (let index = 0; index < 10; index += 1) {
        answerer.link.send(messageOf(FrameKind.piece, index, PIECE_BYTES));
      }
      answerer.link.close(CloseCode.goingAway, 'bye');
      await until('the other end knows', () => offerer.closed.length > 0, 1_000);
      expect(offerer.closed).toEqual([{ code: CloseCode.goingAway, reason: 'bye' }]);
    });

    it('runs no handler and sends nothing after it', async () => {
      const { offerer, answerer } = await open();
      answerer.link.send(messageOf(FrameKind.control, 0, 10));
      offerer.link.close(CloseCode.goingAway, 'bye');
      const before = offerer.eventCount;
      offerer.link.send(messageOf(FrameKind.control, 1, 10));
      offerer.link.receiveSignal(encode(CANDIDATE));
      offerer.link.receiveSignal(Uint8Array.of(1, 2, 3));
      await until('the other end knows', () => answerer.closed.length > 0);
      answerer.link.close(CloseCode.goingAway, 'bye');
      await new Promise((resolve) => setTimeout(resolve, CLOSE_LINGER_MS + 100));
      expect(offerer.eventCount).toBe(before);
      expect(answerer.closed).toHaveLength(1);
      expect(answerer.messages).toEqual([]);
      expect(offerer.link.bufferedBytes).toBe(0);
    });

    it('is told to both once when both close at the same moment', async () => {
      const { offerer, answerer } = await open();
      offerer.link.close(CloseCode.goingAway, 'bye');
      answerer.link.close(CloseCode.goingAway, 'bye');
      await new Promise((resolve) => setTimeout(resolve, CLOSE_LINGER_MS + 100));
      expect([...offerer.closed, ...answerer.closed]).toEqual([]);
    });

    it('is quiet when the attempt is given up before it is open', async () => {
      const { offerer, answerer } = dialPair(await createDials());
      ends.push(answerer);
      offerer.link.close(CloseCode.goingAway, 'not needed any more');
      const before = offerer.eventCount;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(offerer.eventCount).toBe(before);
      expect(offerer.openCount).toBe(0);
    });
  });

  describe(`hostile signals over ${name}`, () => {
    it.each<[string, Uint8Array, number]>([
      ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0), CloseCode.protocolViolation],
      ['nothing', new Uint8Array(), CloseCode.protocolViolation],
      ['another type', encode({ type: 'restart' }), CloseCode.protocolViolation],
      ['an answer at the answering end', encode({ type: 'answer' }), CloseCode.protocolViolation],
      ['too much', new Uint8Array(SIGNAL_BYTES_MAX + 1), CloseCode.messageTooLarge],
    ])('closes on %s', async (_what, bytes, code) => {
      const end = await dialOne(false);
      end.link.receiveSignal(bytes);
      await until('it is closed', () => end.closed.length > 0);
      expect(end.closed[0]?.code).toBe(code);
    });

    it('closes on one candidate too many', async () => {
      const end = await dialOne(false);
      for (let index = 0; index < CANDIDATES_MAX; index += 1) end.link.receiveSignal(encode(CANDIDATE));
      expect(end.closed).toEqual([]);
      end.link.receiveSignal(encode(CANDIDATE));
      expect(end.closed.map(({ code }) => code)).toEqual([CloseCode.tooManyMessages]);
    });

    it('closes on a second offer', async () => {
      const { offerer, answerer } = await open();
      const offer = offerer.signals[0];
      if (offer === undefined) throw new Error('no offer');
      answerer.link.receiveSignal(offer);
      await until('it is closed', () => answerer.closed.length > 0);
      expect(answerer.closed[0]?.code).toBe(CloseCode.protocolViolation);
    });
  });
};
