import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkBody,
  decodeHead,
  decodeMeta,
  encodeRecord,
  encodeRun,
  HEAD_BYTES,
} from '../../../../relay-node/src/window/record.js';
import { body, run, segment } from './segments.js';

const whole = (): Buffer => encodeRecord({ kind: 'segment', info: segment(7) }, body(7)) ?? Buffer.alloc(0);

/** What a reader makes of the bytes: the description and the body, if all of it checks. */
const read = (bytes: Buffer): { meta: unknown; body: Buffer } | undefined => {
  const head = decodeHead(bytes);
  if (!head || bytes.length < HEAD_BYTES + head.metaBytes + head.bodyBytes) return undefined;
  const meta = decodeMeta(bytes.subarray(0, HEAD_BYTES + head.metaBytes));
  const content = bytes.subarray(HEAD_BYTES + head.metaBytes, HEAD_BYTES + head.metaBytes + head.bodyBytes);
  return meta && checkBody(content, head.bodyCrc) ? { meta, body: content } : undefined;
};

describe('a record of the window', () => {
  it('is read as it was written', () => {
    expect(read(whole())).toEqual({
      meta: { kind: 'segment', info: segment(7) },
      body: Buffer.from(body(7)),
    });
    const { initSegment, ...described } = run.rendition;
    const expected = {
      meta: { kind: 'run', epoch: run.epoch, rendition: described },
      body: Buffer.from(initSegment),
    };
    expect(read(encodeRun(run) ?? Buffer.alloc(0))).toEqual(expected);
  });

  it('is refused with any one bit changed, and at any shorter length', () => {
    const good = whole();
    fc.assert(
      fc.property(fc.nat(good.length * 8 - 1), (bit) => {
        const bad = Buffer.from(good);
        bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(read(bad)).toBeUndefined();
        expect(read(good.subarray(0, bit >> 3))).toBeUndefined();
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('is refused when it checks and says nonsense', () => {
    const info = segment(7, { sequence: -1 });
    expect(read(encodeRecord({ kind: 'segment', info }, body(7)) ?? Buffer.alloc(0))).toBeUndefined();
  });

  it('is never made longer than a reader takes', () => {
    const name = 'x'.repeat(9_000);
    expect(encodeRun({ ...run, rendition: { ...run.rendition, name } })).toBeUndefined();
  });
});
