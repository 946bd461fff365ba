import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { encodeAddress } from '@freshet/proto';
import { createKeyPair } from '@freshet/relay-node';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { dialWs } from '../../viewer/src/app/ws-dial.js';
import { describeIfReal } from '../require-real.js';
import {
  bundleWatch,
  FRAME_RATE,
  LiveChannel,
  packetTimes,
  probe,
  seekTo,
  WatchRun,
} from './watch-app-rig.js';

const folder = mkdtempSync(join(tmpdir(), 'freshet-watch-'));
const bundle = join(folder, 'watch.cjs');
const inFolder = (name: string): string => join(folder, name);
const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);
const WAIT = { timeout: 30_000, interval: 50 };
const watch = (
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; stdout?: number } = {},
): WatchRun => {
  const run = new WatchRun(bundle, args, options);
  onTestFinished(() => {
    run.child.kill('SIGKILL');
  });
  return run;
};

/** Until the run has said that it has had this much media. */
const watched = (run: WatchRun, ms: number): Promise<void> =>
  vi.waitFor(() => {
    const stats = run.events.findLast(({ event }) => event === 'stats');
    expect(Number(stats?.watchedMs ?? 0)).toBeGreaterThan(ms);
  }, WAIT);

const framesOf = (streams: Awaited<ReturnType<typeof probe>>['streams'], kind: string): number =>
  Number(streams.find(({ codec_type }) => codec_type === kind)?.nb_read_frames ?? 0);

/** The longest time between two neighbours, in seconds. */
const longestStep = (times: readonly number[]): number =>
  Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));

/** A folder to put first on the PATH, with a program called `name` that is the shell script `body`. */
const programFolder = (name: string, body: string): string => {
  const bin = mkdtempSync(join(folder, 'bin-'));
  writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(bin, name), 0o755);
  return bin;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Runs a pipeline without blocking this process, which is the broadcaster. */
const runShell = (command: string): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  promisify(execFile)('sh', ['-c', command], { timeout: 60_000 });

describeIfReal('freshet watch', ['ffmpeg'], () => {
  let channel: LiveChannel;

  beforeAll(async () => {
    await bundleWatch(bundle);
    channel = await LiveChannel.start();
    await channel.goLive();
  });

  afterAll(async () => {
    await channel.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a recording that the user stops is a seekable MP4 with every frame', async () => {
    const file = inFolder('stopped.mp4');
    const run = watch([channel.link, '--out', file, '--json']).readStdout();
    await watched(run, 4000);
    run.child.kill('SIGINT');
    expect(await run.exit()).toEqual({ code: 0, signal: null });
    const recorded = run.events.find(({ event }) => event === 'recorded');
    expect(recorded).toMatchObject({ file, bytes: sizeOf(file) });
    const { durationMs, streams, errors } = await probe(file);
    expect(errors).toBe('');
    expect(streams).toHaveLength(2);
    expect(Math.abs(durationMs - Number(recorded?.durationMs))).toBeLessThan(60);
    expect(Math.abs(framesOf(streams, 'video') - (durationMs / 1000) * FRAME_RATE)).toBeLessThanOrEqual(2);
    expect(Math.abs(framesOf(streams, 'audio') - (durationMs / 1000) * (48_000 / 1024))).toBeLessThanOrEqual(
      4,
    );
    for (const { start_time } of streams) expect(Number(start_time)).toBeLessThan(0.05);
    const { hasPicture, tookMs } = await seekTo(file, durationMs / 2000);
    expect(hasPicture).toBe(true);
    expect(tookMs).toBeLessThan(5000);
  });

  test('a recording whose process is killed still plays', async () => {
    const file = inFolder('killed.mp4');
    const run = watch([channel.link, '--out', file, '--json']).readStdout();
    await watched(run, 2000);
    run.child.kill('SIGKILL');
    await run.exit();
    const { streams } = await probe(file);
    expect(framesOf(streams, 'video')).toBeGreaterThan(FRAME_RATE * 1.9);
    expect(framesOf(streams, 'audio')).toBeGreaterThan(60);
  });

  test('SIGTERM ends a recording in good order, and --duration ends it by itself', async () => {
    const file = inFolder('terminated.mp4');
    const run = watch([channel.link, '--out', file, '--json']).readStdout();
    await watched(run, 1000);
    run.child.kill('SIGTERM');
    expect(await run.exit()).toEqual({ code: 0, signal: null });
    expect((await probe(file)).errors).toBe('');

    const limited = inFolder('limited.mp4');
    expect(await watch([channel.link, '--out', limited, '--duration', '2']).exit()).toEqual({
      code: 0,
      signal: null,
    });
    const { durationMs } = await probe(limited);
    expect(durationMs).toBeGreaterThan(1950);
    expect(durationMs).toBeLessThan(2400);
  });

  test('"-" streams MP4 that another program reads from its standard input', async () => {
    const command = `"${process.execPath}" "${bundle}" watch "${channel.link}" - --duration 2 --json | ffprobe -v error -count_frames -show_entries stream=codec_type,nb_read_frames -of csv=p=0 -`;
    const { stdout, stderr } = await runShell(command);
    expect(stdout).toMatch(/^video,(5\d|6\d)\naudio,\d+\n$/);
    const messages = stderr.split('\n').filter((line) => line !== '');
    expect(messages.map((line) => JSON.parse(line).event)).toContain('status');
  });

  test('a reader of standard output that goes away ends watching well', async () => {
    const command = `("${process.execPath}" "${bundle}" watch "${channel.link}" -; echo "code $?" >&2) | head -c 20000 | wc -c`;
    const { stdout, stderr } = await runShell(command);
    expect(stdout.trim()).toBe('20000');
    expect(stderr).toContain('code 0');
  });

  test('standard output may be a file', async () => {
    const file = inFolder('redirected.mp4');
    const stdout = openSync(file, 'w');
    expect(await watch([channel.link, '--out', '-', '--duration', '1'], { stdout }).exit()).toMatchObject({
      code: 0,
    });
    closeSync(stdout);
    expect(framesOf((await probe(file)).streams, 'video')).toBeGreaterThanOrEqual(29);
  });

  test('a player gets a playable stream, and none is left when the user stops', async () => {
    const played = inFolder('played.mp4');
    const pidFile = inFolder('player.pid');
    const bin = programFolder('mpv', `echo $$ > "${pidFile}"; exec cat > "${played}"`);
    const run = watch([channel.link, '--json'], {
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    }).readStdout();
    await watched(run, 2000);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(isAlive(pid)).toBe(true);
    run.child.kill('SIGINT');
    expect(await run.exit()).toEqual({ code: 0, signal: null });
    expect(isAlive(pid)).toBe(false);
    expect(framesOf((await probe(played)).streams, 'video')).toBeGreaterThan(FRAME_RATE);
  });

  test('a player that reads nothing, not even the end of its input, is ended all the same', async () => {
    const pidFile = inFolder('deaf.pid');
    const bin = programFolder('mpv', `trap '' TERM; echo $$ > "${pidFile}"; exec sleep 60`);
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    const run = watch([channel.link, '--json'], { env }).readStdout();
    await watched(run, 500);
    const startMs = performance.now();
    run.child.kill('SIGINT');
    expect(await run.exit()).toEqual({ code: 0, signal: null });
    expect(performance.now() - startMs).toBeLessThan(15_000);
    expect(isAlive(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  });

  test('a killed process leaves no player behind', async () => {
    const pidFile = inFolder('orphan.pid');
    const bin = programFolder('mpv', `echo $$ > "${pidFile}"; exec cat > /dev/null`);
    const run = watch([channel.link, '--json'], {
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    }).readStdout();
    await watched(run, 500);
    run.child.kill('SIGKILL');
    await run.exit();
    await vi.waitFor(() => expect(isAlive(Number(readFileSync(pidFile, 'utf8')))).toBe(false), WAIT);
  });

  test('a second Ctrl-C ends the process at once, whatever the player does', async () => {
    const pidFile = inFolder('stubborn.pid');
    const bin = programFolder('mpv', `trap '' TERM INT; echo $$ > "${pidFile}"; exec sleep 60`);
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    const run = watch([channel.link, '--json'], { env }).readStdout();
    await watched(run, 500);
    run.child.kill('SIGINT');
    await vi.waitFor(
      () => expect(run.events.some(({ message }) => message === 'Stopping.')).toBe(true),
      WAIT,
    );
    run.child.kill('SIGINT');
    expect(await run.exit()).toEqual({ code: null, signal: 'SIGINT' });
    await vi.waitFor(() => expect(isAlive(Number(readFileSync(pidFile, 'utf8')))).toBe(false), WAIT);
  });

  test('a player that the user closes ends watching well; one that fails is reported', async () => {
    const closed = programFolder('mpv', 'head -c 30000 > /dev/null');
    const env = (bin: string): NodeJS.ProcessEnv => ({ ...process.env, PATH: `${bin}:${process.env.PATH}` });
    expect(await watch([channel.link], { env: env(closed) }).exit()).toEqual({ code: 0, signal: null });

    const failing = programFolder('mpv', 'echo "no display" >&2; exit 2');
    const run = watch([channel.link], { env: env(failing) });
    expect((await run.exit()).code).toBe(1);
    expect(run.stderr).toContain('mpv stopped with code 2 (no display)');
  });

  test('a player that does not read gets the live picture again when it does', async () => {
    const played = inFolder('paused.mp4');
    const bin = programFolder('mpv', `sleep 8; exec cat > "${played}"`);
    const run = watch([channel.link, '--json', '--duration', '11'], {
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    });
    expect((await run.readStdout().exit()).code).toBe(0);
    const times = await packetTimes(played, 'v');
    expect(times.length).toBeGreaterThan(FRAME_RATE * 3);
    expect(times.length).toBeLessThan(FRAME_RATE * 9);
    expect(longestStep(times)).toBeLessThan(0.5);
  });

  test.skipIf(spawnSync('ffplay', ['-version']).error !== undefined)('ffplay plays it', async () => {
    const env = { ...process.env, SDL_VIDEODRIVER: 'dummy', SDL_AUDIODRIVER: 'dummy' };
    const run = watch([channel.link, '--player', 'ffplay', '--duration', '3'], { env });
    const exit = await run.exit();
    expect(run.stderr).not.toContain('stopped with');
    expect(exit).toEqual({ code: 0, signal: null });
  });

  test('a full disk ends the recording with one sentence, and the player goes on', async () => {
    const played = inFolder('beside.mp4');
    const bin = programFolder('mpv', `exec cat > "${played}"`);
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    const args = [channel.link, '--out', '/dev/full', '--force', '--player', 'mpv', '--duration', '2'];
    const run = watch(args, { env });
    expect((await run.exit()).code).toBe(1);
    expect(run.stderr).toContain('The disk is full');
    expect(framesOf((await probe(played)).streams, 'video')).toBeGreaterThan(FRAME_RATE);
  });

  test('what fits on a disk that becomes full stays playable', async ({ skip }) => {
    const mount = inFolder('small');
    mkdirSync(mount);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', mount]);
    if (mounted.status !== 0) skip('a small disk cannot be mounted here');
    onTestFinished(() => {
      execFileSync('umount', [mount]);
    });
    const file = join(mount, 'out.mp4');
    const run = watch([channel.link, '--out', file, '--json']).readStdout();
    expect((await run.exit()).code).toBe(1);
    expect(run.events.find(({ event }) => event === 'error')).toMatchObject({ kind: 'disk-full' });
    const recorded = run.events.find(({ event }) => event === 'recorded');
    const { streams, errors } = await probe(file);
    expect(errors).toBe('');
    expect(
      Math.abs(framesOf(streams, 'video') - (Number(recorded?.durationMs) / 1000) * FRAME_RATE),
    ).toBeLessThan(3);
  });

  test('a file that exists is not touched without --force', async () => {
    const file = inFolder('precious.mp4');
    writeFileSync(file, 'precious');
    const run = watch([channel.link, '--out', file]);
    expect((await run.exit()).code).toBe(2);
    expect(run.stderr).toContain('--force');
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect(await watch([channel.link, '--out', file, '--force', '--duration', '1']).exit()).toMatchObject({
      code: 0,
    });
    expect((await probe(file)).errors).toBe('');
  });

  test('a channel that the relay does not carry ends at once with a sentence', async () => {
    const other = encodeAddress(createKeyPair().publicKey);
    const run = watch([other, '--relay', channel.origin, '--out', inFolder('none.mp4')]);
    expect((await run.exit()).code).toBe(1);
    expect(run.stderr).toContain('carries this channel');
    expect(existsSync(inFolder('none.mp4'))).toBe(false);
  });

  test('a relay that cannot be reached ends watching after --timeout', async () => {
    const run = watch([
      channel.address,
      '--relay',
      'http://127.0.0.1:9',
      '--out',
      inFolder('none.mp4'),
      '--timeout',
      '1',
    ]);
    expect((await run.exit()).code).toBe(1);
    expect(run.stderr).toContain('could be reached for 1 s');
  });
});

describeIfReal('freshet watch, over several runs of a broadcast', ['ffmpeg'], () => {
  const startChannel = async (): Promise<LiveChannel> => {
    const channel = await LiveChannel.start();
    onTestFinished(() => channel.close());
    return channel;
  };

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    await bundleWatch(bundle);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('a broadcast that comes back goes on in the same file, and its end finishes it', async () => {
    const channel = await startChannel();
    await channel.goLive();
    const file = inFolder('runs.mp4');
    const run = watch([channel.link, '--out', file, '--json']).readStdout();
    await watched(run, 1500);
    await channel.leave('waiting');
    await vi.waitFor(() => expect(run.events.some(({ status }) => status === 'waiting')).toBe(true), WAIT);
    await channel.goLive();
    await watched(run, 4000);
    await channel.leave('ended');
    expect(await run.exit()).toEqual({ code: 0, signal: null });
    const { durationMs, streams, errors } = await probe(file);
    expect(errors).toBe('');
    expect(Math.abs(framesOf(streams, 'video') - (durationMs / 1000) * FRAME_RATE)).toBeLessThan(6);
    for (const kind of ['v', 'a'] as const)
      expect(longestStep(await packetTimes(file, kind))).toBeLessThan(0.15);
    expect(run.events.filter(({ event }) => event === 'recorded')).toHaveLength(1);
  });

  test('a broadcast that comes back in another format goes on in the next file', async () => {
    const channel = await startChannel();
    await channel.goLive();
    const file = inFolder('formats.mp4');
    const run = watch([channel.link, '--out', file, '--json']).readStdout();
    await watched(run, 1000);
    await channel.goLive({ width: 640 });
    await watched(run, 3500);
    run.child.kill('SIGINT');
    expect((await run.exit()).code).toBe(0);
    const files = run.events.filter(({ event }) => event === 'recorded').map((event) => event.file);
    expect(files).toEqual([file, inFolder('formats-2.mp4')]);
    for (const recorded of files) expect((await probe(String(recorded))).errors).toBe('');
  });

  test('reordered frames keep their times', async () => {
    const channel = await startChannel();
    await channel.goLive({ hasBFrames: true });
    const file = inFolder('reordered.mp4');
    expect(await watch([channel.link, '--out', file, '--duration', '3']).exit()).toMatchObject({ code: 0 });
    const { streams, errors } = await probe(file);
    expect(errors).toBe('');
    for (const { start_time } of streams) expect(Math.abs(Number(start_time))).toBeLessThan(0.08);
    expect(longestStep(await packetTimes(file, 'v'))).toBeLessThan(0.04);
  });
});

describe('dialWs', () => {
  /** A server that does `greet` to every connection, and what a viewer's link to it told its owner. */
  const dialTo = async (greet: (socket: WebSocket) => void): Promise<readonly string[]> => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    onTestFinished(() => {
      for (const client of server.clients) client.terminate();
      server.close();
    });
    server.on('connection', (socket) => greet(socket));
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return toldBy(`ws://127.0.0.1:${port}/channel/x`);
  };

  const toldBy = async (url: string): Promise<readonly string[]> => {
    const told: string[] = [];
    await new Promise<void>((resolve) => {
      dialWs(url, {
        onOpen: () => told.push('open'),
        onMessage: (bytes) => told.push(`message ${bytes.length}`),
        onClose: (code) => {
          told.push(`close ${code}`);
          // A second close would come with the socket's own, in a later turn.
          setTimeout(resolve, 200);
        },
      });
    });
    return told;
  };

  test('messages come as bytes, and the end once, with its code', async () => {
    const told = await dialTo((socket) => {
      socket.send(new Uint8Array(64 * 1024));
      socket.close(4404, 'unknown');
    });
    expect(told).toEqual(['open', 'message 65536', 'close 4404']);
  });

  test('a message that is too long ends the link', async () => {
    expect(await dialTo((socket) => socket.send(new Uint8Array(70 * 1024)))).toEqual(['open', 'close 1009']);
  });

  test('a text message ends the link', async () => {
    expect(await dialTo((socket) => socket.send('hello'))).toEqual(['open', 'close 4400']);
  });

  test('an address where nothing answers, or that is none, is an end like any other', async () => {
    expect(await toldBy('ws://127.0.0.1:9/')).toEqual(['close 1006']);
    expect(await toldBy('not an address')).toEqual(['close 1006']);
  });

  test('nothing is told after the owner closed the link, opened or not', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    onTestFinished(() => {
      server.close();
    });
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const told: string[] = [];
    const handlers = {
      onOpen: () => told.push('open'),
      onMessage: () => told.push('message'),
      onClose: () => told.push('close'),
    };
    dialWs(`ws://127.0.0.1:${port}/`, handlers).close(4000, 'done');
    dialWs('not an address', handlers).close(4000, 'done');
    const [socket] = await Promise.all([
      once(server, 'connection').then(([accepted]) => accepted),
      new Promise<void>((resolve) => {
        const link = dialWs(`ws://127.0.0.1:${port}/`, {
          ...handlers,
          onOpen: () => {
            link.close(4000, 'done');
            resolve();
          },
        });
      }),
    ]);
    const [code] = await once(socket, 'close');
    expect(code).toBe(4000);
    expect(told).toEqual([]);
  });
});
