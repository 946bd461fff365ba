/** Looks at a stream that can be opened only once, then sends it. */

import type { EncodePlan } from '../encode/encode-plan.js';
import { pipeInputOptions } from './input-options.js';
import { type PipelineEnd, runPipeline } from './media-pipeline.js';
import type { SourceSetup } from './pipeline-options.js';
import { startProbe } from './probe.js';
import type { ReplayInput } from './replay-input.js';
import type { SourceSession } from './source-session.js';

/** A stream's beginning must have come within this; two groups are enough of it. */
const PROBE_MS_MAX = 10_000;

/** The stream and how it may be treated. */
export type PipedRunOptions = {
  readonly setup: SourceSetup;
  readonly input: ReplayInput;
  /** For messages. */
  readonly name: string;
  /** As `PipelineOptions.leadMsMax`. */
  readonly leadMsMax?: number;
  /** Asked after the look and before anything is sent: false drops the stream. */
  readonly isWelcome?: () => Promise<boolean>;
};

/** Rejects with `SourceError` when the stream is not media or has no video; `undefined` when it was dropped. */
export async function runPiped(
  session: SourceSession,
  options: PipedRunOptions,
): Promise<PipelineEnd | undefined> {
  const plan = await lookAt(session, options);
  const isWelcome = session.isStopping ? false : ((await options.isWelcome?.()) ?? true);
  if (!isWelcome) return undefined;
  const { input } = options;
  const inputOptions = pipeInputOptions();
  const isLimiting = (): boolean => !input.isBehind;
  return await runPipeline(session, {
    ...options.setup,
    plan,
    input: input.replay(),
    inputOptions,
    isLimiting,
    canReopen: () => input.canRejoin,
    reopen: () => {
      const again = input.rejoin();
      return again && { input: again, inputOptions, isLimiting };
    },
    ...(options.leadMsMax === undefined ? {} : { leadMsMax: options.leadMsMax }),
  });
}

async function lookAt(session: SourceSession, options: PipedRunOptions): Promise<EncodePlan> {
  const probe = startProbe({
    ffmpeg: options.setup.ffmpeg,
    openInput: () => options.input.openProbe(),
    inputOptions: pipeInputOptions(),
    isWhole: false,
    name: options.name,
    timeMsMax: PROBE_MS_MAX,
  });
  const found = await session.during(probe.stop, probe.result);
  if (!found.ok) throw found.error;
  return found.plan;
}
