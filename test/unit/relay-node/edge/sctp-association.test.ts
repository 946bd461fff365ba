import { Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../../relay-node/src/edge/crc32c.js';
import { RECEIVE_WINDOW_BYTES } from '../../../../relay-node/src/edge/sctp-receiver.js';
import { CWND_BYTES_MAX, FRAGMENT_BYTES } from '../../../../relay-node/src/edge/sctp-sender.js';
import { ChunkType, encodePacket, encodeParameters } from '../../../../relay-node/src/edge/sctp-wire.js';
import { AssociationRig, type Line, RELAY_TAG } from './association-rig.js';

const BINARY = 53;
const WHOLE = 3;

const openRig = (line: Line = { delayMs: 10 }, messageBytesMax?: number): AssociationRig => {
  const rig = new AssociationRig(line, new Prng('line'), messageBytesMax);
  rig.connect();
  rig.run(5_000);
  return rig;
};

const message = (byteLength: number, mark: number): Buffer => Buffer.alloc(byteLength, mark);
/** Length and mark of messages as `message` makes them; comparing each byte by `toEqual` takes seconds. */
const told = (messages: readonly Buffer[]): string[] =>
  messages.map((bytes) =>
    bytes.equals(message(bytes.length, bytes[0] ?? 0)) ? `${bytes.length} of ${bytes[0]}` : 'altered',
  );
const typeOf = (packet: Buffer | undefined): number => packet?.readUInt8(12) ?? -1;
const isData = (packet: Buffer): boolean => typeOf(packet) === ChunkType.data;

describe('an association', () => {
  it('opens when the client begins and shows the cookie', () => {
    const rig = openRig();
    expect(rig.events).toEqual(['open']);
    expect(rig.sent.map(typeOf)).toEqual([ChunkType.initAck, ChunkType.cookieAck]);
  });

  it('stays shut without the cookie, and sends nothing', () => {
    const rig = new AssociationRig({ delayMs: 0 }, new Prng('line'));
    rig.relay.send(0, message(10, 1));
    rig.toRelay(encodePacket(RELAY_TAG, ChunkType.cookieEcho, Buffer.alloc(16, 7)));
    rig.run(10);
    expect(rig.events).toEqual([]);
    expect(rig.sent).toEqual([]);
  });

  it('carries messages of all sizes both ways', () => {
    const rig = openRig();
    const sizes = [1, FRAGMENT_BYTES - 1, FRAGMENT_BYTES, FRAGMENT_BYTES + 1, 16_384, 65_536];
    for (const [index, size] of sizes.entries()) {
      rig.relay.send(rig.nowMs, message(size, index));
      rig.sendFromClient(message(size, index));
    }
    rig.run(10_000);
    const wanted = sizes.map((size, index) => `${size} of ${index}`);
    expect(told(rig.clientGot)).toEqual(wanted);
    expect(told(rig.relayGot)).toEqual(wanted);
    expect(rig.relay.isIdle).toBe(true);
    expect(rig.relay.deadlineMs).toBeUndefined();
  });

  it.each([
    ['losses', { delayMs: 20, lossShare: 0.05 }],
    ['heavy losses', { delayMs: 20, lossShare: 0.25 }],
    ['packets out of order', { delayMs: 20, lateShare: 0.1 }],
    ['packets that come twice', { delayMs: 20, twiceShare: 0.2 }],
    ['all of it', { delayMs: 20, lossShare: 0.05, lateShare: 0.05, twiceShare: 0.05 }],
  ])('keeps order and loses nothing over a line with %s', (_name, line) => {
    const rig = new AssociationRig(line, new Prng('lossy'));
    for (let attempt = 0; attempt < 20 && rig.events.length === 0; attempt += 1) {
      rig.connect();
      rig.run(rig.nowMs + 1_000);
    }
    for (let mark = 0; mark < 60; mark += 1) {
      rig.relay.send(rig.nowMs, message(9_000, mark));
      rig.sendFromClient(message(300, mark));
      rig.run(rig.nowMs + 33);
    }
    rig.run(rig.nowMs + 120_000);
    expect(told(rig.clientGot)).toEqual(Array.from({ length: 60 }, (_, mark) => `9000 of ${mark}`));
    expect(told(rig.relayGot)).toEqual(Array.from({ length: 60 }, (_, mark) => `300 of ${mark}`));
    expect(rig.relay.isIdle).toBe(true);
  });

  it('repairs a single loss within two round trips, without a time-out', () => {
    const rig = openRig({ delayMs: 50 });
    rig.relay.send(rig.nowMs, message(16_000, 1));
    rig.run(rig.nowMs + 1_000);
    const startMs = rig.nowMs;
    rig.isCut = true;
    rig.relay.send(rig.nowMs, message(1_000, 2));
    rig.isCut = false;
    rig.relay.send(rig.nowMs, message(8_000, 3));
    while (rig.clientGot.length < 3) rig.run(rig.nowMs + 1);
    expect(rig.nowMs - startMs).toBeLessThan(4 * 50 + 10);
  });

  it('carries a live stream over a long line that loses one packet in fifty', () => {
    const rig = openRig({ delayMs: 60, lossShare: 0.02 });
    const delaysMs: number[] = [];
    for (let turn = 0; turn < 600; turn += 1) {
      const sentAtMs = rig.nowMs;
      // 2.6 Mbit/s: a window that shrinks with each loss, as TCP Reno's, would carry a quarter of it.
      rig.relay.send(sentAtMs, message(10_800, turn % 256));
      rig.run(sentAtMs + 33);
      for (let count = delaysMs.length; count < rig.clientGot.length; count += 1)
        delaysMs.push(rig.nowMs - (sentAtMs - 33 * (turn - count)));
    }
    const middle = [...delaysMs].sort((a, b) => a - b)[300] ?? Number.POSITIVE_INFINITY;
    expect(middle).toBeLessThan(400);
  });

  it.each([
    { bytesPerMs: 625, delayMs: 20, queueMsMax: 50 },
    { bytesPerMs: 625, delayMs: 20, queueMsMax: 10 },
    { bytesPerMs: 125, delayMs: 50, queueMsMax: 100 },
  ])('fills a narrow line and loses little of it, %o', (line) => {
    const rig = openRig(line);
    const [startMs, sentBefore] = [rig.nowMs, rig.sent.length];
    while (rig.nowMs < startMs + 10_000) {
      while (rig.relay.waitingBytes < 100_000) rig.relay.send(rig.nowMs, message(16_000, 1));
      rig.run(rig.nowMs + 5);
    }
    const goodput = (rig.clientGot.length * 16_000) / 10_000 / line.bytesPerMs;
    expect(goodput).toBeGreaterThan(0.85);
    expect(rig.lostCount / (rig.sent.length - sentBefore)).toBeLessThan(0.06);
  });

  it('keeps what is in flight within the window, whatever is given to it', () => {
    const rig = openRig({ delayMs: 500 });
    const before = rig.sent.length;
    for (let mark = 0; mark < 400; mark += 1) rig.relay.send(rig.nowMs, message(16_000, mark));
    const firstBytes = rig.sent.slice(before).length * FRAGMENT_BYTES;
    expect(firstBytes).toBeLessThanOrEqual(10 * FRAGMENT_BYTES);
    let most = 0;
    let acknowledged = 0;
    for (let turn = 0; turn < 400; turn += 1) {
      rig.run(rig.nowMs + 50);
      acknowledged = rig.clientGot.length * 16_000;
      most = Math.max(most, 400 * 16_000 - rig.relay.waitingBytes - acknowledged);
    }
    // What has come but is not a whole message yet, and what has come and is not acknowledged yet, is counted too.
    expect(most).toBeLessThanOrEqual(2 * CWND_BYTES_MAX + 16_000);
    expect(acknowledged).toBeGreaterThan(CWND_BYTES_MAX);
  });

  it('sends one fragment at a time to a client that has no room', () => {
    const rig = openRig({ delayMs: 10 });
    rig.clientWindowBytes = 0;
    rig.relay.send(rig.nowMs, message(100, 0));
    rig.run(rig.nowMs + 100);
    const before = rig.sent.length;
    rig.relay.send(rig.nowMs, message(16_000, 1));
    expect(rig.sent.length).toBe(before + 1);
    rig.run(rig.nowMs + 100);
    // One for each acknowledgement that came back, a round trip apart.
    expect(rig.sent.slice(before).filter(isData).length).toBeLessThanOrEqual(1 + 100 / 20);
  });

  it('ends when nobody acknowledges any more', () => {
    const rig = openRig();
    rig.isCut = true;
    rig.relay.send(rig.nowMs, message(100, 1));
    rig.run(rig.nowMs + 600_000);
    expect(rig.events).toEqual(['open', 'end undefined']);
  });

  it('does without checksums where the client offers it, but not in its first answer', () => {
    const rig = new AssociationRig({ delayMs: 1 }, new Prng('line'));
    rig.connect(encodeParameters([{ type: 0x8001, value: Buffer.from([0, 0, 0, 1]) }]));
    rig.run(1_000);
    rig.relay.send(rig.nowMs, message(100, 1));
    rig.run(2_000);
    const [first, ...others] = rig.sent;
    const sum = first?.readUInt32LE(8);
    first?.writeUInt32LE(0, 8);
    expect(sum).toBe(crc32c(first ?? Buffer.alloc(0)));
    expect(others.map((packet) => packet.readUInt32LE(8))).toEqual(others.map(() => 0));
    expect(rig.clientGot).toHaveLength(1);
  });
});

describe('a client that breaks the rules', () => {
  it.each([
    ['another channel', (rig: AssociationRig) => rig.sendChunk(0, WHOLE, 1, BINARY, Buffer.alloc(8))],
    ['a text message', (rig: AssociationRig) => rig.sendChunk(0, WHOLE, 0, 51, Buffer.alloc(8))],
    ['a fragment out of place', (rig: AssociationRig) => rig.sendChunk(0, 1, 0, BINARY, Buffer.alloc(8))],
    ['a fragment out of place', (rig: AssociationRig) => rig.sendChunk(0, WHOLE, 0, BINARY, Buffer.alloc(0))],
  ])('with %s is cut off', (fault, misbehave) => {
    const rig = openRig();
    misbehave(rig);
    rig.run(rig.nowMs + 1_000);
    expect(rig.events).toEqual(['open', `end ${fault}`]);
    expect(typeOf(rig.sent.at(-1))).toBe(ChunkType.abort);
    const count = rig.sent.length;
    rig.relay.send(rig.nowMs, message(10, 1));
    rig.sendChunk(1, WHOLE, 0, BINARY, Buffer.alloc(8));
    rig.run(rig.nowMs + 1_000);
    expect(rig.sent).toHaveLength(count);
  });

  it('with a message too long is cut off before it is kept', () => {
    const rig = openRig({ delayMs: 1 }, 5_000);
    rig.sendFromClient(message(5_000, 1));
    rig.run(rig.nowMs + 1_000);
    rig.sendFromClient(message(5_001, 2));
    rig.run(rig.nowMs + 1_000);
    expect(rig.relayGot).toHaveLength(1);
    expect(rig.events).toEqual(['open', 'end a message too long']);
  });

  it('with fragments far ahead fills no more than the window', () => {
    const rig = openRig({ delayMs: 0 });
    for (let offset = 1; offset < 2_000; offset += 1)
      rig.sendChunk(offset, 0, 0, BINARY, Buffer.alloc(1_000));
    rig.run(rig.nowMs + 1_000);
    const sack = rig.sent.filter((packet) => typeOf(packet) === ChunkType.sack).at(-1);
    const leftBytes = sack?.readUInt32BE(20) ?? 0;
    expect(leftBytes).toBeGreaterThanOrEqual(0);
    expect(leftBytes).toBeLessThan(1_000 + (RECEIVE_WINDOW_BYTES % 1_000));
    expect(rig.events).toEqual(['open']);
  });

  it('that goes says so, and it is heard', () => {
    for (const type of [ChunkType.abort, ChunkType.shutdown]) {
      const rig = openRig();
      rig.toRelay(encodePacket(RELAY_TAG, type, Buffer.alloc(4)));
      rig.run(rig.nowMs + 1_000);
      expect(rig.events).toEqual(['open', 'end undefined']);
    }
    const rig = openRig();
    const reset = encodeParameters([{ type: 13, value: Buffer.alloc(14) }]);
    rig.toRelay(encodePacket(RELAY_TAG, ChunkType.reconfig, reset));
    rig.run(rig.nowMs + 1_000);
    expect(rig.events).toEqual(['open', 'end undefined']);
  });

  it('with another tag is not heard', () => {
    const rig = openRig();
    rig.toRelay(encodePacket(RELAY_TAG + 1, ChunkType.abort, Buffer.alloc(0)));
    rig.run(rig.nowMs + 1_000);
    expect(rig.events).toEqual(['open']);
  });

  it('with any bytes at all throws nothing, and is answered with little', () => {
    const prng = new Prng('bytes');
    for (let round = 0; round < 400; round += 1) {
      const rig = openRig({ delayMs: 0 });
      rig.relay.send(rig.nowMs, message(20_000, 1));
      for (let count = 0; count < 10; count += 1) {
        const type = prng.below(2) === 0 ? prng.below(20) : prng.below(256);
        const body = Buffer.from(Uint8Array.from({ length: prng.below(200) }, () => prng.below(256)));
        const packet = encodePacket(prng.below(8) === 0 ? 0 : RELAY_TAG, type, body);
        const at = prng.below(packet.length);
        if (prng.below(2) === 0) packet[at] = prng.below(256);
        rig.relay.handlePacket(rig.nowMs, packet);
      }
      rig.run(rig.nowMs + 60_000);
      expect(rig.sent.length).toBeLessThan(200);
    }
  });
});
