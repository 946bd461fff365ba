/** Where recordings go: the file that was asked for, and numbered ones beside it. */

import { constants } from 'node:fs';
import { access, type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { fileErrorFrom, systemCodeOf, WatchError } from './watch-error.js';

/** Files of one recording; the recorder fails rather than make more. */
export const RECORDING_FILES_MAX = 999;

/** What was asked for with `--out` and `--force`. */
export type RecordingTarget = { readonly path: string; readonly mayReplace: boolean };

/**
 * Looks whether the file can be made, long before the first byte comes; makes nothing. Rejects with a WatchError
 * ('file-exists', 'not-writable').
 */
export async function checkTarget({ path, mayReplace }: RecordingTarget): Promise<void> {
  try {
    const found = await stat(path).catch((cause: unknown) => {
      if (systemCodeOf(cause) === 'ENOENT') return undefined;
      throw cause;
    });
    if (found?.isDirectory())
      throw new WatchError('not-writable', `${path} is a folder. Name a file in it with --out.`);
    if (found && !mayReplace) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
    await access(found ? path : dirname(resolve(path)), constants.W_OK);
  } catch (cause) {
    throw cause instanceof WatchError ? cause : fileErrorFrom(cause, path);
  }
}

/** Opens the recording's file for writing. Rejects with the system's error. */
export async function openTarget({ path, mayReplace }: RecordingTarget): Promise<FileHandle> {
  return open(path, mayReplace ? 'w' : 'wx');
}

/**
 * Opens the next file of the recording, `name-2.mp4` and so on: the first from `number` on that does not exist,
 * since only the file that was named may be replaced.
 */
export async function openNumbered(
  { path }: RecordingTarget,
  number: number,
): Promise<{ readonly path: string; readonly handle: FileHandle; readonly number: number }> {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  for (let next = number; next <= RECORDING_FILES_MAX; next++) {
    const candidate = `${stem}-${next}${extension}`;
    try {
      return { path: candidate, handle: await open(candidate, 'wx'), number: next };
    } catch (cause) {
      if (systemCodeOf(cause) !== 'EEXIST') throw cause;
    }
  }
  throw Object.assign(new Error('too many files'), { code: 'EEXIST' });
}
