/** From a source to chunks: one ffmpeg after the other, should one die or be too slow. */

import type { EncodeRun, Encoding } from '../encode/encoding.js';
import type { PipelineInput, PipelineOptions } from './pipeline-options.js';
import { PipelineRun, type PipelineRunEnd } from './pipeline-run.js';
import type { SourceSession } from './source-session.js';

/** How it ended: as the last ffmpeg did, with the chunks of all of them. */
export type PipelineEnd = PipelineRunEnd;

/** New starts within `RESTART_WINDOW_MS` after which an ffmpeg that dies again is given up. */
export const RESTARTS_MAX = 5;

/** See `RESTARTS_MAX`. */
export const RESTART_WINDOW_MS = 60_000;

/**
 * Reports formats, chunks and progress to `session`; resolves when the last ffmpeg is gone.
 *
 * An ffmpeg that is killed, by a crash or from outside, is started anew at once, and one that is too slow with less to
 * do: each is a new run, which viewers follow without being told.
 */
export async function runPipeline(session: SourceSession, options: PipelineOptions): Promise<PipelineEnd> {
  const { encoding, plan, reopen } = options;
  const deaths: number[] = [];
  let input: PipelineInput = options;
  let playedMs = 0;
  let chunkCount = 0;
  for (;;) {
    const encode = await encoding.plan(plan);
    const run = new PipelineRun(session, {
      ...options,
      ...input,
      encode,
      isShrinkable: () => reopen !== undefined && (options.canReopen?.() ?? true),
    });
    const end = await run.run();
    input.close?.();
    chunkCount += run.chunkCount;
    playedMs += run.playedMs;
    const total = { ...end, chunkCount };
    if (session.isStopping) return total;
    if (!run.isTooSlow && !mayRestart(deaths, { isKilled: end.isKilled && run.chunkCount > 0 })) return total;
    const again = reopen?.(playedMs);
    if (again === undefined) return total;
    if (run.isTooSlow) tellShrunk(session, encoding, encode);
    input = again;
  }
}

/** Counts a death; false when it was none to recover from, or one too many. */
function mayRestart(deaths: number[], { isKilled }: { readonly isKilled: boolean }): boolean {
  if (!isKilled) return false;
  const now = performance.now();
  while (deaths[0] !== undefined && now - deaths[0] > RESTART_WINDOW_MS) deaths.shift();
  deaths.push(now);
  return deaths.length <= RESTARTS_MAX;
}

function tellShrunk(session: SourceSession, encoding: Encoding, encode: EncodeRun): void {
  const what = encoding.shrink(encode);
  if (what === undefined) return;
  session.emit({ kind: 'shrunk', reason: `Encoding is too much for this machine: ${what}.` });
}
