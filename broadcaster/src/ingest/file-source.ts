/** A media file as a source. */

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitReason } from './ffmpeg-lines.js';
import { fileInputOptions } from './input-options.js';
import type { MediaSource } from './media-event.js';
import { runPipeline } from './media-pipeline.js';
import type { PipelineInput, SourceSetup } from './pipeline-options.js';
import { startProbe } from './probe.js';
import { SourceError } from './source-error.js';
import { SessionSource } from './source-session.js';

const PROBE_MS_MAX = 20_000;

/**
 * Plays the file at `path` in real time, once or (`isLooped`) again and again.
 *
 * Rejects when the file is missing, empty, not media, or without video: it is looked at now, so that the start is
 * quick and everything that is wrong with it is known at once.
 */
export async function createFileSource(
  setup: SourceSetup,
  options: { readonly path: string; readonly isLooped: boolean },
): Promise<MediaSource> {
  const { path, isLooped } = options;
  await checkFile(path);
  // A protocol's name keeps ffmpeg from taking a colon in the file's name for one.
  const input = `file:${resolve(path)}`;
  const probe = startProbe({
    ffmpeg: setup.ffmpeg,
    openInput: () => input,
    inputOptions: [],
    isWhole: true,
    name: path,
    timeMsMax: PROBE_MS_MAX,
  });
  const found = await probe.result;
  if (!found.ok) throw found.error;
  const { plan, report } = found;
  const openAt = (playedMs: number): PipelineInput => ({
    input,
    inputOptions: fileInputOptions({ isLooped, startMs: startIn(report.durationMs, { playedMs, isLooped }) }),
  });
  return new SessionSource(async (session) => {
    const end = await runPipeline(session, { ...setup, plan, ...openAt(0), reopen: openAt });
    if (session.isStopping) return;
    if (end.isClean && end.chunkCount > 0) {
      session.emit({ kind: 'ended' });
      return;
    }
    throw new SourceError(
      'ffmpeg-died',
      `ffmpeg could not play ${path} (${exitReason(end)}); try another file.`,
    );
  });
}

/** Where in the file viewers are; a loop of unknown length begins again. */
function startIn(
  durationMs: number,
  { playedMs, isLooped }: { readonly playedMs: number; readonly isLooped: boolean },
): number {
  if (!isLooped) return playedMs;
  return durationMs > 0 ? playedMs % durationMs : 0;
}

async function checkFile(path: string): Promise<void> {
  let size: number;
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new SourceError('not-readable', `${path} is a folder; give a video file in it.`);
    }
    size = found.isFile() ? found.size : 1;
    await access(path, constants.R_OK);
  } catch (cause) {
    if (cause instanceof SourceError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new SourceError('not-found', `There is no file ${path}; check its name and folder.`, cause);
    }
    throw new SourceError(
      'not-readable',
      `${path} may not be read; change its permissions or copy it.`,
      cause,
    );
  }
  if (size === 0) throw new SourceError('empty', `${path} is empty; choose another file.`);
}
