/** A channel's live window on disk: finished segments, bounded by length and bytes, found again after any end. */

import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RenditionRun, SegmentInfo, SegmentStore } from '../hls/index.js';
import {
  FILE_MS_MIN,
  FILE_SEGMENTS_MAX,
  FILES_MAX,
  QUEUE_BYTES_MAX,
  RETRY_MS,
  WINDOW_BYTES_DEFAULT,
  WINDOW_FILES,
} from './limits.js';
import { encodeRecord, encodeRun, HEAD_BYTES } from './record.js';
import { WindowError } from './window-error.js';
import { type BodyPlace, type OpenFile, openSystemFile, WindowFile } from './window-file.js';

/** How to keep a window. */
export type DiskWindowOptions = {
  /** Belongs to this one channel of this one process; made when it is not there. */
  readonly folder: string;
  /** Media kept, counted back from the newest segment. */
  readonly durationMs: number;
  /** Bytes of all its files. */
  readonly bytesMax?: number | undefined;
  /** Takes whole lines for the operator. */
  readonly log: (line: string) => void;
  /** Milliseconds on a monotonic clock. */
  readonly now?: () => number;
  /** Replaces the system's files. */
  readonly openFile?: OpenFile;
};

type Held = { readonly file: WindowFile; readonly info: SegmentInfo; readonly body: BodyPlace };

const FILE_NAME = /^window-(\d{10})\.bin$/;
const fileName = (number: number): string => `window-${String(number).padStart(10, '0')}.bin`;
const runKey = (epoch: number, renditionId: number): string => `${epoch}/${renditionId}`;
const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';

/**
 * Finished segments in files of checked records (record.ts). Writing is a queue of its own: the stream never waits for
 * the disk. Made by {@link openDiskWindow}.
 */
export class DiskWindow implements SegmentStore {
  readonly restored: SegmentInfo[] = [];
  readonly restoredRuns: RenditionRun[] = [];
  readonly #options: DiskWindowOptions;
  readonly #bytesMax: number;
  readonly #now: () => number;
  readonly #openFile: OpenFile;
  readonly #files: WindowFile[] = [];
  /** Oldest first, by rendition and then by sequence number. */
  readonly #held = new Map<number, Map<number, Held>>();
  #writing: WindowFile | undefined;
  #queue: Promise<void> = Promise.resolve();
  #queueBytes = 0;
  #nextNumber = 0;
  #newestMs = 0;
  /** Writes fail since the operator was told. */
  #isFailing = false;
  #retryAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: DiskWindowOptions) {
    this.#options = options;
    this.#bytesMax = options.bytesMax ?? WINDOW_BYTES_DEFAULT;
    this.#now = options.now ?? (() => performance.now());
    this.#openFile = options.openFile ?? openSystemFile;
  }

  /** Bytes of its files. */
  get byteCount(): number {
    return this.#files.reduce((sum, { byteCount }) => sum + byteCount, 0);
  }

  /** Segments that can be read. */
  get segmentCount(): number {
    let segments = 0;
    for (const held of this.#held.values()) segments += held.size;
    return segments;
  }

  /** The last write failed: the window holds what was there, and a further one is tried from time to time. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Reads what an earlier run left. Rejects with a WindowError; use {@link openDiskWindow}. */
  async recover(): Promise<void> {
    const { folder } = this.#options;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const numbers = (await readdir(folder)).flatMap((name) => {
        const number = FILE_NAME.exec(name)?.[1];
        return number === undefined ? [] : [Number(number)];
      });
      numbers.sort((a, b) => a - b);
      this.#nextNumber = (numbers.at(-1) ?? -1) + 1;
      for (const number of numbers.slice(0, -FILES_MAX))
        await rm(join(folder, fileName(number)), { force: true });
      for (const number of numbers.slice(-FILES_MAX)) await this.#recoverFile(number);
      await this.#trim(0);
    } catch (cause) {
      await this.close();
      throw new WindowError(folder, cause);
    }
    for (const held of this.#held.values()) for (const { info } of held.values()) this.restored.push(info);
  }

  append(info: SegmentInfo, run: RenditionRun, bytes: Uint8Array): void {
    if (this.#isClosed) return;
    if (this.#queueBytes + bytes.length > QUEUE_BYTES_MAX) {
      return this.#fail('The disk of the live window is too slow');
    }
    this.#queueBytes += bytes.length;
    this.#queue = this.#queue.then(async () => {
      await this.#write(info, run, bytes);
      this.#queueBytes -= bytes.length;
    });
  }

  has(renditionId: number, sequence: number): boolean {
    return this.#held.get(renditionId)?.has(sequence) ?? false;
  }

  async read(renditionId: number, sequence: number): Promise<Uint8Array | undefined> {
    const held = this.#held.get(renditionId)?.get(sequence);
    if (!held) return undefined;
    try {
      const bytes = await held.file.read(held.body);
      if (bytes) return bytes;
    } catch {
      // Deleted or damaged behind our back: the segment is not held, the same as one that does not check.
    }
    this.#held.get(renditionId)?.delete(sequence);
    return undefined;
  }

  /** Resolves when everything appended so far is written or given up. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  /** Writes what waits and lets go of the files, which stay. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#queue;
    this.#held.clear();
    for (const file of this.#files.splice(0)) await file.close();
  }

  async #recoverFile(number: number): Promise<void> {
    const path = join(this.#options.folder, fileName(number));
    const file = new WindowFile({ number, path, file: await this.#openFile(path, false) });
    this.#files.push(file);
    for (const { meta, body } of await file.recover()) {
      if (meta.kind === 'segment') {
        this.#hold(file, meta.info, body);
        continue;
      }
      const key = runKey(meta.epoch, meta.rendition.id);
      const initSegment = file.runs.has(key) ? undefined : await file.read(body);
      if (!initSegment) continue;
      file.runs.add(key);
      const isKnown = this.restoredRuns.some(({ epoch, rendition }) => runKey(epoch, rendition.id) === key);
      if (!isKnown) {
        this.restoredRuns.push({ epoch: meta.epoch, rendition: { ...meta.rendition, initSegment } });
      }
    }
  }

  #hold(file: WindowFile, info: SegmentInfo, body: BodyPlace): void {
    const held = this.#held.get(info.renditionId) ?? new Map<number, Held>();
    this.#held.set(info.renditionId, held);
    held.set(info.sequence, { file, info, body });
    file.infos.push(info);
    this.#newestMs = Math.max(this.#newestMs, info.captureMs);
  }

  /** Never rejects. */
  async #write(info: SegmentInfo, run: RenditionRun, bytes: Uint8Array): Promise<void> {
    if (this.#isFailing && this.#now() < this.#retryAtMs) return;
    const segment = encodeRecord({ kind: 'segment', info }, bytes);
    const described = encodeRun(run);
    if (!segment || !described) return;
    try {
      await this.#trim(segment.length + described.length);
      const file = await this.#fileFor(info);
      const key = runKey(run.epoch, run.rendition.id);
      const record = file.runs.has(key) ? segment : Buffer.concat([described, segment]);
      const offset = file.byteCount + record.length - bytes.length;
      await file.append(record);
      file.runs.add(key);
      const crc = segment.readUInt32BE(HEAD_BYTES - 8);
      this.#hold(file, info, { offset, byteCount: bytes.length, crc });
      if (this.#isFailing) this.#options.log('The live window on disk grows again.');
      this.#isFailing = false;
    } catch (cause) {
      const isFull = codeOf(cause) === 'ENOSPC' || codeOf(cause) === 'EDQUOT';
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#fail(
        isFull ? 'The disk of the live window is full' : `The live window cannot be written (${why})`,
      );
    }
  }

  /** Says so once; what is there stays, and the stream goes on. */
  #fail(what: string): void {
    this.#retryAtMs = this.#now() + RETRY_MS;
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#options.log(
      `${what}: it keeps what it has, and the stream goes on. Make room, or choose a shorter --window.`,
    );
  }

  /** The file to write to: a new one when the last holds its share of the window. */
  async #fileFor(info: SegmentInfo): Promise<WindowFile> {
    const { durationMs, folder } = this.#options;
    const writing = this.#writing;
    const fileMs = Math.max(durationMs / WINDOW_FILES, FILE_MS_MIN);
    const beganMs = writing?.infos[0]?.captureMs ?? info.captureMs;
    const isFull =
      (writing?.byteCount ?? 0) >= this.#bytesMax / WINDOW_FILES ||
      (writing?.infos.length ?? 0) >= FILE_SEGMENTS_MAX;
    if (writing && !isFull && info.captureMs - beganMs < fileMs) return writing;
    const number = this.#nextNumber;
    const path = join(folder, fileName(number));
    const file = new WindowFile({ number, path, file: await this.#openFile(path, true) });
    this.#nextNumber++;
    this.#writing = file;
    this.#files.push(file);
    return file;
  }

  /** Deletes the oldest files until `moreBytes` fit, and those that are all older than the window. */
  async #trim(moreBytes: number): Promise<void> {
    const oldestMs = this.#newestMs - this.#options.durationMs;
    for (const held of this.#held.values()) {
      for (const [sequence, { info }] of held) {
        if (info.captureMs + info.durationUs / 1000 >= oldestMs) break;
        held.delete(sequence);
      }
    }
    for (const file of [...this.#files]) {
      const isOver = this.byteCount + moreBytes > this.#bytesMax || this.#files.length > FILES_MAX;
      const isOld = !file.infos.some(({ renditionId, sequence }) => this.has(renditionId, sequence));
      const isNeeded = file === this.#writing && file.infos.length === 0;
      if (!isOver && (!isOld || isNeeded)) break;
      await this.#removeFile(file);
    }
  }

  async #removeFile(file: WindowFile): Promise<void> {
    for (const { renditionId, sequence } of file.infos) {
      const held = this.#held.get(renditionId);
      if (held?.get(sequence)?.file === file) held.delete(sequence);
    }
    this.#files.splice(this.#files.indexOf(file), 1);
    if (this.#writing === file) this.#writing = undefined;
    await file.remove();
  }
}

/**
 * Opens a channel's window and reads what an earlier run left of it. Rejects with a WindowError, one sentence for a
 * person.
 */
export async function openDiskWindow(options: DiskWindowOptions): Promise<DiskWindow> {
  const window = new DiskWindow(options);
  await window.recover();
  return window;
}
