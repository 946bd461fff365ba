import { Writable } from 'node:stream';
import { Cmaf, type MediaChunk, Recording } from '@freshet/proto';
import { expect, test } from 'vitest';
import { FragmentPipe, type PipeLimits } from '../../../../viewer/src/app/fragment-pipe.js';
import { chunkOf, chunksOf, initOf } from './broadcast.js';

const LIMITS: PipeLimits = { queueBytesMax: 1_000_000, queueUsMax: 3_000_000, gapUsMax: 200_000 };

/** A reader that takes the next write only when it is told to. */
const rigOf = (limits: Partial<PipeLimits> = {}) => {
  const written: Buffer[] = [];
  const waiting: ((error?: Error) => void)[] = [];
  const stream = new Writable({
    write: (bytes: Buffer, _encoding, callback) => {
      written.push(bytes);
      waiting.push(callback);
    },
  });
  const dropped: number[] = [];
  const closed: unknown[] = [];
  const init = Recording.readMovieInit(initOf()) ?? { bytes: new Uint8Array(0), tracks: [] };
  const handlers = {
    onClosed: (cause: unknown) => void closed.push(cause),
    onDropped: (count: number) => void dropped.push(count),
  };
  const pipe = new FragmentPipe({ stream, init, limits: { ...LIMITS, ...limits }, handlers });
  const add = (chunks: readonly MediaChunk[]): void => {
    for (const chunk of chunks) pipe.addChunk(chunk);
  };
  const readAll = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      next();
      // The stream answers in a later turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const times = (): readonly string[] =>
    written.flatMap((bytes) => {
      const ticks = Cmaf.parseMoof(bytes)?.tracks[0]?.baseMediaDecodeTime;
      return ticks === undefined ? [] : [(ticks / 90_000).toFixed(2)];
    });
  return { pipe, stream, written, waiting, dropped, closed, add, readAll, times };
};

test('the init segment comes first, then every chunk in order', async () => {
  const { written, add, readAll, times } = rigOf();
  add(chunksOf(20, 23));
  await readAll();
  expect(written[0]).toEqual(Buffer.from(initOf()));
  expect(times()).toEqual(['0.00', '0.10', '0.20']);
});

test('a reader that does not read is brought back to the newest keyframe, without a hole in the times', async () => {
  const { pipe, dropped, add, readAll, times } = rigOf();
  add(chunksOf(0, 45));
  expect(dropped.reduce((total, count) => total + count, 0)).toBe(30);
  expect(pipe.queuedBytes).toBeLessThan(chunkOf(0).bytes.length * 31);
  await readAll();
  expect(times()).toHaveLength(15);
  expect(times().at(-1)).toBe('1.40');
});

test('a queue without a keyframe is dropped whole, and the next keyframe is waited for', async () => {
  const { pipe, add, readAll, times } = rigOf({ queueUsMax: 500_000 });
  add(chunksOf(0, 9));
  expect(pipe.queuedBytes).toBe(0);
  add(chunksOf(9, 13));
  await readAll();
  expect(times()).toHaveLength(3);
});

test('the bytes that wait are bounded as well', () => {
  const { pipe, add } = rigOf({ queueBytesMax: chunkOf(0).bytes.length * 12 });
  for (let first = 0; first < 500; first += 10) {
    add(chunksOf(first, first + 10));
    expect(pipe.queuedBytes).toBeLessThanOrEqual(chunkOf(0).bytes.length * 12);
  }
});

test('a new run goes on without a jump', async () => {
  const { pipe, add, readAll, times } = rigOf();
  add(chunksOf(50, 52));
  pipe.startRun();
  add(chunksOf(0, 2, { epoch: 2 }));
  await readAll();
  expect(times()).toEqual(['0.00', '0.10', '0.20', '0.30']);
});

test('a reader that goes away is told once, and nothing is kept for it', () => {
  const { pipe, stream, closed, add } = rigOf();
  add(chunksOf(0, 5));
  stream.destroy(Object.assign(new Error('broken'), { code: 'EPIPE' }));
  return new Promise<void>((resolve) => {
    stream.once('close', () => {
      add(chunksOf(5, 9));
      expect(closed).toHaveLength(1);
      expect(pipe.queuedBytes).toBe(0);
      resolve();
    });
  });
});

test('the end waits until everything has been read', async () => {
  const { pipe, add, readAll, times, written } = rigOf();
  add(chunksOf(0, 4));
  let hasEnded = false;
  const end = pipe.end().then(() => {
    hasEnded = true;
  });
  expect(hasEnded).toBe(false);
  const count = written.length;
  await readAll();
  await readAll();
  await end;
  expect(count).toBe(1);
  expect(times()).toHaveLength(4);
});
