import { Cmaf } from '@freshet/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes } from './boxes.js';

const avcConfig = Uint8Array.from(
  Buffer.from(
    '0164000dffe100196764000dacd941519e226c04400000fa40003a9803c50a658001000668ebe3cb22c0fdf8f800',
    'hex',
  ),
);
const seed = bytes(
  Cmaf.writeInit([
    { kind: 'video', id: 1, timescale: 90_000, width: 322, height: 182, avcConfig },
    { kind: 'audio', id: 2, timescale: 48_000, channels: 2, aacConfig: Uint8Array.of(0x11, 0x90) },
  ]),
  Cmaf.writeFragment(1, [
    {
      trackId: 1,
      baseMediaDecodeTime: 9000,
      samples: [{ bytes: new Uint8Array(9), duration: 3000, compositionOffset: 5, isSync: true }],
    },
  ]),
);

function readEverything(input: Uint8Array): void {
  const init = Cmaf.parseInit(input);
  if (init !== undefined) Cmaf.mimeTypeOf(init);
  Cmaf.parseMoof(input, init);
  Cmaf.shiftDecodeTimes(input, new Map([[1, -500]]));
  Cmaf.parseAvcConfig(input, 0, input.length);
  Cmaf.parseAacConfig(input);
  const splitter = new Cmaf.BoxSplitter(4096);
  splitter.push(input.subarray(0, 5));
  splitter.push(input.subarray(5));
  expect(splitter.heldBytes).toBeLessThanOrEqual(4096);
}

describe('CMAF from anybody', () => {
  it('never throws on changed, cut or doubled bytes of a good stream', () => {
    const change = fc.record({ at: fc.nat(seed.length - 1), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.nat(seed.length), (changes, length) => {
        const input = seed.slice(0, length);
        for (const { at, value } of changes) if (at < length) input[at] = value;
        readEverything(input);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('never throws on noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (input) => readEverything(input)),
      { numRuns: 300, seed: 2 },
    );
  });
});
