import { expect, it } from 'vitest';
import { type EncoderTest, findEncoder, testEncoder } from '../../broadcaster/src/encode/find-encoder.js';
import { findFfmpeg } from '../../broadcaster/src/encode/find-ffmpeg.js';
import { measurePixelsPerSecond } from '../../broadcaster/src/encode/machine-speed.js';
import { VIDEO_ENCODERS } from '../../broadcaster/src/encode/video-encoder.js';
import { describeIfReal } from '../require-real.js';

describeIfReal('encoders found by real test encodes', ['ffmpeg'], () => {
  it('finds that x264 works, and says in a few words why others do not', async () => {
    const ffmpeg = await findFfmpeg();
    const tests = await Promise.all(VIDEO_ENCODERS.map((encoder) => testEncoder(ffmpeg, encoder)));
    expect(tests).toContainEqual({ encoder: 'x264', works: true });
    const isFailure = (test: EncoderTest): test is Extract<EncoderTest, { works: false }> => !test.works;
    for (const { why } of tests.filter(isFailure)) expect(why).toMatch(/^[^\n]{5,120}$/);
    const hardware = tests.find(({ encoder, works }) => encoder !== 'x264' && works);
    expect(await findEncoder(ffmpeg, 'auto')).toBe(hardware?.encoder ?? 'x264');
  });

  it('refuses an encoder that this ffmpeg does not have, with the way out', async () => {
    const found = await findFfmpeg();
    const missing = process.platform === 'darwin' ? 'vaapi' : 'videotoolbox';
    await expect(findEncoder(found, missing)).rejects.toMatchObject({
      kind: 'ffmpeg-cannot',
      message: `The encoder ${missing} does not work on this machine (this ffmpeg is built without h264_${missing}); what works is x264; leave --encoder out to have one chosen.`,
    });
  });

  it('measures the machine once', async () => {
    const ffmpeg = await findFfmpeg();
    const pixels = await measurePixelsPerSecond(ffmpeg, 'x264');
    // Faster than a tenth of 360p30, which every machine is that can go live.
    expect(pixels).toBeGreaterThan(640 * 360 * 3);
    expect(await measurePixelsPerSecond(ffmpeg, 'x264')).toBe(pixels);
  });
});
