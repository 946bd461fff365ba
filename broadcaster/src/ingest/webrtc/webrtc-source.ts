/** What browsers and WHIP clients publish, as a source. */

import { exitReason } from '../ffmpeg-lines.js';
import type { MediaSource } from '../media-event.js';
import { type PipelineEnd, runPipeline } from '../media-pipeline.js';
import type { SourceSetup } from '../pipeline-options.js';
import { SourceError } from '../source-error.js';
import { SessionSource, type SourceSession } from '../source-session.js';
import type { PublisherGate } from './publisher-gate.js';
import { type FeedRun, SOUND_LEAD_MS, WebrtcFeed } from './webrtc-feed.js';

/** Runs in a row that gave nothing, after which it is not tried again. */
const BARREN_RUNS_MAX = 5;

/** Between two of them. */
const BARREN_WAIT_MS = 500;

/** A run whose publisher is there and whose ffmpeg says nothing for this long is begun anew. */
const SILENCE_MS_MAX = 6_000;

/** Waits for publishers one after the other, for ever; each time media begins, a run begins. */
export function createWebrtcSource(setup: SourceSetup, gate: PublisherGate): MediaSource {
  return new SessionSource(async (session) => {
    const feed = new WebrtcFeed(() => performance.now());
    gate.connect(feed);
    session.emit({ kind: 'waiting', reason: 'waiting for the studio page or a WHIP client to go live' });
    let barrenRuns = 0;
    try {
      while (!session.isStopping) {
        const run = await session.during(async () => feed.close(), feed.nextRun());
        if (!run || session.isStopping) return;
        const end = await runOnce(session, setup, run);
        feed.finish(run);
        if (session.isStopping) return;
        barrenRuns = end.chunkCount > 0 ? 0 : barrenRuns + 1;
        if (run.why === undefined && barrenRuns >= BARREN_RUNS_MAX) throw notUsable(end);
        // A new run that is there already follows at once: the picture has changed its size.
        if (!feed.hasNextRun) session.emit({ kind: 'waiting', reason: run.why ?? reasonOf(end) });
        if (barrenRuns > 0) await session.sleep(BARREN_WAIT_MS);
      }
    } finally {
      feed.close();
    }
  });
}

function runOnce(session: SourceSession, setup: SourceSetup, run: FeedRun): Promise<PipelineEnd> {
  return runPipeline(session, {
    ...setup,
    plan: run.plan,
    input: run.stream,
    inputOptions: RTP_INPUT_OPTIONS,
    silenceMsMax: SILENCE_MS_MAX,
    soundLeadMs: SOUND_LEAD_MS,
  });
}

/** The header says everything: a look at more of the stream would only hold it back. */
const RTP_INPUT_OPTIONS: readonly string[] = [
  ...['-probesize', '32', '-analyzeduration', '0'],
  ...['-thread_type', 'slice', '-f', 'matroska'],
];

function reasonOf(end: PipelineEnd): string {
  return end.isClean
    ? 'the stream stopped; waiting for it to come back'
    : `ffmpeg stopped (${exitReason(end)}) and is being started again`;
}

function notUsable(end: PipelineEnd): SourceError {
  const message = `ffmpeg cannot use what the browser sends (${exitReason(end)}); try another ffmpeg with FFMPEG_PATH.`;
  return new SourceError('ffmpeg-died', message);
}
