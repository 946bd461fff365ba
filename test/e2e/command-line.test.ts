/** What the command says when something is wrong: one sentence with a way out, a non-zero exit, never a stack. */

import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FreshetProcess } from '../freshet-process.js';
import { describeIfReal } from '../require-real.js';

const COMMAND = fileURLToPath(new URL('../../scripts/freshet.mjs', import.meta.url));

describeIfReal('the freshet command', ['ffmpeg'], () => {
  let folder: string;
  let taken: Server;
  let takenPort: number;

  const freshet = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const home = { XDG_CONFIG_HOME: join(folder, 'config') };
    const options = { env: { ...process.env, ...home, ...env }, encoding: 'utf8', timeout: 60_000 } as const;
    return spawnSync(process.execPath, [COMMAND, ...args], options);
  };

  /** One sentence on standard error that says `words`, a failing exit, no stack trace. */
  const expectRefusal = (args: readonly string[], words: RegExp, env: NodeJS.ProcessEnv = {}): void => {
    const { status, stderr } = freshet(args, env);
    expect({ args, stderr }).toMatchObject({ stderr: expect.stringMatching(words) });
    expect([1, 2]).toContain(status);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'freshet-cli-'));
    writeFileSync(join(folder, 'empty.mp4'), '');
    writeFileSync(join(folder, 'words.txt'), 'this is no film, only words '.repeat(400));
    const tone = '-loglevel error -f lavfi -i sine=d=2 -c:a aac'.split(' ');
    execFileSync('ffmpeg', [...tone, join(folder, 'tone.m4a')]);
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    takenPort = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterAll(() => {
    taken.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lists what there is, and explains every command', () => {
    expect(freshet(['--help']).stdout).toMatch(/live[\s\S]*watch[\s\S]*relay[\s\S]*keys/);
    for (const command of ['live', 'watch', 'relay', 'keys']) {
      const { status, stdout } = freshet([command, '--help']);
      expect(status).toBe(0);
      expect(stdout).toMatch(/Usage/);
    }
  });

  it('refuses a source that cannot be played, each for its own reason', () => {
    const local = ['--host', '127.0.0.1', '--port', '0'];
    expectRefusal(['live', join(folder, 'nowhere.mp4'), ...local], /no file|not exist|not found/i);
    expectRefusal(['live', folder, ...local], /folder|directory/i);
    expectRefusal(['live', join(folder, 'empty.mp4'), ...local], /empty/i);
    expectRefusal(['live', join(folder, 'words.txt'), ...local], /not a video/i);
    expectRefusal(['live', join(folder, 'tone.m4a'), ...local], /no video/i);
  });

  it('reports a taken port', () => {
    const port = String(takenPort);
    expectRefusal(['live', '--host', '127.0.0.1', '--port', port], /Port \d+ is already in use.*--port/);
    const rtmp = ['live', '--rtmp', port, '--host', '127.0.0.1', '--port', '0'];
    expectRefusal(rtmp, /\d+.*(in use|taken)/i);
  });

  it('says how to get an ffmpeg when there is none', () => {
    expectRefusal(['live'], /FFMPEG_PATH/, { FFMPEG_PATH: join(folder, 'words.txt') });
  });

  it('goes live with the ffmpeg from npm when there is no other, and says what that one cannot do', async () => {
    const env = { PATH: join(folder, 'nothing-here'), FFMPEG_PATH: '' };
    const live = new FreshetProcess(['live', '--host', '127.0.0.1', '--port', '0', '--json'], env);
    await live.waitFor(({ event }) => event === 'live');
    expect(await live.stop()).toBe(0);
    expectRefusal(['live', '--srt', '--host', '127.0.0.1', '--port', '0'], /SRT/, env);
  });

  it('stays on air when nobody reads what it prints', async () => {
    const live = new FreshetProcess(['live', '--host', '127.0.0.1', '--port', '0', '--json']);
    const { watch } = await live.waitFor(({ event }) => event === 'live' || event === 'ready');
    live.child.stdout?.destroy();
    const health = new URL('/health', String(watch));
    await expect
      .poll(async () => JSON.stringify(await (await fetch(health)).json()), { timeout: 10_000 })
      .toMatch(/"state":"live"/);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await fetch(health)).status).toBe(200);
    expect(live.stderr).toBe('');
    expect(await live.stop()).toBe(0);
  });

  it('ends with its last word when Ctrl-C reaches ffmpeg as well', async () => {
    const live = new FreshetProcess(['live', '--host', '127.0.0.1', '--port', '0', '--json']);
    await live.waitFor(({ event }) => event === 'live');
    expect(await live.interruptGroup()).toBe(0);
    expect(live.events.at(-1)).toEqual({ event: 'ended', reason: 'stopped' });
    expect(live.events.filter(({ event }) => event === 'live')).toHaveLength(1);
  });

  it('keeps keys readable by their owner only, and never overwrites one', () => {
    const key = join(folder, 'keys', 'a.key');
    expect(freshet(['keys', 'new', '--key', key]).status).toBe(0);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const before = readFileSync(key, 'utf8');
    expectRefusal(['keys', 'new', '--key', key], /holds a key already/);
    expect(readFileSync(key, 'utf8')).toBe(before);
    chmodSync(key, 0o644);
    expect(freshet(['keys', 'show', '--key', key]).stdout).not.toContain(JSON.parse(before).secret);
    expect(statSync(key).mode & 0o777).toBe(0o600);
  });

  it('certifies a session key that can go live without the channel key', async () => {
    const key = join(folder, 'certify', 'channel.key');
    const session = join(folder, 'certify', 'session.key');
    freshet(['keys', 'new', '--key', key]);
    expect(freshet(['keys', 'certify', '--key', key, '--out', session, '--days', '1']).status).toBe(0);
    const { address } = JSON.parse(readFileSync(key, 'utf8'));
    rmSync(key);
    const live = new FreshetProcess([
      'live',
      '--key',
      session,
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--json',
    ]);
    expect((await live.waitFor(({ event }) => event === 'ready')).address).toBe(address);
    await live.waitFor(({ event }) => event === 'live');
    expect(await live.stop()).toBe(0);
    expectRefusal(['keys', 'certify', '--key', session], /only the channel key/);
  });

  it('refuses a key file that is missing, damaged or cannot be written', () => {
    const local = ['--host', '127.0.0.1', '--port', '0'];
    expectRefusal(['live', '--key', join(folder, 'no.key'), ...local], /no key at/);
    expectRefusal(['live', '--key', join(folder, 'words.txt'), ...local], /not a Freshet key/);
    mkdirSync(join(folder, 'blocked'), { recursive: true });
    symlinkSync('/proc/nowhere', join(folder, 'blocked', 'freshet'));
    expectRefusal(['live', ...local], /cannot be written/, { XDG_CONFIG_HOME: join(folder, 'blocked') });
  });

  it('refuses links with a wrong character and options out of range', () => {
    const good = JSON.parse(
      freshet(['keys', 'new', '--json', '--key', join(folder, 'l.key')]).stdout,
    ).address;
    const wrong = `${good.slice(0, 20)}${good[20] === 'q' ? 'p' : 'q'}${good.slice(21)}`;
    expectRefusal(['relay', '--parent', `http://127.0.0.1:9/watch/${wrong}`], /wrong character/);
    expectRefusal(
      ['watch', `http://127.0.0.1:9/watch/${wrong}`, '--out', join(folder, 'w.mp4')],
      /wrong character/,
    );
    const alone = ['--dht', 'off', '--mdns', 'off'];
    expectRefusal(['relay', '--parent', `freshet:${good}`, ...alone], /names no relay/);
    expectRefusal(['relay', ...alone], /nothing to pass on/);
    expectRefusal(['live', '--port', '99999'], /--port takes/);
    expectRefusal(['live', '--size', '3x3'], /--size takes/);
    expectRefusal(['live', 'a.mp4', '--rtmp'], /one source/);
    expectRefusal(['live', ''], /source is empty/);
    expectRefusal(['live', '--loop'], /--loop repeats a file/);
    expectRefusal(['live', '--public-url', 'nonsense'], /--public-url takes/);
    expectRefusal(
      ['relay', '--parent', `freshet:${good}?relay=http://a.b`, '--public-url', 'x/y'],
      /--public-url/,
    );
    expect(freshet(['live', '--nonsense']).status).toBe(2);
  });
});
