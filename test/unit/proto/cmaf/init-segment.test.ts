import { Cmaf } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { box, bytes, u32 } from './boxes.js';

/** A `moov` with one video track, as little of it as is read. */
function moov(options: {
  readonly matrix: readonly number[];
  readonly entry: Uint8Array;
  readonly handler?: string;
  readonly mehd?: Uint8Array;
}): Uint8Array {
  const tkhd = box(
    'tkhd',
    u32(0),
    new Uint8Array(8),
    u32(3),
    new Uint8Array(8),
    new Uint8Array(16),
    ...options.matrix.map(u32),
  );
  const stsd = box('stsd', u32(0), u32(1), options.entry);
  const mdia = box(
    'mdia',
    box('mdhd', u32(0), new Uint8Array(8), u32(1000), u32(0)),
    box('hdlr', u32(0), u32(0), options.handler ?? 'vide'),
    box('minf', box('stbl', stsd)),
  );
  return box('moov', box('trak', tkhd, mdia), box('mvex', options.mehd ?? new Uint8Array(0)));
}

const visual = (fourcc: string, config: Uint8Array): Uint8Array =>
  box(fourcc, new Uint8Array(24), 0x05, 0x00, 0x02, 0xd0, new Uint8Array(50), config);

const ONE = 0x1_0000;
const UPRIGHT = [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x4000_0000];

describe('parseInit', () => {
  it('reads the rotation out of the track matrix', () => {
    const matrices: [number, number[]][] = [
      [0, UPRIGHT],
      [90, [0, ONE, 0, -ONE, 0, 0, 0, 0, 0x4000_0000]],
      [180, [-ONE, 0, 0, 0, -ONE, 0, 0, 0, 0x4000_0000]],
      [270, [0, -ONE, 0, ONE, 0, 0, 0, 0, 0x4000_0000]],
      [-1, [-ONE, 0, 0, 0, ONE, 0, 0, 0, 0x4000_0000]],
    ];
    for (const [rotation, matrix] of matrices) {
      const init = Cmaf.parseInit(moov({ matrix, entry: visual('vp09', new Uint8Array(0)) }));
      expect(init?.tracks[0]).toMatchObject({ id: 3, width: 1280, height: 720, rotation });
    }
  });

  it("builds HEVC's codec string, compatibility bits reversed and trailing zeros left out", () => {
    const hvcC = box(
      'hvcC',
      ...[1, 0x01, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93, 0xf0, 0, 0xfc, 0xfd, 0xf8, 0xf8],
    );
    const init = Cmaf.parseInit(moov({ matrix: UPRIGHT, entry: visual('hvc1', hvcC) }));
    expect(init?.tracks[0]?.codec).toBe('hvc1.1.6.L93.90');
    expect(init?.tracks[0]?.picture).toMatchObject({ profile: 1, bitDepth: 8, chromaFormat: 1 });
  });

  it('names a codec it does not know by its fourcc', () => {
    const init = Cmaf.parseInit(moov({ matrix: UPRIGHT, entry: visual('ap4h', new Uint8Array(0)) }));
    expect(init?.tracks[0]?.codec).toBe('ap4h');
  });

  it('sees a stated duration', () => {
    const entry = visual('vp09', new Uint8Array(0));
    expect(Cmaf.parseInit(moov({ matrix: UPRIGHT, entry }))?.hasDuration).toBe(false);
    const mehd = box('mehd', u32(0), u32(9000));
    expect(Cmaf.parseInit(moov({ matrix: UPRIGHT, entry, mehd }))?.hasDuration).toBe(true);
  });

  it('leaves subtitles out, and gives nothing when no track is left', () => {
    const entry = visual('wvtt', new Uint8Array(0));
    expect(Cmaf.parseInit(moov({ matrix: UPRIGHT, entry, handler: 'text' }))).toBeUndefined();
    expect(Cmaf.parseInit(bytes())).toBeUndefined();
  });
});
