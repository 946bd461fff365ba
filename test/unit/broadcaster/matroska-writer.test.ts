import { describe, expect, it } from 'vitest';
import {
  MatroskaWriter,
  RAW_AUDIO_TRACK,
  RAW_VIDEO_TRACK,
  rawTracks,
} from '../../../broadcaster/src/ingest/matroska-writer.js';

const writer = (): MatroskaWriter =>
  new MatroskaWriter(rawTracks({ width: 640, height: 360, frameRate: 30, sampleRate: 48_000, channels: 2 }));

const CLUSTER = '1f43b675';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('MatroskaWriter', () => {
  it('begins with an EBML header and a segment of unknown size', () => {
    const header = hex(writer().header());
    expect(header.startsWith('1a45dfa3')).toBe(true);
    expect(header).toContain(`18538067${'01ffffffffffffff'}`);
    expect(header).toContain(Buffer.from('V_UNCOMPRESSED').toString('hex'));
    expect(header).toContain(Buffer.from('A_PCM/INT/LIT').toString('hex'));
  });

  it('puts a block behind its cluster, with the time relative to it', () => {
    const out = writer();
    const first = hex(out.block(RAW_VIDEO_TRACK, 1000, Uint8Array.of(0xaa)));
    expect(first.startsWith(CLUSTER)).toBe(true);
    expect(first.endsWith('81000080aa')).toBe(true);
    const second = hex(out.block(RAW_AUDIO_TRACK, 990, Uint8Array.of(0xbb, 0xcc)));
    expect(second).toBe('a30100000000000006' + '82fff680bbcc');
  });

  it('opens a new cluster before the relative time leaves its 16 bits', () => {
    const out = writer();
    out.block(RAW_VIDEO_TRACK, 0, new Uint8Array(1));
    let clusters = 0;
    for (let ticks = 0; ticks < 200_000; ticks += 333) {
      if (hex(out.block(RAW_VIDEO_TRACK, ticks, new Uint8Array(1))).startsWith(CLUSTER)) clusters += 1;
    }
    expect(clusters).toBeGreaterThanOrEqual(6);
  });
});
