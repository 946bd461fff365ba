import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { MediaChunk } from '@freshet/proto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaFormat } from '../../../../broadcaster/src/ingest/media-source.js';
import { DiskForecast } from '../../../../broadcaster/src/record/disk-watch.js';
import { finishLeftovers } from '../../../../broadcaster/src/record/leftovers.js';
import { defaultRecordFolder, recordingName } from '../../../../broadcaster/src/record/record-folder.js';
import { Recorder, type RecorderOptions } from '../../../../broadcaster/src/record/recorder.js';
import { marksPath } from '../../../../broadcaster/src/record/recording-file.js';
import { chunksOf, initOf } from '../../viewer/app/broadcast.js';
import { boxTypes, readTracks } from '../../viewer/app/recorded-movie.js';

const START = new Date(2026, 4, 10, 20, 0).getTime();
const WHOLE = ['ftyp', 'mdat', 'moov'];
/** A process number that no system gives out. */
const NOBODY = 2 ** 30;

const formatOf = (profile = 66): MediaFormat => ({
  mimeType: 'video/mp4',
  width: 320,
  height: 180,
  frameRateMilli: 30_000,
  bitrate: 0,
  initSegment: initOf(profile),
  mode: 'encoded',
  describe: '',
});

describe('the recorder', () => {
  let folder: string;
  let notes: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'freshet-record-'));
    notes = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const create = (options: Partial<RecorderOptions> = {}): Recorder =>
    new Recorder({
      folder,
      title: () => 'A/show?',
      wallNow: () => START,
      log: (line) => notes.push(line),
      ...options,
    });
  const addAll = (recorder: Recorder, chunks: readonly MediaChunk[]): void => {
    for (const chunk of chunks) recorder.add(chunk);
  };
  const files = (): string[] => readdirSync(folder).sort();
  const typesOf = (name: string): readonly string[] => boxTypes(readFileSync(join(folder, name)));

  it('writes an ordinary MP4, named after date and title, and leaves nothing beside it', async () => {
    const recorder = create();
    recorder.begin(formatOf());
    addAll(recorder, chunksOf(0, 20));
    await recorder.finish();
    expect(files()).toEqual(['2026-05-10 20-00 A show.mp4']);
    expect(typesOf('2026-05-10 20-00 A show.mp4')).toEqual(WHOLE);
    expect(recorder.state).toMatchObject({ state: 'idle', durationMs: 2000, problem: undefined });
  });

  it('goes on in the same file after a pause, in another one after the end or in another format', async () => {
    const recorder = create();
    for (const profile of [66, 66, 77]) {
      recorder.begin(formatOf(profile));
      addAll(recorder, chunksOf(0, 10));
    }
    await recorder.finish();
    recorder.begin(formatOf(77));
    addAll(recorder, chunksOf(0, 10));
    await recorder.finish();
    expect(files()).toHaveLength(3);
    const lengths = recorder.state.files.map((file) => readTracks(readFileSync(file))[0]?.samples.length);
    expect(lengths).toEqual([60, 30, 30]);
  });

  it('never replaces a file', async () => {
    writeFileSync(join(folder, '2026-05-10 20-00 A show.mp4'), 'precious');
    const recorder = create();
    recorder.begin(formatOf());
    addAll(recorder, chunksOf(0, 10));
    await recorder.finish();
    expect(readFileSync(join(folder, '2026-05-10 20-00 A show.mp4'), 'utf8')).toBe('precious');
    expect(basename(recorder.state.file ?? '')).toBe('2026-05-10 20-00 A show (2).mp4');
  });

  it('keeps markers as chapters in the file and beside it', async () => {
    const recorder = create();
    recorder.begin(formatOf());
    addAll(recorder, chunksOf(0, 10));
    await expect.poll(() => recorder.state.durationMs).toBe(1000);
    recorder.mark('Middle');
    addAll(recorder, chunksOf(10, 20));
    await recorder.finish();
    expect(readFileSync(join(folder, '2026-05-10 20-00 A show.mp4'), 'latin1')).toMatch(/chpl.*Middle/s);
    expect(readFileSync(join(folder, '2026-05-10 20-00 A show.chapters.vtt'), 'utf8')).toContain(
      '00:00:01.000 --> 00:00:02.000\nMiddle',
    );
  });

  it('stops with one sentence when the disk is full, and what was written plays', async () => {
    let room = Number.POSITIVE_INFINITY;
    const openNew = async (path: string): Promise<FileHandle> => {
      const handle = await open(path, 'wx');
      const write = handle.write.bind(handle);
      const limited = (bytes: Uint8Array, offset: number, length: number, position: number) => {
        room -= length;
        return room < 0
          ? Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }))
          : write(bytes, offset, length, position);
      };
      return Object.assign(handle, { write: limited });
    };
    const recorder = create({ openNew });
    recorder.begin(formatOf());
    addAll(recorder, chunksOf(0, 5));
    await expect.poll(() => recorder.state.durationMs).toBe(500);
    room = 100;
    addAll(recorder, chunksOf(5, 40));
    await recorder.finish();
    expect(recorder.state).toMatchObject({
      state: 'stopped',
      problem: expect.stringContaining('disk is full'),
    });
    expect(notes.filter((line) => line.includes('disk is full'))).toHaveLength(1);
    const [name = ''] = files().filter((file) => file.endsWith('.mp4'));
    expect(typesOf(name).slice(0, 5)).toEqual(['ftyp', 'free', 'moov', 'moof', 'mdat']);
  });

  it('says so when its folder cannot be written, and takes the rest of the show in silence', async () => {
    writeFileSync(join(folder, 'file'), '');
    const recorder = create({ folder: join(folder, 'file', 'below') });
    recorder.begin(formatOf());
    addAll(recorder, chunksOf(0, 10));
    await recorder.finish();
    addAll(recorder, chunksOf(10, 20));
    expect([recorder.state.state, notes.length]).toEqual(['stopped', 1]);
  });

  it('warns before the disk is full', async () => {
    const recorder = create({ freeBytes: async () => 100_000 });
    recorder.begin(formatOf());
    addAll(recorder, chunksOf(0, 20));
    await expect.poll(() => recorder.state.durationMs).toBe(2000);
    await recorder.checkDisk();
    await recorder.checkDisk();
    expect(notes.filter((line) => line.includes('nearly full'))).toHaveLength(1);
    await recorder.finish();
  });

  /** A recording as SIGKILL leaves it: unfinished, its last fragment torn. */
  const tearOff = async (pid: number): Promise<string> => {
    const recorder = create();
    recorder.begin(formatOf());
    addAll(recorder, chunksOf(0, 10));
    await expect.poll(() => recorder.state.durationMs).toBe(1000);
    const torn = join(folder, 'torn.mp4');
    const bytes = readFileSync(recorder.state.file ?? '');
    await recorder.finish();
    rmSync(recorder.state.file ?? '');
    writeFileSync(torn, bytes);
    truncateSync(torn, bytes.length - 7);
    writeFileSync(marksPath(torn), JSON.stringify({ pid }));
    return torn;
  };

  it('finishes what a program left that died, up to its last whole fragment', async () => {
    const torn = await tearOff(NOBODY);
    expect(await finishLeftovers(folder)).toEqual([{ file: torn, isFinished: true }]);
    expect(boxTypes(readFileSync(torn))).toEqual(WHOLE);
    expect(readTracks(readFileSync(torn))[0]?.samples).toHaveLength(27);
    expect(existsSync(marksPath(torn))).toBe(false);
    expect(await finishLeftovers(folder)).toEqual([]);
  });

  it('leaves alone what a program is writing that runs, and what is no recording', async () => {
    const torn = await tearOff(process.pid);
    writeFileSync(join(folder, 'other.mp4'), 'precious');
    writeFileSync(marksPath(join(folder, 'other.mp4')), JSON.stringify({ pid: NOBODY }));
    writeFileSync(marksPath(join(folder, 'gone.mp4')), JSON.stringify({ pid: NOBODY }));
    expect(await finishLeftovers(folder)).toEqual([{ file: join(folder, 'other.mp4'), isFinished: false }]);
    expect(readFileSync(join(folder, 'other.mp4'), 'utf8')).toBe('precious');
    expect(boxTypes(readFileSync(torn))[1]).toBe('free');
    expect(await finishLeftovers(join(folder, 'nowhere'))).toEqual([]);
  });
});

describe('the room on the disk', () => {
  it('is said to be short once, and again only after there was room in between', () => {
    const forecast = new DiskForecast();
    const said = [20, 9, 5, 12, 9, 16, 0.5].map((minutes) => forecast.warning(minutes));
    expect(said.map((line) => line !== undefined)).toEqual([false, true, false, false, false, false, true]);
    expect(said[1]).toContain('about 9 minutes');
    expect(said[6]).toContain('less than a minute');
    expect(forecast.minutesLeft(60_000_000, 1_000_000)).toBe(1);
    expect(forecast.minutesLeft(1, 0)).toBeUndefined();
  });
});

describe('the name of a recording', () => {
  it('fits every file system', () => {
    expect(recordingName(new Date(START), ' ../<b>:* "x"|?. ')).toBe('2026-05-10 20-00 b x');
    expect(recordingName(new Date(START), '???')).toBe('2026-05-10 20-00 Live');
    expect(recordingName(new Date(START), 'x'.repeat(300)).length).toBeLessThan(120);
  });

  it('lies in the folder for videos that the desktop knows', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'freshet-dirs-'));
    writeFileSync(join(folder, 'user-dirs.dirs'), '# x\nXDG_VIDEOS_DIR="/data/Filme"\n');
    expect(await defaultRecordFolder({ XDG_CONFIG_HOME: folder })).toBe(join('/data/Filme', 'Freshet'));
    rmSync(folder, { recursive: true });
    expect(await defaultRecordFolder({ XDG_VIDEOS_DIR: '/v' })).toBe(join('/v', 'Freshet'));
  });
});
