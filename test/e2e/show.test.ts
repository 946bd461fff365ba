/** The show, end to end: control room, recording, poster over a relay, keys; the real command and real ffmpeg. */

import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findProgram } from '../../scripts/testing/real-programs.js';
import { FreshetProcess } from '../freshet-process.js';
import { describeIfReal } from '../require-real.js';

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL('../../scripts/freshet.mjs', import.meta.url));
const FFPROBE = (findProgram('ffmpeg') ?? 'ffmpeg').replace(/ffmpeg(?=[^/]*$)/, 'ffprobe');

type Probed = {
  readonly format: { readonly duration: string };
  readonly chapters: readonly { readonly tags: { readonly title: string } }[];
};

describeIfReal('the show', ['ffmpeg'], () => {
  let folder: string;
  const running: FreshetProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'freshet-show-'));
  });
  afterEach(async () => {
    for (const process of running.splice(0)) await process.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (...args: string[]): FreshetProcess => {
    const process = new FreshetProcess([...args, '--json']);
    running.push(process);
    return process;
  };
  const live = async (...args: string[]) => {
    const place = ['--port', '0', '--control-port', '0', '--host', '127.0.0.1', '--size', '320x180'];
    const process = start('live', ...place, ...args);
    const { control, watch, address } = await process.waitFor(({ event }) => event === 'ready');
    const ask = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
      const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      return (await fetch(`${String(control)}${path}`, init)).json();
    };
    return {
      process,
      ask,
      origin: new URL(String(watch)).origin,
      address: String(address),
      control: String(control),
    };
  };
  const recordings = (): string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.mp4'))
      .map((name) => join(folder, name))
      .sort();
  const probe = (file: string): Probed => {
    const args = ['-v', 'error', '-show_chapters', '-show_entries', 'format=duration', '-of', 'json', file];
    return JSON.parse(execFileSync(FFPROBE, args).toString());
  };
  const catalogAt = async (origin: string, address: string): Promise<Record<string, unknown>> =>
    (await fetch(`${origin}/catalog/${address}`)).json();

  it('is paused, renamed, ended and begun again without another link, and recorded with its chapters', async () => {
    const { process, ask, origin, address } = await live(
      '--record',
      folder,
      '--title',
      'First',
      '--description',
      'About',
    );
    const catalog = () => catalogAt(origin, address);
    await process.waitFor(({ event }) => event === 'live');
    await expect
      .poll(async () => (await ask('/api/show')).mediaMs, { timeout: 20_000 })
      .toBeGreaterThan(1_000);
    await ask('/api/markers', { title: 'A song' });
    await ask('/api/show', { action: 'pause', title: 'Second', reason: 'Back at nine.' });
    expect(await catalog()).toMatchObject({
      state: 'waiting',
      title: 'Second',
      description: 'About',
      reason: 'Back at nine.',
    });
    await ask('/api/show', { action: 'resume' });
    await expect.poll(async () => (await catalog()).state, { timeout: 20_000 }).toBe('live');
    await ask('/api/show', { action: 'end' });
    expect(await catalog()).toMatchObject({ state: 'ended' });
    await expect.poll(() => readdirSync(folder).some((name) => name.endsWith('.recording'))).toBe(false);
    await ask('/api/show', { action: 'resume' });
    await expect.poll(async () => (await catalog()).state, { timeout: 20_000 }).toBe('live');
    await expect.poll(() => recordings().length, { timeout: 20_000 }).toBe(2);
    expect(await process.stop()).toBe(0);
    const [first = '', second = ''] = recordings();
    expect(probe(first).chapters.map(({ tags }) => tags.title)).toEqual(['Start', 'A song']);
    for (const file of [first, second]) expect(Number(probe(file).format.duration)).toBeGreaterThan(0);
  }, 90_000);

  it('leaves a recording that plays when it is killed, and the next start completes it', async () => {
    const { process, ask } = await live('--record', folder);
    await expect
      .poll(async () => JSON.stringify((await ask('/api/show')).recording), { timeout: 20_000 })
      .toMatch(/"durationMs":[2-9]\d{3}/);
    process.child.kill('SIGKILL');
    await once(process.child, 'exit');
    const [file = ''] = recordings();
    const decoded = await run(FFPROBE, [
      '-v',
      'error',
      '-count_frames',
      '-show_entries',
      'stream=nb_read_frames',
      file,
    ]);
    expect(Number(/nb_read_frames=(\d+)/.exec(decoded.stdout)?.[1])).toBeGreaterThan(30);
    expect(decoded.stderr).toBe('');
    const bytes = statSync(file).size;
    const { process: next } = await live('--record', folder);
    await next.waitFor(({ event, line }) => event === 'note' && String(line).includes('is complete now'));
    expect(statSync(file).size).toBeGreaterThan(bytes);
    expect(readFileSync(file).toString('latin1', 0, 48)).toContain('mdat');
    expect(Number(probe(file).format.duration)).toBeGreaterThan(1.5);
  }, 90_000);

  it('has a poster, which relays below it serve as well, and a page that may be framed', async () => {
    const { origin, address, ask } = await live();
    const link = `${origin}/watch/${address}`;
    const relay = start('relay', '--parent', link, '--port', '0', '--host', '127.0.0.1');
    const { port } = await relay.waitFor(({ event }) => event === 'ready');
    const below = `http://127.0.0.1:${String(port)}`;
    const pictureAt = async (at: string): Promise<string> => {
      const reply = await fetch(`${at}/poster/${address}.jpg`);
      const isJpeg = reply.headers.get('content-type') === 'image/jpeg';
      return isJpeg ? Buffer.from(await reply.arrayBuffer()).toString('base64') : '';
    };
    await expect.poll(() => pictureAt(below), { timeout: 30_000 }).not.toBe('');
    expect(await pictureAt(below)).toBe(await pictureAt(origin));
    expect(await ask('/api/share')).toMatchObject({
      watch: `${origin}/watch/${address}`,
      qr: expect.stringContaining('<svg'),
    });
    const page = await fetch(`${below}/watch/${address}`);
    expect(page.headers.get('content-security-policy')).toContain('frame-ancestors *');
  }, 60_000);

  it('waits for its start with a countdown, and begins earlier when told to', async () => {
    const { ask, origin, address } = await live(
      '--starts-at',
      new Date(Date.now() + 3_600_000).toISOString(),
    );
    const startsMs = Number((await catalogAt(origin, address)).startsMs);
    expect(Math.abs(startsMs - Date.now() - 3_600_000)).toBeLessThan(60_000);
    await ask('/api/show', { action: 'resume' });
    await expect.poll(async () => (await catalogAt(origin, address)).state, { timeout: 20_000 }).toBe('live');
    expect((await catalogAt(origin, address)).startsMs).toBeUndefined();
  }, 60_000);

  it('tells a person what is wrong with a request in a sentence', async () => {
    const { control } = await live();
    const post = (path: string, body: string) => fetch(`${control}${path}`, { method: 'POST', body });
    for (const [path, body, words] of [
      ['/api/show', '{"action":"stop"}', 'An action is'],
      ['/api/show', 'not json', 'no JSON object'],
      ['/api/show', '{"title":""}', 'at least one character'],
      ['/api/poster', 'not a picture', 'JPEG, PNG or WebP'],
    ] as const) {
      const reply = await post(path, body);
      expect([reply.status, await reply.text()]).toEqual([400, expect.stringContaining(words)]);
    }
  }, 60_000);

  const keys = async (
    args: readonly string[],
    input = '',
  ): Promise<{ code: number | null; out: string; err: string }> => {
    const child = spawn(process.execPath, [COMMAND, 'keys', ...args], { stdio: 'pipe' });
    const [out, err] = [child.stdout, child.stderr].map((stream) => {
      const parts: string[] = [];
      stream.on('data', (bytes: Buffer) => parts.push(bytes.toString()));
      return parts;
    });
    child.stdin.end(input);
    await once(child, 'close');
    return { code: child.exitCode, out: out?.join('') ?? '', err: err?.join('') ?? '' };
  };

  it('has a key that comes back from its words, and session keys that go live without it', async () => {
    const [key, copy, session] = ['channel.key', 'copy.key', 'session.key'].map((name) => join(folder, name));
    if (!key || !copy || !session) throw new Error('three files');
    await keys(['new', '--key', key]);
    const words = (await keys(['backup', '--key', key])).out;
    expect((await keys(['restore', '--key', copy], words)).code).toBe(0);
    expect(readFileSync(copy, 'utf8')).toBe(readFileSync(key, 'utf8'));
    const again = await keys(['restore', '--key', copy], words);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('holds a key already')]);
    const wrong = await keys(['restore', '--key', join(folder, 'x.key')], words.replace(/[a-z]+/, 'freshet'));
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('Word 1, "freshet"')]);
    expect(existsSync(join(folder, 'x.key'))).toBe(false);
    expect((await keys(['session', '--key', key, '--out', session, '--days', '1'])).out).toContain(
      'valid    until',
    );
    expect((await keys(['backup', '--key', session])).err).toContain('session key');
    rmSync(key);
    const { address, control } = await live('--key', session);
    expect(JSON.parse(readFileSync(copy, 'utf8'))).toMatchObject({ address });
    const reply = await fetch(`${control}/api/keys/words`, { method: 'POST' });
    expect([reply.status, reply.headers.get('cache-control')]).toEqual([409, 'no-store']);
  }, 60_000);
});
