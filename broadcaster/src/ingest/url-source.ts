/** A stream or recording on the network as a source. */

import { requireFeature } from '../encode/find-ffmpeg.js';
import { exitReason, lastComplaint } from './ffmpeg-lines.js';
import { seekOptions, urlInputOptions, urlOpenOptions } from './input-options.js';
import { machineIdleness } from './machine-idleness.js';
import type { MediaSource } from './media-event.js';
import { type PipelineEnd, runPipeline } from './media-pipeline.js';
import type { PipelineInput, SourceSetup } from './pipeline-options.js';
import { startProbe } from './probe.js';
import { SourceError } from './source-error.js';
import { SessionSource, type SourceSession } from './source-session.js';

/** Wait before the first new try; doubles with every one that fails. */
export const RETRY_MS_MIN = 1_000;

/** Longest wait between two tries. */
export const RETRY_MS_MAX = 30_000;

const PROBE_MS_MAX = 20_000;
const SILENCE_MS_MAX = 15_000;

/** How ffmpeg words answers that will be the same the next time. */
const REFUSALS = /Server returned 4\d\d|Connection refused|Failed to resolve|Name or service not known/;

/** What came of one try. */
type Try =
  | { readonly kind: 'over' }
  | {
      readonly kind: 'away';
      readonly reason: string;
      readonly hasPlayed: boolean;
      /** The answer leaves no hope that waiting helps: no such host, nobody listens, not found, forbidden. */
      readonly isRefused: boolean;
    };

/**
 * Plays `url`: a recording once, a live stream for as long as it lasts.
 *
 * A source that is not there is waited for with growing pauses; one that is there but is no video fails, and so does
 * one that is refused before it ever played: that is a wrong address.
 */
export function createUrlSource(setup: SourceSetup, url: string): MediaSource {
  if (/^srt:/i.test(url)) requireFeature(setup.ffmpeg, 'SRT');
  return new SessionSource(async (session) => {
    let waitMs = RETRY_MS_MIN;
    let hasPlayed = false;
    while (!session.isStopping) {
      const result = await tryOnce(session, setup, url);
      if (session.isStopping) return;
      if (result.kind === 'over') {
        session.emit({ kind: 'ended' });
        return;
      }
      hasPlayed ||= result.hasPlayed;
      if (result.isRefused && !hasPlayed)
        throw new SourceError('unreachable', `${result.reason}; check the address.`);
      if (result.hasPlayed) waitMs = RETRY_MS_MIN;
      const seconds = Math.round(waitMs / 1000);
      session.emit({ kind: 'waiting', reason: `${result.reason}; trying again in ${seconds} s` });
      await session.sleep(waitMs);
      waitMs = Math.min(waitMs * 2, RETRY_MS_MAX);
    }
  });
}

async function tryOnce(session: SourceSession, setup: SourceSetup, url: string): Promise<Try> {
  const name = nameOf(url);
  const openOptions = urlOpenOptions(url);
  const probe = startProbe({
    ffmpeg: setup.ffmpeg,
    openInput: () => url,
    inputOptions: openOptions,
    isWhole: false,
    name,
    timeMsMax: PROBE_MS_MAX,
  });
  const found = await session.during(probe.stop, probe.result);
  if (session.isStopping) return { kind: 'over' };
  if (!found.ok) return awayOrThrow(found.error, found.lines, name);
  const isRecording = found.report.hasDuration;
  const openAt = (playedMs: number): PipelineInput => ({
    input: url,
    inputOptions: [
      ...openOptions,
      ...(isRecording ? seekOptions(playedMs) : []),
      ...urlInputOptions({ isRecording }),
    ],
    // A network that is too slow cannot be told from an encoder that is: only what is idle besides tells.
    isLimiting: machineIdleness(),
  });
  const end = await runPipeline(session, {
    ...setup,
    plan: found.plan,
    ...openAt(0),
    reopen: openAt,
    silenceMsMax: SILENCE_MS_MAX,
  });
  if (isRecording && end.isClean && end.chunkCount > 0) return { kind: 'over' };
  return { kind: 'away', reason: reasonOf(end, name), hasPlayed: end.chunkCount > 0, isRefused: false };
}

/** What could be reached and is no video will be none the next time either. */
function awayOrThrow(error: SourceError, lines: readonly string[], name: string): Try {
  const isReached = error.kind === 'no-video' || lines.some((line) => /Invalid data found/.test(line));
  if (isReached) throw error;
  const complaint = lastComplaint(lines);
  const isUnknown = /Protocol not found/.test(complaint);
  if (isUnknown) {
    const message = `This ffmpeg does not know how to open ${name}; check the address or set FFMPEG_PATH to another one.`;
    throw new SourceError('ffmpeg-cannot', message, error);
  }
  return {
    kind: 'away',
    reason: `${name} is not there${complaint === '' ? '' : ` (${complaint})`}`,
    hasPlayed: false,
    isRefused: lines.some((line) => REFUSALS.test(line)),
  };
}

function reasonOf(end: PipelineEnd, name: string): string {
  if (end.isSilent) return `${name} has gone silent`;
  return end.isClean ? `${name} stopped` : `${name} stopped (${exitReason(end)})`;
}

/** Without user name, password and query, which may be secret. */
function nameOf(url: string): string {
  const parts = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?([^?#]*)/i.exec(url);
  return parts === null ? 'the address' : `${parts[1]}${parts[2]}`;
}
