/** Devices as a source, with ffmpeg's own devices that every machine has: drawn pictures and ALSA's silence. */

import { afterEach, expect, it } from 'vitest';
import { Encoding } from '../../broadcaster/src/encode/encoding.js';
import { findFfmpeg } from '../../broadcaster/src/encode/find-ffmpeg.js';
import type { DeviceInputs } from '../../broadcaster/src/ingest/device-input.js';
import { createDeviceSource } from '../../broadcaster/src/ingest/device-source.js';
import { describeIfReal } from '../require-real.js';
import { SourceWatch } from './source-watch.js';

const DRAWN = {
  input: 'testsrc2=size=640x360:rate=30',
  inputOptions: ['-re', '-f', 'lavfi'],
};

describeIfReal('devices of this machine', ['ffmpeg'], () => {
  let watch: SourceWatch | undefined;
  afterEach(async () => {
    await watch?.stop();
    watch = undefined;
  });

  const start = async (inputs: DeviceInputs): Promise<SourceWatch> => {
    const ffmpeg = await findFfmpeg();
    const choices = {};
    const encoding = new Encoding({ ffmpeg, choices });
    watch = SourceWatch.of(createDeviceSource({ ffmpeg, choices, encoding }, inputs));
    return watch;
  };

  it('are sent with the sound of another device', async () => {
    const sound = { input: 'sine=frequency=440:sample_rate=48000', inputOptions: ['-re', '-f', 'lavfi'] };
    const seen = await start({ picture: DRAWN, sound, hasSound: true, name: 'the camera' });
    await seen.until(() => seen.chunks.length >= 45);
    const [format] = seen.formats;
    expect(format).toMatchObject({ width: 640, height: 360 });
    expect(format?.mimeType).toContain('mp4a');
  });

  it('are sent without any sound', async () => {
    const seen = await start({ picture: DRAWN, sound: undefined, hasSound: false, name: 'the camera' });
    await seen.until(() => seen.chunks.length >= 15);
    expect(seen.formats[0]?.mimeType).not.toContain('mp4a');
  });

  it('that are not there fail with a sentence that says what to do', async () => {
    const picture = { input: '/dev/video-none', inputOptions: ['-f', 'v4l2'] };
    const seen = await start({
      picture,
      sound: undefined,
      hasSound: false,
      name: 'the camera /dev/video-none',
    });
    await seen.until(() => seen.story.includes('failed'));
    const failed = seen.events.find((event) => event.kind === 'failed');
    expect(failed?.error.message).toMatch(
      /^Cannot open the camera \/dev\/video-none \(.*\); "freshet devices"/,
    );
  });

  it('that stop in mid-show are waited for, and come back as a new run', async () => {
    const picture = { ...DRAWN, inputOptions: ['-re', '-t', '1', '-f', 'lavfi'] };
    const seen = await start({ picture, sound: undefined, hasSound: false, name: 'the camera' });
    await seen.until(() => seen.formats.length >= 2);
    expect(seen.waitingReasons[0]).toMatch(/^the camera is gone/);
  });
});
