/** Cameras, screens and microphones of the broadcaster's own machine as a source. */

import type { EncodePlan } from '../encode/encode-plan.js';
import type { DeviceInputs } from './device-input.js';
import { exitReason } from './ffmpeg-lines.js';
import type { MediaSource } from './media-event.js';
import { runPipeline } from './media-pipeline.js';
import type { PipelineInput, SourceSetup } from './pipeline-options.js';
import { SourceError } from './source-error.js';
import { SessionSource } from './source-session.js';

/** Between two tries to open a device that was pulled out. */
const RETRY_MS = 2_000;

/** A device that delivers nothing for this long is opened anew. */
const SILENCE_MS_MAX = 5_000;

/** Sends what the devices deliver. One that is pulled out is waited for; one that never opens fails. */
export function createDeviceSource(setup: SourceSetup, devices: DeviceInputs): MediaSource {
  const { picture, sound, hasSound, name } = devices;
  const plan: EncodePlan = {
    video: 'encode',
    audio: hasSound ? 'encode' : 'none',
    reasons: [],
    frameRateMilli: 0,
    width: 0,
    height: 0,
    bitrate: 0,
    isInterlaced: false,
    isTimed: true,
    isSoundApart: sound !== undefined,
  };
  const open = (): PipelineInput => ({ ...picture, ...(sound && { soundInput: sound }) });
  return new SessionSource(async (session) => {
    let hasWorked = false;
    while (!session.isStopping) {
      const options = { ...setup, plan, ...open(), reopen: open, silenceMsMax: SILENCE_MS_MAX };
      const end = await runPipeline(session, options);
      if (session.isStopping) return;
      const why = end.isSilent ? 'it delivers nothing' : exitReason(end);
      hasWorked ||= end.chunkCount > 0;
      if (!hasWorked)
        throw new SourceError(
          'unreachable',
          `Cannot open ${name} (${why}); "freshet devices" lists what there is.`,
        );
      session.emit({ kind: 'waiting', reason: `${name} is gone (${why}); waiting for it to come back` });
      await session.sleep(RETRY_MS);
    }
  });
}
