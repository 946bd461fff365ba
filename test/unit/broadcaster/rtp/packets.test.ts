import { describe, expect, it } from 'vitest';
import { unwrap16, unwrap32 } from '../../../../broadcaster/src/ingest/rtp/byte-read.js';
import {
  decodeRtcp,
  encodeNack,
  encodePli,
  encodeReceiverReport,
} from '../../../../broadcaster/src/ingest/rtp/rtcp-packet.js';
import { decodeRtp } from '../../../../broadcaster/src/ingest/rtp/rtp-packet.js';
import { TransportFeedback } from '../../../../broadcaster/src/ingest/rtp/transport-feedback.js';
import { readNack, rtpBytes, senderReportBytes } from './rtp-bytes.js';

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('an RTP packet', () => {
  const fields = { payloadType: 102, sequence: 65_535, timestamp: 0xfffffff0, ssrc: 0xdeadbeef };

  it('is read with its transport-wide sequence number', () => {
    const payload = Uint8Array.of(1, 2, 3);
    const bytes = rtpBytes({ ...fields, hasMarker: true, payload, transport: { id: 5, sequence: 0xabcd } });
    expect(decodeRtp(bytes, 5)).toEqual({ ...fields, hasMarker: true, payload, transportSequence: 0xabcd });
    expect(decodeRtp(bytes, 4)?.transportSequence).toBeUndefined();
  });

  it('is read with two-byte extensions, contributors and padding', () => {
    const bytes = bytesOf(
      'b1 66 0001 00000002 00000003 0000000c 1000 0002 00 01 01 ff 07 02 1234 aa bb 00 00 00 04',
    );
    const packet = decodeRtp(bytes, 7);
    expect(packet?.transportSequence).toBe(0x1234);
    expect(hex(packet?.payload)).toBe('aabb');
  });

  it('that is nothing but padding has an empty payload', () => {
    const bytes = bytesOf('a0 66 0001 00000002 00000003 00 00 00 04');
    expect(decodeRtp(bytes)?.payload).toHaveLength(0);
  });

  for (const [why, text] of [
    ['is cut short', '80 66 0001 00000002 000000'],
    ['has another version', '40 66 0001 00000002 00000003'],
    ['has more padding than bytes', 'a0 66 0001 00000002 00000003 0f'],
    ['has an extension that is longer than it', '90 66 0001 00000002 00000003 bede 0004 10aa 0000'],
  ] as const) {
    it(`that ${why} is none`, () => {
      expect(decodeRtp(bytesOf(text), 1)).toBeUndefined();
    });
  }

  it('is placed by numbers that go on where its own wrap', () => {
    expect(unwrap16(2, 65_534)).toBe(65_538);
    expect(unwrap16(65_534, 65_538)).toBe(65_534);
    expect(unwrap32(5, 2 ** 32 - 5)).toBe(2 ** 32 + 5);
    expect(unwrap32(2 ** 32 - 5, 2 ** 32 + 5)).toBe(2 ** 32 - 5);
  });
});

describe('RTCP', () => {
  it('gives the sender reports and goodbyes of a compound packet', () => {
    const report = senderReportBytes({ ssrc: 7, wallMs: 3_900_000_000_250, timestamp: 0xfedcba98 });
    const bytes = Uint8Array.from([
      ...report,
      ...bytesOf('81ca0002 00000007 01000000'),
      ...bytesOf('81cb0001 00000007'),
    ]);
    const [sender, goodbye] = decodeRtcp(bytes);
    expect(sender).toMatchObject({ kind: 'sender-report', ssrc: 7, rtpTimestamp: 0xfedcba98 });
    expect(sender?.kind === 'sender-report' && sender.ntpUs).toBeCloseTo(3_900_000_000_250_000, -1);
    expect(sender?.kind === 'sender-report' && sender.ntpMiddle).toBe(
      ((3_900_000_000 & 0xffff) * 65_536 + 0x4000) >>> 0,
    );
    expect(goodbye).toEqual({ kind: 'goodbye', ssrcs: [7] });
  });

  it('stops reading where a length leads beyond the datagram', () => {
    expect(decodeRtcp(bytesOf('80c800ff 00000007 00000000'))).toEqual([]);
  });

  it('reports as RFC 3550 lays it down', () => {
    const block = {
      ...{ ssrc: 7, fractionLost: 12, lost: -1, highestSequence: 0x1ffff, jitter: 9 },
      ...{ lastReport: 0xaabbccdd, sinceLastReport: 65_536 },
    };
    expect(hex(encodeReceiverReport(1, [block], 'abc'))).toBe(
      '81c90007' +
        '00000001' +
        '00000007' +
        '0cffffff' +
        '0001ffff' +
        '00000009' +
        'aabbccdd' +
        '00010000' +
        '81ca0003' +
        '00000001' +
        '01036162' +
        '63000000',
    );
  });

  it('asks for packets by a first one and a mask, over the wrap of the numbers', () => {
    const packet = encodeNack(1, 7, [65_535, 0, 15, 16, 300]);
    expect(hex(packet)).toBe('81cd0005' + '00000001' + '00000007' + 'ffff8001' + '00100000' + '012c0000');
    expect(readNack(packet)).toEqual([65_535, 0, 15, 16, 300]);
  });

  it('asks for a key frame', () => {
    expect(hex(encodePli(1, 7))).toBe('81ce0002' + '00000001' + '00000007');
  });
});

/** Reads a feedback by the draft's text: number and time (ms, since the reference) of what arrived, and the rest. */
function readFeedback(packet: Uint8Array): { base: number; arrived: [number, number][]; lost: number[] } {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const base = view.getUint16(12);
  const count = view.getUint16(14);
  const symbols: number[] = [];
  let at = 20;
  while (symbols.length < count) {
    const chunk = view.getUint16(at);
    at += 2;
    const bits = chunk.toString(2).padStart(16, '0');
    if (bits[0] === '0') {
      const run = Number.parseInt(bits.slice(3), 2);
      for (let i = 0; i < run; i++) symbols.push(Number.parseInt(bits.slice(1, 3), 2));
    } else {
      const width = bits[1] === '0' ? 1 : 2;
      for (let i = 2; i < 16; i += width) symbols.push(Number.parseInt(bits.slice(i, i + width), 2));
    }
  }
  const arrived: [number, number][] = [];
  const lost: number[] = [];
  let quarters = 0;
  symbols.slice(0, count).forEach((symbol, i) => {
    const sequence = (base + i) & 0xffff;
    if (symbol === 0) {
      lost.push(sequence);
      return;
    }
    quarters += symbol === 1 ? view.getUint8(at) : view.getInt16(at);
    at += symbol;
    arrived.push([sequence, quarters / 4]);
  });
  const padding = (packet[0] ?? 0) & 0x20 ? view.getUint8(packet.length - 1) : 0;
  expect(at + padding).toBe(packet.length);
  return { base, arrived, lost };
}

describe('TransportFeedback', () => {
  const arrivals = (list: readonly (readonly [number, number])[]): TransportFeedback => {
    const feedback = new TransportFeedback(1);
    for (const [sequence, at] of list) feedback.handleArrival(at, sequence);
    return feedback;
  };

  it('gives number and time of every packet, and which are missing', () => {
    const list = [
      [100, 1000],
      [101, 1000.5],
      [103, 1090],
      [104, 1090.25],
      [110, 1400],
    ] as const;
    const read = readFeedback(arrivals(list).poll(7) ?? new Uint8Array());
    expect(read.base).toBe(100);
    expect(read.arrived.map(([sequence]) => sequence)).toEqual(list.map(([sequence]) => sequence));
    const first = read.arrived[0]?.[1] ?? 0;
    expect(read.arrived.map(([, at]) => at - first)).toEqual(list.map(([, at]) => at - 1000));
    expect(read.lost).toEqual([102, 105, 106, 107, 108, 109]);
  });

  it('reports overtaking packets in order of their numbers, one of them with a negative time', () => {
    const read = readFeedback(
      arrivals([
        [5, 100],
        [7, 101],
        [6, 102],
        [8, 103],
      ]).poll(7) ?? new Uint8Array(),
    );
    expect(read.arrived.map(([, at]) => at - (read.arrived[0]?.[1] ?? 0))).toEqual([0, 2, 1, 3]);
  });

  it('goes on over the wrap of the numbers, and with runs of any length', () => {
    const list = Array.from({ length: 300 }, (_, i) => [(65_400 + i) & 0xffff, 50 + i] as const);
    const read = readFeedback(arrivals(list).poll(7) ?? new Uint8Array());
    expect(read.arrived).toHaveLength(300);
    expect(read.base).toBe(65_400);
  });

  it('says nothing twice, except about one that had been reported as lost', () => {
    const feedback = arrivals([
      [1, 10],
      [3, 12],
    ]);
    expect(feedback.poll(7)).toBeDefined();
    expect(feedback.hasNews).toBe(false);
    expect(feedback.poll(7)).toBeUndefined();
    feedback.handleArrival(30, 2);
    const read = readFeedback(feedback.poll(7) ?? new Uint8Array());
    expect(read.arrived.map(([sequence]) => sequence)).toEqual([2, 3]);
  });

  it('begins a further packet where a time does not fit in its two bytes', () => {
    const feedback = arrivals([
      [1, 10],
      [2, 20_000],
    ]);
    const packets = [feedback.poll(7), feedback.poll(7), feedback.poll(7)];
    expect(packets.map((packet) => packet !== undefined)).toEqual([true, true, false]);
  });

  it('counts its packets, names both ends and fills up to whole words', () => {
    const feedback = arrivals([
      [1, 64],
      [2, 65],
    ]);
    expect(hex(feedback.poll(7))).toBe(
      '8fcd0005' + '00000001' + '00000007' + '00010002' + '00000100' + '2002' + '0004',
    );
    feedback.handleArrival(66, 3);
    expect(hex(feedback.poll(7)).slice(32, 40)).toBe('00000101');
  });
});
