/** `freshet relay` and `freshet doctor` as processes: settings, exit codes, health, log, the way to stop. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { watchLink } from '@freshet/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FreshetProcess } from '../freshet-process.js';

const COMMAND = fileURLToPath(new URL('../../scripts/freshet.mjs', import.meta.url));
/** Nobody listens there. */
const LINK = watchLink('http://127.0.0.1:9', new Uint8Array(32).fill(7));

describe('the relay command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'freshet-relay-command-'));
  const taken: Server = createServer();
  let takenPort = 0;

  const freshet = (...args: readonly string[]) =>
    spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8', timeout: 60_000 });
  const settingsFile = (text: string): string => {
    const path = join(folder, 'relay.yaml');
    writeFileSync(path, text);
    return path;
  };

  beforeAll(async () => {
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    takenPort = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterAll(() => {
    taken.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs from a settings file, says once where it is, and ends with 0 on SIGTERM', async () => {
    const config = settingsFile(`parents:\n  - ${LINK}\nhost: 127.0.0.1\nport: 0\nlog-format: json\n`);
    const relay = new FreshetProcess(['relay', '--config', config, '--json']);
    const ready = await relay.waitFor(({ event }) => event === 'ready');
    const origin = `http://127.0.0.1:${String(ready.port)}`;
    expect(ready).toMatchObject({ origin, watch: LINK.replace('http://127.0.0.1:9', origin) });
    expect(ready.channels).toHaveLength(1);
    const health = await fetch(`${origin}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'ok', problems: [] });
    await relay.waitFor(({ event }) => event === 'parent-lost');
    relay.child.kill('SIGTERM');
    expect(await relay.exitCode()).toBe(0);
    expect(relay.events.filter(({ event }) => event === 'ready')).toHaveLength(1);
    expect(relay.events.at(-1)).toEqual({ event: 'stopped' });
  });

  it('tells people what happens in its log, with a level, and flags win over the file', async () => {
    const config = settingsFile(`parents: ${LINK}\nhost: 127.0.0.1\nport: ${takenPort}\nlog-level: warn\n`);
    const relay = new FreshetProcess([
      'relay',
      '--config',
      config,
      '--port',
      '0',
      '--log-level',
      'info',
      '--log-format',
      'json',
    ]);
    await expect.poll(() => relay.stderr, { timeout: 30_000 }).toContain('The parent is lost');
    expect(await relay.stop()).toBe(0);
    const lines = relay.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.find(({ message }) => message.startsWith('The parent is lost'))).toMatchObject({
      level: 'warn',
      channel: expect.stringMatching(/^fr1/),
      time: expect.stringMatching(/^\d{4}-/),
    });
  });

  it('refuses what is wrong with one sentence that names the line, and exit code 2', () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      [
        `parents: ${LINK}\nprot: 80\n`,
        /^freshet: relay\.yaml:2: There is no setting "prot"\. Did you mean "port"\?\n$/,
      ],
      [`parents: ${LINK}\ntls-cert: a.pem\n`, /^freshet: relay\.yaml:2: "tls-cert" needs "tls-key"/],
      ['host: 127.0.0.1\nport: 0\n', /nothing to pass on/],
    ];
    for (const [text, words] of wrong) {
      const { status, stderr } = freshet('relay', '--config', settingsFile(text));
      expect(stderr).toMatch(words);
      expect(status).toBe(2);
    }
  });

  it('reports a taken port and a certificate that cannot be served, with exit code 1', () => {
    const port = freshet('relay', '--parent', LINK, '--host', '127.0.0.1', '--port', String(takenPort));
    expect(port).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^freshet: Port \d+ is already in use.*--port\.\n$/),
    });
    const files = ['--tls-cert', join(folder, 'no.pem'), '--tls-key', join(folder, 'no.key')];
    const tls = freshet('relay', '--parent', LINK, '--host', '127.0.0.1', '--port', '0', ...files);
    expect(tls).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^freshet: The certificate file .*no\.pem cannot be read/),
    });
  });

  it('lists every setting in its help', () => {
    const { stdout } = freshet('relay', '--help');
    for (const flag of [
      '--config',
      '--parent',
      '--tls-cert',
      '--trust-proxy',
      '--viewers-max',
      '--log-level',
    ])
      expect(stdout).toContain(flag);
  });
});

describe('the doctor command', () => {
  it('looks at everything, and says of each what it is and what to do', () => {
    const args = ['doctor', '--json', '--host', '127.0.0.1', '--port', '0', '--parent', LINK];
    const { stdout, status } = spawnSync(process.execPath, [COMMAND, ...args], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    const { isWell, findings } = JSON.parse(stdout);
    const names = findings.map(({ name }: { name: string }) => name);
    for (const name of [
      'node',
      'engine',
      'port',
      'udp',
      'outside',
      'clock',
      'parent',
      'files',
      'memory',
      'ffmpeg',
    ])
      expect(names).toContain(name);
    for (const finding of findings) {
      expect(finding.what).toMatch(/\.$/);
      if (finding.status !== 'ok') expect(finding.todo).toMatch(/\S/);
    }
    // The only parent does not answer.
    expect(findings.find(({ name }: { name: string }) => name === 'parent').status).toBe('fail');
    expect({ isWell, status }).toEqual({ isWell: false, status: 1 });
  });

  it('knows a running relay on its port from another program', async () => {
    const relay = new FreshetProcess([
      'relay',
      '--parent',
      LINK,
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--json',
    ]);
    const { port } = await relay.waitFor(({ event }) => event === 'ready');
    const args = [
      'doctor',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--parent',
      `${LINK.replace(':9/', `:${port}/`)}`,
    ];
    const run = spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8', timeout: 60_000 });
    expect(run.stdout).toMatch(/^ok {4}port +TCP port \d+ is served by a relay that is running\.$/m);
    expect(run.stdout).toMatch(/^ok {4}parent +http:\/\/127\.0\.0\.1:\d+ answers\.$/m);
    expect(run.stdout).toMatch(/^(?:ok|warn) +clock /m);
    expect(await relay.stop()).toBe(0);
  });

  it('says what is wrong with the settings, and nothing else', () => {
    const run = spawnSync(process.execPath, [COMMAND, 'doctor', '--port', 'x'], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(run.stdout).toMatch(/^fail {2}settings +--port takes a number/);
    expect(run.status).toBe(1);
  });
});
