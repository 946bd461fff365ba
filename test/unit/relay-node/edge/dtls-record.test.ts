import { Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import {
  decodeRecords,
  RecordCipher,
  type RecordKey,
  RecordKind,
} from '../../../../relay-node/src/edge/dtls-record.js';

const keyOf = (mark: number): RecordKey => ({ key: Buffer.alloc(16, mark), nonce: Buffer.alloc(4, mark) });
const relay = (): RecordCipher => new RecordCipher(keyOf(1), keyOf(2));
const page = (): RecordCipher => new RecordCipher(keyOf(2), keyOf(1));

describe('a protected record', () => {
  it('gives back its content at the other end, in any order', () => {
    const sender = relay();
    const contents = [0, 1, 15, 16, 17, 1_200].map((size) => Buffer.alloc(size, size));
    const records = contents.map((content) => sender.seal(RecordKind.data, content));
    const receiver = page();
    for (const [index, record] of [...records.entries()].reverse()) {
      expect(receiver.open(record)).toEqual(contents[index]);
    }
  });

  it('never has the same number as another', () => {
    const sender = relay();
    sender.skipTo(1_000);
    const numbers = Array.from({ length: 100 }, () =>
      sender.seal(RecordKind.data, Buffer.alloc(1)).readUIntBE(5, 6),
    );
    expect(new Set(numbers).size).toBe(100);
    expect(Math.min(...numbers)).toBe(1_001);
  });

  it('is refused with any bit changed, cut off anywhere, or at the wrong end', () => {
    const record = relay().seal(RecordKind.data, Buffer.from('a piece'));
    for (let at = 0; at < record.length; at += 1) {
      const changed = Buffer.from(record);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      // The length is not protected: it is what the datagram is split by.
      if (at !== 11 && at !== 12) expect(page().open(changed), `byte ${at}`).toBeUndefined();
      expect(page().open(record.subarray(0, at)), `${at} bytes`).toBeUndefined();
    }
    expect(relay().open(record)).toBeUndefined();
    expect(page().open(record)?.toString()).toBe('a piece');
  });
});

describe('a datagram', () => {
  it('is split into its records', () => {
    const sender = relay();
    const parts = [
      sender.seal(RecordKind.data, Buffer.alloc(3)),
      sender.seal(RecordKind.alert, Buffer.alloc(2)),
    ];
    expect(decodeRecords(Buffer.concat(parts))).toEqual([
      { kind: RecordKind.data, epoch: 1, bytes: parts[0] },
      { kind: RecordKind.alert, epoch: 1, bytes: parts[1] },
    ]);
  });

  it('of any bytes is split into few, and nothing is thrown', () => {
    const prng = new Prng('datagrams');
    for (let round = 0; round < 1_000; round += 1) {
      const bytes = Buffer.from(Uint8Array.from({ length: prng.below(300) }, () => prng.below(3)));
      for (const record of decodeRecords(bytes)) page().open(record.bytes);
      expect(decodeRecords(bytes).length).toBeLessThanOrEqual(16);
    }
  });
});
