import { Cmaf } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { box, bytes, u32 } from './boxes.js';

const stream = bytes(box('ftyp', 'isom'), box('moof', 1, 2, 3), box('mdat', new Uint8Array(300).fill(9)));

describe('BoxSplitter', () => {
  it('gives the same boxes however the stream is cut', () => {
    for (const step of [1, 3, 8, 17, 1000]) {
      const splitter = new Cmaf.BoxSplitter();
      const boxes: Cmaf.TopLevelBox[] = [];
      for (let at = 0; at < stream.length; at += step) {
        const result = splitter.push(stream.subarray(at, at + step));
        if (result.ok) boxes.push(...result.boxes);
      }
      expect(boxes.map((one) => one.type)).toEqual(['ftyp', 'moof', 'mdat']);
      expect(bytes(...boxes.map((one) => one.bytes))).toEqual(stream);
      expect(splitter.heldBytes).toBe(0);
    }
  });

  it('reads a 64-bit size', () => {
    const large = bytes(u32(1), 'mdat', u32(0), u32(20), 1, 2, 3, 4);
    const result = new Cmaf.BoxSplitter().push(large);
    expect(result.ok && result.boxes[0]?.bytes).toEqual(large);
  });

  it('refuses a box over its limit as soon as its header is there, and for good', () => {
    const splitter = new Cmaf.BoxSplitter(100);
    expect(splitter.push(bytes(u32(101), 'mdat'))).toEqual({ ok: false, reason: 'too-large' });
    expect(splitter.push(box('free'))).toEqual({ ok: false, reason: 'too-large' });
    expect(splitter.heldBytes).toBe(0);
  });

  it('refuses sizes that cannot be: shorter than a header, and "to the end of the file"', () => {
    for (const size of [0, 2, 7]) {
      expect(new Cmaf.BoxSplitter().push(bytes(u32(size), 'mdat'))).toEqual({
        ok: false,
        reason: 'malformed',
      });
    }
  });

  it('gives copies, which later input does not change', () => {
    const input = box('free', 1, 2, 3);
    const result = new Cmaf.BoxSplitter().push(input);
    input.fill(0);
    expect(result.ok && result.boxes[0]?.bytes).toEqual(box('free', 1, 2, 3));
  });
});
