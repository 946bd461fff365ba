import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type DiskWindow,
  type DiskWindowOptions,
  openDiskWindow,
} from '../../../../relay-node/src/window/disk-window.js';
import { FILE_SEGMENTS_MAX, RETRY_MS } from '../../../../relay-node/src/window/limits.js';
import { WindowError } from '../../../../relay-node/src/window/window-error.js';
import { type OpenFile, openSystemFile } from '../../../../relay-node/src/window/window-file.js';
import { body, Folders, run, segment } from './segments.js';

const folders = new Folders();
const windows: DiskWindow[] = [];

const openIn = async (folder: string, more: Partial<DiskWindowOptions> = {}): Promise<DiskWindow> => {
  const window = await openDiskWindow({ folder, durationMs: 600_000, log: () => undefined, ...more });
  windows.push(window);
  return window;
};

const fill = async (window: DiskWindow, first: number, last: number, byteCount = 1_000): Promise<void> => {
  for (let sequence = first; sequence <= last; sequence++)
    window.append(segment(sequence, { byteCount }), run, body(sequence, byteCount));
  await window.settled();
};

const sequences = (window: DiskWindow): number[] => window.restored.map(({ sequence }) => sequence);
const filesOf = (folder: string): string[] => readdirSync(folder).sort();
const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** A disk with room for so many bytes, which says what a full one says. */
const smallDisk =
  (room: { bytes: number }): OpenFile =>
  async (path, isNew) => {
    const file = await openSystemFile(path, isNew);
    return {
      read: (...place) => file.read(...place),
      truncate: (byteCount) => file.truncate(byteCount),
      stat: () => file.stat(),
      close: () => file.close(),
      write(bytes, from, length, at) {
        const fitting = Math.min(length, room.bytes);
        room.bytes -= fitting;
        if (fitting > 0) return file.write(bytes, from, fitting, at);
        return Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
      },
    };
  };

describe('the window on disk', () => {
  afterEach(async () => {
    for (const window of windows.splice(0)) await window.close();
    folders.removeAll();
  });

  it('gives back what it was given, and again after a restart', async () => {
    const folder = folders.make();
    const first = await openIn(folder);
    await fill(first, 1, 30);
    expect(await first.read(1, 12)).toEqual(Buffer.from(body(12)));
    expect([first.has(1, 31), first.has(2, 12)]).toEqual([false, false]);
    await first.close();
    const second = await openIn(folder);
    expect(sequences(second)).toEqual(range(1, 30));
    expect(second.restored[11]).toEqual(segment(12));
    expect(second.restoredRuns).toEqual([
      { ...run, rendition: { ...run.rendition, initSegment: Buffer.from([1, 1, 2, 3]) } },
    ]);
    await fill(second, 31, 31);
    expect(await second.read(1, 30)).toEqual(Buffer.from(body(30)));
    expect(await second.read(1, 31)).toEqual(Buffer.from(body(31)));
  });

  it('keeps its length, oldest first', async () => {
    const folder = folders.make();
    const window = await openIn(folder, { durationMs: 60_000 });
    await fill(window, 1, 200);
    expect([window.has(1, 167), window.has(1, 171)]).toEqual([false, true]);
    expect(window.segmentCount).toBe(33);
    expect(filesOf(folder).length).toBeLessThanOrEqual(8);
    await window.close();
    expect(sequences(await openIn(folder, { durationMs: 20_000 }))).toEqual(range(189, 200));
  });

  it('keeps its bytes, oldest first', async () => {
    const folder = folders.make();
    const window = await openIn(folder, { bytesMax: 160_000 });
    await fill(window, 1, 300);
    expect(window.byteCount).toBeLessThanOrEqual(160_000);
    expect(window.segmentCount).toBeGreaterThan(80);
    expect([window.has(1, 300), window.has(1, 1)]).toEqual([true, false]);
  });

  it('keeps a bounded number of segments that have no length', async () => {
    const folder = folders.make();
    const window = await openIn(folder, { durationMs: 1_000_000_000 });
    for (let sequence = 1; sequence <= FILE_SEGMENTS_MAX + 10; sequence++)
      window.append(segment(sequence, { captureMs: 1, durationUs: 0 }), run, body(sequence, 10));
    await window.settled();
    expect(filesOf(folder)).toHaveLength(2);
  });

  it('says once that the disk is full, keeps what is there, and goes on when there is room', async () => {
    const room = { bytes: 10_500 };
    const lines: string[] = [];
    let nowMs = 0;
    const folder = folders.make();
    const window = await openIn(folder, {
      openFile: smallDisk(room),
      log: (line) => lines.push(line),
      now: () => nowMs,
    });
    await fill(window, 1, 20);
    nowMs += RETRY_MS;
    await fill(window, 21, 22);
    expect(lines).toEqual([expect.stringMatching(/^The disk of the live window is full: .*Make room/)]);
    expect(window.segmentCount).toBeGreaterThan(5);
    expect(await window.read(1, 1)).toEqual(Buffer.from(body(1)));
    room.bytes = 1_000_000;
    await fill(window, 23, 23);
    expect(window.isFailing).toBe(true);
    nowMs += RETRY_MS;
    await fill(window, 24, 24);
    expect(lines[1]).toBe('The live window on disk grows again.');
    expect(await window.read(1, 24)).toEqual(Buffer.from(body(24)));
    await window.close();
    expect(sequences(await openIn(folder)).at(-1)).toBe(24);
  });

  it('cuts off what an interrupted write left, wherever it stopped', async () => {
    const folder = folders.make();
    const window = await openIn(folder);
    await fill(window, 1, 3);
    await window.close();
    const [name = ''] = filesOf(folder);
    const path = join(folder, name);
    const good = readFileSync(path);
    const record = good.length - readFileSync(path).lastIndexOf('FRW1');
    for (const kept of [1, 19, 20, 150, record - 1]) {
      writeFileSync(path, good);
      truncateSync(path, good.length - record + kept);
      const again = await openIn(folder);
      expect(sequences(again)).toEqual([1, 2]);
      expect(readFileSync(path)).toEqual(good.subarray(0, good.length - record));
      await again.close();
    }
    // A power cut can leave a length without its bytes.
    writeFileSync(path, good);
    truncateSync(path, good.length - 500);
    appendFileSync(path, Buffer.alloc(500));
    expect(sequences(await openIn(folder))).toEqual([1, 2]);
  });

  it('does not give out bytes that have changed on disk', async () => {
    const folder = folders.make();
    const window = await openIn(folder);
    await fill(window, 1, 3);
    const path = join(folder, filesOf(folder)[0] ?? '');
    const bytes = readFileSync(path);
    bytes[bytes.lastIndexOf(2)] = 9;
    writeFileSync(path, bytes);
    expect(await window.read(1, 2)).toBeUndefined();
    expect([window.has(1, 2), window.has(1, 3)]).toEqual([false, true]);
  });

  it('leaves other files alone', async () => {
    const folder = folders.make();
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    writeFileSync(join(folder, 'window-0000000003.bin'), 'not a record');
    const window = await openIn(folder);
    await fill(window, 1, 2);
    expect(filesOf(folder)).toEqual(['notes.txt', 'window-0000000004.bin']);
  });

  it('says in one sentence why a folder cannot be used', async () => {
    const folder = join(folders.make(), 'file');
    writeFileSync(folder, '');
    await expect(openIn(folder)).rejects.toThrow(WindowError);
    await expect(openIn(folder)).rejects.toThrow(
      /^The live window cannot be kept in .*\. Choose another folder/,
    );
  });
});
