/** The show's part of `freshet live`'s command line. */

import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { MediaSourceOptions } from '../ingest/media-source.js';
import { defaultRecordFolder } from '../record/record-folder.js';
import { POSTER_SOURCE_BYTES_MAX } from '../show/poster-maker.js';
import type { ShowChoices } from '../show/show-desk.js';
import { readDescription, readStart } from '../show/show-words.js';
import { OptionError } from './options.js';
import type { StudioOptions } from './studio-desk.js';

/** Options as commander delivers them; `record` is true when nothing was said of it. */
export type ShowFlags = {
  readonly description?: string;
  readonly poster?: string;
  readonly startsAt?: string;
  readonly record?: string | boolean;
};

/** Reads what was chosen. Rejects with an OptionError or a ShowError. */
export async function readShowChoices(flags: ShowFlags, isLive: boolean): Promise<ShowChoices> {
  const { description, poster, startsAt } = flags;
  const startsMs = startsAt === undefined ? undefined : readStart(startsAt, Date.now());
  return {
    description: description === undefined ? undefined : readDescription(description),
    poster: poster === undefined ? undefined : await readPoster(poster),
    startsMs,
    recordFolder: await recordFolderOf(flags.record, isLive),
  };
}

/**
 * Whether a source would be gone if nobody recorded it: publishers, streams and standard input. A file is there already,
 * and the test picture is nobody's loss.
 */
export function isLiveSource(
  { source = '', rtmpPort, srtPort, devices }: MediaSourceOptions,
  studio: StudioOptions | undefined,
): boolean {
  const isStream = source === '-' || (/^[a-z][a-z0-9+.-]+:\/\//i.test(source) && !/^file:/i.test(source));
  return isStream || [rtmpPort, srtPort, devices, studio].some((way) => way !== undefined);
}

async function recordFolderOf(
  record: string | boolean | undefined,
  isLive: boolean,
): Promise<string | undefined> {
  if (record === false || (record === undefined && !isLive)) return undefined;
  if (typeof record !== 'string') return defaultRecordFolder();
  const found = await stat(record).catch(() => undefined);
  if (found && !found.isDirectory())
    throw new OptionError(`--record takes a folder, and ${record} is a file; name a folder.`);
  return resolve(record);
}

async function readPoster(path: string): Promise<Uint8Array> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new OptionError(`There is no picture at ${path}; name one with --poster.`);
  if (found.size > POSTER_SOURCE_BYTES_MAX)
    throw new OptionError(
      `${path} is larger than ${POSTER_SOURCE_BYTES_MAX / 1024 / 1024} MiB; choose a smaller one.`,
    );
  return readFile(path);
}
