/** The test picture as a source. */

import type { EncodePlan } from '../encode/encode-plan.js';
import { exitReason } from './ffmpeg-lines.js';
import { rawInputOptions } from './input-options.js';
import type { MediaSource } from './media-event.js';
import { runPipeline } from './media-pipeline.js';
import type { PipelineInput, SourceSetup } from './pipeline-options.js';
import { SourceError } from './source-error.js';
import { SessionSource, type SourceSession } from './source-session.js';
import type { FrameSize } from './test-card.js';
import { TEST_PICTURE_FRAME_RATE, TEST_PICTURE_SIZE, TestPicture } from './test-picture.js';

/** How long an ffmpeg must have run for its death to be worth a new start. */
const STEADY_MS = 10_000;

/** Draws without end; starts ffmpeg anew should it die after it has worked. */
export function createTestSource(setup: SourceSetup, size: FrameSize = TEST_PICTURE_SIZE): MediaSource {
  const plan: EncodePlan = {
    video: 'encode',
    audio: 'encode',
    reasons: [],
    frameRateMilli: TEST_PICTURE_FRAME_RATE * 1000,
    width: size.width,
    height: size.height,
    bitrate: 0,
    isInterlaced: false,
  };
  const drawOnce = async (session: SourceSession): Promise<void> => {
    const open = (): PipelineInput => {
      const picture = new TestPicture(size);
      return {
        input: picture,
        inputOptions: rawInputOptions(),
        unreadFrames: () => picture.unreadFrames,
        close: () => picture.destroy(),
      };
    };
    const startedAt = performance.now();
    const end = await runPipeline(session, { ...setup, plan, ...open(), reopen: open });
    if (session.isStopping) return;
    if (performance.now() - startedAt < STEADY_MS) {
      const message = `ffmpeg could not encode the test picture (${exitReason(end)}); try another ffmpeg with FFMPEG_PATH.`;
      throw new SourceError('ffmpeg-died', message);
    }
    session.emit({ kind: 'waiting', reason: 'ffmpeg stopped and is being started again' });
  };
  return new SessionSource(async (session) => {
    while (!session.isStopping) await drawOnce(session);
  });
}
