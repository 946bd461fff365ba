import { Cmaf } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import type { EncodePlan } from '../../../broadcaster/src/encode/encode-plan.js';
import { ProbeVerdict } from '../../../broadcaster/src/ingest/probe-verdict.js';
import { AAC_CONFIG, AVC_CONFIG } from './flv-bytes.js';

const HIGH_10 = Uint8Array.from(
  Buffer.from(
    '016e0028ffe1001b676e0028a6cb403c0113f2e022000003000200000300641e30654001000468ce0fc8fdfafa00',
    'hex',
  ),
);

type Film = {
  readonly avcConfig?: Uint8Array;
  readonly width?: number;
  readonly groupMs?: number;
  readonly seconds?: number;
  readonly hasAudio?: boolean;
  /** Presentation minus decode time per frame. */
  readonly offsets?: readonly number[];
  /** Length of the frame at one second. */
  readonly pauseMs?: number;
};

/** 40 ms frames in fragments of 200 ms. */
function film(options: Film): Uint8Array[] {
  const { groupMs = 1000, seconds = 8, offsets = [0] } = options;
  const init = Cmaf.writeInit([
    {
      kind: 'video',
      id: 1,
      timescale: 1000,
      width: options.width ?? 320,
      height: 180,
      avcConfig: options.avcConfig ?? AVC_CONFIG,
    },
    ...(options.hasAudio === false
      ? []
      : [{ kind: 'audio' as const, id: 2, timescale: 48_000, channels: 2, aacConfig: AAC_CONFIG }]),
  ]);
  const parts = [init];
  for (let ms = 0; ms < seconds * 1000; ms += 200) {
    const samples = Array.from({ length: 5 }, (_, index) => ({
      bytes: new Uint8Array(4),
      duration: ms === 1000 && index === 2 ? (options.pauseMs ?? 40) : 40,
      compositionOffset: offsets[index % offsets.length] ?? 0,
      isSync: ms % groupMs === 0 && index === 0,
    }));
    parts.push(Cmaf.writeFragment(1, [{ trackId: 1, baseMediaDecodeTime: ms, samples }]));
  }
  return parts;
}

function judge(options: Film, isWhole = true): { plan: EncodePlan | undefined; partCount: number } {
  const verdict = new ProbeVerdict({ isWhole });
  let partCount = 0;
  for (const part of film(options)) {
    partCount += 1;
    const plan = verdict.push(part);
    if (plan !== undefined) return { plan, partCount };
  }
  return { plan: verdict.finish(), partCount };
}

describe('ProbeVerdict', () => {
  it('passes H.264 and AAC with short groups through', () => {
    expect(judge({}).plan).toMatchObject({
      video: 'copy',
      audio: 'copy',
      reasons: [],
      frameRateMilli: 25_000,
    });
  });

  it('passes a film without sound through', () => {
    expect(judge({ hasAudio: false }).plan).toMatchObject({ video: 'copy', audio: 'none' });
  });

  it.each([
    ['10 bits', { avcConfig: HIGH_10 }, 'it is not 8-bit 4:2:0'],
    ['an odd width', { width: 321 }, 'its size is odd'],
    ['B-frames', { offsets: [80, 160, 0, 40] }, 'it has B-frames'],
    ['keyframes five seconds apart', { groupMs: 5000 }, 'its keyframes are far apart'],
    ['a frame of a second among frames of 40 ms', { pauseMs: 1000 }, 'its frame rate varies'],
  ])('encodes %s', (_name, options, reason) => {
    expect(judge(options).plan).toMatchObject({ video: 'encode', audio: 'copy', reasons: [reason] });
  });

  it('takes one offset for all frames for what it is: no B-frames', () => {
    expect(judge({ offsets: [40] }).plan?.video).toBe('copy');
  });

  it('decides on a live stream at its second keyframe, long before it has seen all', () => {
    const { plan, partCount } = judge({}, false);
    expect(plan?.video).toBe('copy');
    expect(partCount).toBeLessThanOrEqual(7);
  });

  it('decides against a live stream with long groups as soon as the group is too long', () => {
    const { plan, partCount } = judge({ groupMs: 8000 }, false);
    expect(plan?.video).toBe('encode');
    expect(partCount).toBeLessThanOrEqual(13);
  });

  it('has nothing to say without an initialisation segment, and encodes what it cannot read', () => {
    expect(new ProbeVerdict({ isWhole: true }).finish()).toBeUndefined();
    const verdict = new ProbeVerdict({ isWhole: true });
    verdict.push(film({})[0] ?? new Uint8Array(0));
    const plan = verdict.push(Uint8Array.of(0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1));
    expect(plan).toMatchObject({ video: 'encode' });
  });
});
