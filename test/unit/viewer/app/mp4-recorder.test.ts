import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cmaf, type MediaChunk, Recording } from '@freshet/proto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Mp4Recorder, type RecordedFile } from '../../../../viewer/src/app/mp4-recorder.js';
import { RecordingFile } from '../../../../viewer/src/app/recording-file.js';
import { checkTarget, openTarget } from '../../../../viewer/src/app/recording-target.js';
import type { WatchError } from '../../../../viewer/src/app/watch-error.js';
import { chunkOf, chunksOf, initOf } from './broadcast.js';
import { boxTypes, readTracks } from './recorded-movie.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshet-recorder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rigOf = (name = 'out.mp4', mayReplace = false) => {
  const path = join(folder, name);
  const recorded: RecordedFile[] = [];
  const failures: WatchError[] = [];
  const notes: string[] = [];
  const recorder = new Mp4Recorder(
    { path, mayReplace },
    {
      onClosed: () => undefined,
      onFailed: (error) => failures.push(error),
      onNote: (text) => notes.push(text),
      onRecorded: (file) => recorded.push(file),
    },
  );
  const add = (chunks: readonly MediaChunk[]): void => {
    for (const chunk of chunks) recorder.addChunk(chunk);
  };
  return { path, recorder, recorded, failures, notes, add };
};

const secondsOf = (track: ReturnType<typeof readTracks>[number] | undefined): readonly string[] =>
  (track?.samples ?? []).map(({ decodeTime }) => (decodeTime / (track?.timescale ?? 1)).toFixed(3));

test('a finished recording is an ordinary MP4 whose tables find every sample', async () => {
  const { path, recorder, recorded, add } = rigOf();
  recorder.setFormat(1, initOf());
  add(chunksOf(40, 60));
  await recorder.end();
  const bytes = readFileSync(path);
  expect(boxTypes(bytes)).toEqual(['ftyp', 'mdat', 'moov']);
  expect(recorded).toEqual([{ file: path, durationMs: 2000, bytes: bytes.length }]);
  const [video, audio] = readTracks(bytes);
  expect([video?.samples.length, audio?.samples.length]).toEqual([60, 100]);
  video?.samples.forEach(({ offset, size, isSync }, index) => {
    const chunkNumber = 40 + Math.floor(index / 3);
    expect(size).toBe(40);
    expect(bytes[offset]).toBe((chunkNumber * 8 + (index % 3)) % 256);
    expect(bytes[offset + 39]).toBe(bytes[offset]);
    expect(isSync).toBe(index % 30 === 0);
  });
  expect(secondsOf(audio).slice(0, 3)).toEqual(['0.000', '0.020', '0.040']);
});

test('a recording that was never finished is a playable fragmented MP4', async () => {
  const path = join(folder, 'crash.mp4');
  const init = Recording.readMovieInit(initOf());
  if (!init) throw new Error('the init segment can be read');
  const file = await RecordingFile.begin(path, await openTarget({ path, mayReplace: false }), init);
  const timeline = new Recording.FragmentTimeline({ init, gapUsMax: 0 });
  await file.append(chunksOf(0, 3).flatMap((chunk) => timeline.add(chunk)));
  const bytes = readFileSync(path);
  expect(boxTypes(bytes)).toEqual(['ftyp', 'free', 'moov', 'moof', 'mdat', 'moof', 'mdat', 'moof', 'mdat']);
  expect(Cmaf.parseInit(bytes)?.tracks).toHaveLength(2);
  await file.finish();
});

test('a broadcast that comes back in the same format goes on in the same file', async () => {
  const { path, recorder, recorded, notes, add } = rigOf();
  recorder.setFormat(1, initOf());
  add(chunksOf(50, 60));
  recorder.setFormat(2, initOf());
  add(chunksOf(0, 10, { epoch: 2 }));
  await recorder.end();
  expect(recorded).toHaveLength(1);
  expect(notes).toEqual([]);
  const [video] = readTracks(readFileSync(path));
  const times = secondsOf(video);
  expect(times[29]).toBe('0.967');
  expect(times[30]).toBe('1.000');
  expect(times.at(-1)).toBe('1.967');
});

test('a new run follows at once even if its times happen to lie ahead', async () => {
  const { path, recorder, add } = rigOf();
  recorder.setFormat(1, initOf());
  add(chunksOf(0, 10));
  recorder.setFormat(2, initOf());
  add(chunksOf(20, 22, { epoch: 2 }));
  await recorder.end();
  expect(secondsOf(readTracks(readFileSync(path))[0])[30]).toBe('1.000');
});

test('a catalog that repeats the format within a run changes nothing', async () => {
  const { path, recorder, recorded, add } = rigOf();
  recorder.setFormat(1, initOf());
  add(chunksOf(0, 5));
  recorder.setFormat(1, initOf());
  add(chunksOf(5, 10));
  await recorder.end();
  expect(recorded).toHaveLength(1);
  expect(readTracks(readFileSync(path))[0]?.samples).toHaveLength(30);
});

test('another format goes on in the next file whose name is free', async () => {
  writeFileSync(join(folder, 'out-2.mp4'), 'precious');
  const { path, recorder, recorded, notes, add } = rigOf();
  recorder.setFormat(1, initOf(66));
  add(chunksOf(0, 10));
  recorder.setFormat(2, initOf(77));
  add(chunksOf(0, 10, { epoch: 2 }));
  await recorder.end();
  expect(recorded.map(({ file }) => file)).toEqual([path, join(folder, 'out-3.mp4')]);
  expect(readFileSync(join(folder, 'out-2.mp4'), 'utf8')).toBe('precious');
  expect(notes.join()).toContain('out-3.mp4');
  for (const { file } of recorded) expect(boxTypes(readFileSync(file))).toEqual(['ftyp', 'mdat', 'moov']);
});

test('a gap keeps picture and sound together: the sample before it lasts over it', async () => {
  const { path, recorder, add } = rigOf();
  recorder.setFormat(1, initOf());
  add([...chunksOf(0, 10), ...chunksOf(30, 32)]);
  await recorder.end();
  const [video, audio] = readTracks(readFileSync(path));
  expect(secondsOf(video)[30]).toBe('3.000');
  expect(secondsOf(audio)[50]).toBe('3.000');
});

test('a track that begins late keeps its distance, and reordered frames begin at 0', async () => {
  const { path, recorder, add } = rigOf();
  recorder.setFormat(1, initOf());
  add([
    chunkOf(0, { hasAudio: false, compositionOffset: 6000 }),
    ...chunksOf(1, 10, { compositionOffset: 6000 }),
  ]);
  await recorder.end();
  const [video, audio] = readTracks(readFileSync(path));
  // In 1/90,000 s: the picture is shown 6,000 ticks after its decode time, the sound begins 100 ms in.
  expect(video?.edits).toEqual([[90_000, 6000]]);
  expect(audio?.edits[0]).toEqual([3000, -1]);
});

test('the file appears with the first media only, and an existing one is never replaced unasked', async () => {
  const { path, recorder, failures, add } = rigOf();
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, 'precious');
  recorder.setFormat(1, initOf());
  add(chunksOf(0, 3));
  await recorder.end();
  expect(failures.map(({ kind }) => kind)).toEqual(['file-exists']);
  expect(readFileSync(path, 'utf8')).toBe('precious');
  await expect(checkTarget({ path, mayReplace: false })).rejects.toMatchObject({ kind: 'file-exists' });
  await expect(checkTarget({ path, mayReplace: true })).resolves.toBeUndefined();
  await expect(checkTarget({ path: folder, mayReplace: true })).rejects.toMatchObject({
    kind: 'not-writable',
  });
  const nowhere = join(folder, 'no', 'out.mp4');
  await expect(checkTarget({ path: nowhere, mayReplace: false })).rejects.toMatchObject({
    kind: 'not-writable',
  });
});

test('an init segment that cannot be recorded is a failure with a sentence, not an exception', async () => {
  const { recorder, failures, add } = rigOf();
  recorder.setFormat(1, new Uint8Array(40));
  add(chunksOf(0, 3));
  await recorder.end();
  expect(failures.map(({ kind }) => kind)).toEqual(['format-changed']);
});
