import { wallMs } from '@freshet/proto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EndReason, MediaOutput, OutputHandlers } from '../../../../viewer/src/app/media-output.js';
import { Watch, type WatchLimits } from '../../../../viewer/src/app/watch.js';
import { WatchError } from '../../../../viewer/src/app/watch-error.js';
import type { WatchFigures, WatchReport } from '../../../../viewer/src/app/watch-report.js';
import type { FeedEvent, FeedStatus } from '../../../../viewer/src/playback/feed.js';
import { chunkOf } from './broadcast.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

class TestOutput implements MediaOutput {
  readonly handlers: OutputHandlers;
  chunkCount = 0;
  ended: EndReason | undefined;

  constructor(handlers: OutputHandlers) {
    this.handlers = handlers;
  }

  setFormat(): void {
    // Formats are the outputs' own tests.
  }

  addChunk(): void {
    this.chunkCount++;
  }

  async end(reason: EndReason): Promise<void> {
    this.ended ??= reason;
  }

  abort(): void {
    // No processes here.
  }
}

const startWatch = (limits: Partial<WatchLimits> = {}, outputCount = 1) => {
  let emit: (event: FeedEvent) => void = () => undefined;
  let isStopped = false;
  const said: string[] = [];
  const figures: WatchFigures[] = [];
  const report: WatchReport = {
    status: (status) => said.push(status.kind),
    broadcast: (title) => said.push(`title ${title}`),
    figures: (figure) => figures.push(figure),
    recorded: () => undefined,
    note: (text) => said.push(text),
    failed: ({ kind }) => said.push(`failed ${kind}`),
  };
  const feed = {
    start: (onEvent: (event: FeedEvent) => void): void => {
      emit = onEvent;
    },
    stop: (): void => {
      isStopped = true;
    },
    reportPlayout: () => undefined,
    reportPlaying: () => undefined,
    offerUplink: () => undefined,
    broadcastNowMs: () => wallMs(1_700_000_000_080),
  };
  const watch = new Watch({ feed, report, limits: { durationMs: undefined, timeoutMs: 30_000, ...limits } });
  const outputs: TestOutput[] = [];
  for (let index = 0; index < outputCount; index++) {
    watch.addOutput((handlers) => {
      const output = new TestOutput(handlers);
      outputs.push(output);
      return output;
    });
  }
  const exit = watch.run();
  const status = (next: FeedStatus): void => emit({ kind: 'status', status: next });
  const chunk = (chunkNumber: number, epoch = 1): void =>
    emit({ kind: 'chunk', chunk: chunkOf(chunkNumber, { epoch }) });
  return {
    watch,
    exit,
    outputs,
    said,
    figures,
    status,
    chunk,
    emit: (event: FeedEvent) => emit(event),
    isStopped: () => isStopped,
  };
};

test('the end of the broadcast ends watching well, after the chunks that were still on their way', async () => {
  const { exit, outputs, status, chunk, isStopped } = startWatch();
  status({ kind: 'live' });
  chunk(0);
  status({ kind: 'ended' });
  await vi.advanceTimersByTimeAsync(300);
  chunk(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await exit).toBe(0);
  expect(outputs[0]).toMatchObject({ chunkCount: 2, ended: 'finished' });
  expect(isStopped()).toBe(true);
});

test('a broadcast that was over from the start is a failure that says so', async () => {
  const { exit, said, status } = startWatch();
  status({ kind: 'ended' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(await exit).toBe(1);
  expect(said).toContain('failed nothing-received');
});

test('the user stopping is success once something has come, and interruption before', async () => {
  const early = startWatch();
  early.watch.stop();
  expect(await early.exit).toBe(130);
  const late = startWatch();
  late.chunk(0);
  late.watch.stop();
  late.watch.stop();
  expect(await late.exit).toBe(0);
  expect(late.outputs[0]?.ended).toBe('stopped');
});

test.each<FeedStatus>([
  { kind: 'unknown-channel' },
  { kind: 'untrusted', why: 'forged' },
  { kind: 'incompatible', why: 'old' },
  { kind: 'bad-address', why: 'wrong' },
])('$kind ends watching with a failure, and the outputs are finished', async (status) => {
  const run = startWatch();
  run.chunk(0);
  run.status(status);
  expect(await run.exit).toBeGreaterThan(0);
  expect(run.outputs[0]?.ended).toBe('finished');
});

test('without a relay it gives up after the timeout, however often it was tried again meanwhile', async () => {
  const { exit, said, status } = startWatch({ timeoutMs: 5000 });
  status({ kind: 'connecting' });
  for (let attempt = 1; attempt <= 4; attempt++) {
    await vi.advanceTimersByTimeAsync(1000);
    status({ kind: 'reconnecting', attempt, retryInMs: 900 });
  }
  expect(said).not.toContain('failed unreachable');
  await vi.advanceTimersByTimeAsync(1000);
  expect(await exit).toBe(1);
  expect(said).toContain('failed unreachable');
});

test.each<FeedStatus>([{ kind: 'not-started' }, { kind: 'waiting' }])(
  '$kind is waited for, longer than any timeout',
  async (status) => {
    const run = startWatch({ timeoutMs: 5000 });
    run.status({ kind: 'connecting' });
    run.status(status);
    await vi.advanceTimersByTimeAsync(3_600_000);
    run.chunk(0);
    run.watch.stop();
    expect(await run.exit).toBe(0);
  },
);

test('a timeout of none waits for ever', async () => {
  const { exit, watch, status } = startWatch({ timeoutMs: undefined });
  status({ kind: 'connecting' });
  await vi.advanceTimersByTimeAsync(3_600_000);
  watch.stop();
  expect(await exit).toBe(130);
});

test('the duration counts media over all runs', async () => {
  const { exit, chunk, outputs } = startWatch({ durationMs: 400 });
  chunk(500);
  chunk(501);
  chunk(0, 2);
  expect(outputs[0]?.ended).toBeUndefined();
  chunk(1, 2);
  expect(await exit).toBe(0);
  expect(outputs[0]?.chunkCount).toBe(4);
});

test('an output that fails does not end the others, but counts at the end', async () => {
  const { exit, watch, outputs, said, chunk } = startWatch({}, 2);
  chunk(0);
  outputs[0]?.handlers.onFailed(new WatchError('disk-full', 'full'));
  chunk(1);
  expect(outputs[1]?.chunkCount).toBe(2);
  expect(outputs[0]?.chunkCount).toBe(1);
  watch.stop();
  expect(await exit).toBe(1);
  expect(said).toContain('failed disk-full');
});

test('when the last output is closed by its other end, watching ends well', async () => {
  const { exit, outputs, chunk } = startWatch({}, 2);
  chunk(0);
  outputs[0]?.handlers.onClosed();
  outputs[1]?.handlers.onClosed();
  expect(await exit).toBe(0);
});

test('figures come once a second, with the latency from capture to arrival', async () => {
  const { watch, exit, figures, chunk } = startWatch();
  chunk(0);
  chunk(2);
  await vi.advanceTimersByTimeAsync(2000);
  expect(figures).toHaveLength(2);
  expect(figures[0]).toMatchObject({ latencyMs: -120, watchedMs: 300, gapCount: 1 });
  watch.stop();
  await exit;
});
