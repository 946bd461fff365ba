/** Finishes recordings whose program died: they play as they are, and can be sought in afterwards. */

import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Recording } from '@freshet/proto';
import { systemCodeOf } from './record-error.js';
import { markedName, marksPath, RecordingFile } from './recording-file.js';

/** Leftovers finished at one start; the rest waits for the next one. */
const LEFTOVERS_MAX = 16;

/** Longest box that is read into memory; a longer one ends what can be saved. */
const BOX_BYTES_MAX = 64 * 1024 * 1024;

/** A recording that was finished after the fact, or could not be. */
export type Leftover = { readonly file: string; readonly isFinished: boolean };

/** Finishes what lies unfinished in the folder and belongs to no program that runs. Never rejects. */
export async function finishLeftovers(folder: string): Promise<readonly Leftover[]> {
  const names = await readdir(folder).catch(() => []);
  const leftovers: Leftover[] = [];
  for (const name of names.map(markedName).filter((marked) => marked !== undefined)) {
    if (leftovers.length >= LEFTOVERS_MAX) break;
    const file = join(folder, name);
    if (await isBeingWritten(file)) continue;
    const isFinished = await finishOne(file).catch(() => undefined);
    if (isFinished === 'gone') await rm(marksPath(file), { force: true });
    else leftovers.push({ file, isFinished: isFinished === 'finished' });
  }
  return leftovers;
}

/** Whether the program that wrote the mark still runs; this one's own are being written. */
async function isBeingWritten(file: string): Promise<boolean> {
  const text = await readFile(marksPath(file), 'utf8').catch(() => '');
  const pid = Number(/"pid":\s*(\d+)/.exec(text)?.[1] ?? 0);
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return systemCodeOf(cause) === 'EPERM';
  }
}

async function finishOne(path: string): Promise<'finished' | 'unreadable' | 'gone'> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r+');
  } catch (cause) {
    return systemCodeOf(cause) === 'ENOENT' ? 'gone' : 'unreadable';
  }
  const layout = await readLayout(handle).catch(() => undefined);
  if (!layout) {
    await handle.close();
    return 'unreadable';
  }
  // The last fragment may be torn.
  await handle.truncate(layout.bytes);
  await RecordingFile.resume(path, handle, layout).finish([]);
  return 'finished';
}

/** Reads the fragments up to the last whole one; `undefined` for what is no unfinished recording. */
async function readLayout(handle: FileHandle): Promise<Recording.RecordingLayout | undefined> {
  const { size } = await handle.stat();
  const start = await readAt(handle, 0, Recording.RECORDING_HEAD_BYTES);
  if (!Recording.isUnfinishedRecording(start)) return undefined;
  const moov = await readBox(handle, start.length, size);
  const init = moov && Recording.readMovieInit(moov.bytes);
  if (!moov || !init) return undefined;
  const layout = new Recording.RecordingLayout(init);
  layout.noteWritten(start.length + moov.bytes.length);
  for (;;) {
    const moof = await readBox(handle, layout.bytes, size);
    const mdat =
      moof?.type === 'moof' ? await readBox(handle, layout.bytes + moof.bytes.length, size) : undefined;
    if (!moof || mdat?.type !== 'mdat') return layout;
    const bytes = Buffer.concat([moof.bytes, mdat.bytes]);
    const runs = Recording.readSampleRuns(bytes, init);
    if (!runs) return layout;
    layout.noteFragment(bytes.length, runs);
  }
}

async function readBox(
  handle: FileHandle,
  at: number,
  size: number,
): Promise<{ readonly type: string; readonly bytes: Uint8Array } | undefined> {
  if (at + 8 > size) return undefined;
  const head = await readAt(handle, at, 8);
  const length = head.readUInt32BE(0);
  if (length < 8 || length > BOX_BYTES_MAX || at + length > size) return undefined;
  return { type: head.toString('latin1', 4, 8), bytes: await readAt(handle, at, length) };
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}
