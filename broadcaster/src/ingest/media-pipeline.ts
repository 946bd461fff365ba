/** From a source to chunks: one ffmpeg after the other, should one die or be too slow. */

import type { Readable } from 'node:stream';
import type { EncodeChoices, EncodePlan } from '../encode/encode-plan.js';
import type { EncodeRun, Encoding } from '../encode/encoding.js';
import type { Ffmpeg } from '../encode/find-ffmpeg.js';
import { PipelineRun, type PipelineRunEnd } from './pipeline-run.js';
import type { SourceSession } from './source-session.js';

/** What every source needs to know. */
export type SourceSetup = {
  readonly ffmpeg: Ffmpeg;
  /** Milliseconds of picture per chunk; the chunker's default when left out. */
  readonly chunkMs?: number | undefined;
  readonly choices: EncodeChoices;
  readonly encoding: Encoding;
  /** What to take a measured encoder speed for; itself by default. For tests. */
  readonly readSpeed?: ((speed: number) => number) | undefined;
};

/** What one ffmpeg reads. */
export type PipelineInput = {
  readonly input: string | Readable;
  /** ffmpeg's options before `-i`. */
  readonly inputOptions: readonly string[];
  /** A second input, where the sound is another device; `plan.isSoundApart` says so. */
  readonly soundInput?: { readonly input: string; readonly inputOptions: readonly string[] } | undefined;
  /** ffmpeg is given no more than it takes at once: that it is slow is not its fault. Never by default. */
  readonly isLimiting?: () => boolean;
  /** Frames left out so far because ffmpeg did not take them; none by default. */
  readonly unreadFrames?: () => number;
  /** Lets go of the input when ffmpeg has gone. */
  readonly close?: () => void;
};

/** A source to send. */
export type PipelineOptions = SourceSetup &
  PipelineInput & {
    readonly plan: EncodePlan;
    /**
     * Opens the source again where viewers are now, `playedMs` after its beginning, for a new ffmpeg; `undefined`
     * where that cannot be. Without it the first ffmpeg is the only one, whatever becomes of it.
     */
    readonly reopen?: (playedMs: number) => PipelineInput | undefined;
    /** Whether `reopen` would open it now: asked before an ffmpeg is stopped that works. It would by default. */
    readonly canReopen?: () => boolean;
    /** Chunks come at most this far ahead of real time; beyond it ffmpeg is made to wait. Unlimited when left out. */
    readonly leadMsMax?: number;
    /** The input's sound is stamped this much later than it belongs, which is taken back; 0 when left out. */
    readonly soundLeadMs?: number;
    /** A source that delivers nothing for this long is given up. */
    readonly silenceMsMax?: number;
  };

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
