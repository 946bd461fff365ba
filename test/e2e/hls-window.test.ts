/** The window on disk in a process that is killed at any moment, and served again by the next one. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FreshetProcess } from '../freshet-process.js';
import { ffmpegText } from '../media.js';
import { describeIfReal } from '../require-real.js';

const SCRIPT = fileURLToPath(new URL('./hls-window-process.ts', import.meta.url));

type Keeper = { readonly url: string; readonly stderr: () => string; kill(): Promise<void> };

/** A file system of its own, of 1 MiB, under the folder; needs root. */
const ON_SMALL_DISK = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs -o size=1m none "$0" && exec "$@"'];
const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;

describeIfReal('the live window on disk', ['ffmpeg'], () => {
  let folder: string;
  let live: FreshetProcess;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'freshet-window-'));
    live = new FreshetProcess(['live', '--port', '0', '--host', '127.0.0.1', '--json']);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await live.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const startKeeper = async (link: string, wrap: readonly string[] = []): Promise<Keeper> => {
    const argv = [...wrap, process.execPath, '--import', 'tsx', SCRIPT, link, folder];
    const child = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    let stderr = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      stderr += bytes.toString();
    });
    const gone = once(child, 'exit');
    if (!child.stdout) throw new Error('a child without output');
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const { url } = JSON.parse(String(line));
    return {
      url,
      stderr: () => stderr,
      async kill() {
        child.kill('SIGKILL');
        await gone;
      },
    };
  };

  const windowOf = async ({ url }: Keeper): Promise<string> => {
    const reply = await fetch(url.replace('index.m3u8', '1/window.m3u8'));
    return reply.status === 200 ? await reply.text() : '';
  };
  const segmentsOf = (playlist: string): string[] => playlist.match(/^segment-.*$/gm) ?? [];
  const firstOf = (playlist: string): number => Number(/MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1]);

  it('is served again after SIGKILL, with the numbers going on behind a discontinuity', async () => {
    const link = String((await live.waitFor(({ event }) => event === 'ready')).watch);
    await live.waitFor(({ event }) => event === 'live');
    const first = await startKeeper(link);
    const soon = { timeout: 60_000, interval: 250 };
    await expect.poll(async () => segmentsOf(await windowOf(first)).length, soon).toBeGreaterThanOrEqual(5);
    const before = await windowOf(first);
    await first.kill();

    const second = await startKeeper(link);
    const recovered = await windowOf(second);
    // The newest segment may not have reached the file.
    const kept = segmentsOf(before).slice(0, -1);
    expect(segmentsOf(recovered).slice(0, kept.length)).toEqual(kept);
    expect(firstOf(recovered)).toBe(firstOf(before));
    const more = kept.length + 4;
    await expect.poll(async () => segmentsOf(await windowOf(second)).length, soon).toBeGreaterThan(more);
    const after = await windowOf(second);
    expect(after.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    expect(firstOf(after)).toBe(firstOf(before));
    const numbers = segmentsOf(after).map((name) => Number(name.split('-')[1]));
    expect(numbers).toEqual(numbers.map((_, index) => firstOf(before) + index));

    // From the window's start, over the break, where the times have a hole of the length of the restart.
    const windowUrl = second.url.replace('index.m3u8', 'window.m3u8');
    const input = ['-live_start_index', '0', '-i', windowUrl, '-t', '16'];
    const report = await ffmpegText([...input, '-map', '0:v', '-c', 'copy', '-f', 'framemd5', '-']);
    expect(report.split('\n').filter((line) => /^\d/.test(line)).length).toBeGreaterThan(330);
  });

  // Where nothing can be mounted, the unit test with a small disk of its own making has to do.
  it.runIf(canMount)(
    'keeps what it has when the disk is full, says so once, and the stream goes on',
    async () => {
      const link = String((await live.waitFor(({ event }) => event === 'ready')).watch);
      await live.waitFor(({ event }) => event === 'live');
      const keeper = await startKeeper(link, [...ON_SMALL_DISK, folder]);
      const soon = { timeout: 90_000, interval: 250 };
      await expect.poll(() => keeper.stderr(), soon).toMatch(/The disk of the live window is full/);
      const full = segmentsOf(await windowOf(keeper)).length;
      await expect
        .poll(async () => segmentsOf(await windowOf(keeper)).length, soon)
        .toBeGreaterThan(full + 3);
      expect(keeper.stderr().match(/is full/g)).toHaveLength(1);
      const [oldest = ''] = segmentsOf(await windowOf(keeper));
      const reply = await fetch(keeper.url.replace('index.m3u8', `1/${oldest}`));
      expect([reply.status, (await reply.arrayBuffer()).byteLength > 1_000]).toEqual([200, true]);
    },
  );
});
