/** The systemd unit and the Containerfile, checked as far as they can be without their engines. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const UNIT = 'relay-node/deploy/freshet-relay.service';
const CONTAINERFILE = 'relay-node/deploy/Containerfile';
/** Part of systemd. */
const VERIFIER = 'systemd-analyze';
const COMMAND = `${ROOT}scripts/freshet.mjs`;

/** The unit's lines `Name=value` of one section, several of one name in their order. */
const sectionOf = (text: string, section: string): Map<string, string[]> => {
  const values = new Map<string, string[]>();
  let current = '';
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    current = /^\[(\w+)\]$/.exec(line)?.[1] ?? current;
    const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(line) ?? [];
    if (name === '' && !line.startsWith('[')) throw new Error(`no line of a unit: ${line}`);
    if (current === section && name !== '') values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
};

/** The Containerfile's instructions, continued lines joined. */
const instructionsOf = (text: string): { name: string; rest: string }[] =>
  text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
      return { name, rest };
    });

const KNOWN = [
  'FROM',
  'WORKDIR',
  'COPY',
  'RUN',
  'ENV',
  'USER',
  'EXPOSE',
  'STOPSIGNAL',
  'HEALTHCHECK',
  'ENTRYPOINT',
  'CMD',
];

describe('the systemd unit', () => {
  const text = readFileSync(ROOT + UNIT, 'utf8');
  const service = sectionOf(text, 'Service');

  it('is one that systemd takes, where there is a systemd', ({ skip }) => {
    const { error, status, stdout, stderr } = spawnSync(VERIFIER, ['verify', ROOT + UNIT], {
      encoding: 'utf8',
    });
    if (error) skip('systemd-analyze is not on this machine');
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
  });

  it('starts a command that exists with flags that exist, as a user without rights', () => {
    const [start = ''] = service.get('ExecStart') ?? [];
    const [, , script = '', command = '', flag = ''] = start.split(' ');
    expect(existsSync(ROOT + script)).toBe(true);
    const help = spawnSync(process.execPath, [COMMAND, command, '--help'], { encoding: 'utf8' });
    expect(help.stdout).toContain(flag);
    expect(service.get('User')).toEqual(['freshet']);
    expect(service.get('CapabilityBoundingSet')).toEqual(['CAP_NET_BIND_SERVICE']);
    for (const name of ['NoNewPrivileges', 'PrivateTmp', 'ProtectHome', 'RestrictNamespaces'])
      expect({ name, value: service.get(name) }).toEqual({ name, value: ['yes'] });
  });

  it('gives the drain its time, and does not start wrong settings again', () => {
    const source = readFileSync(`${ROOT}relay-node/src/settings/stop.ts`, 'utf8');
    const drainMsMax = Number(/DRAIN_MS_MAX = ([\d_]+)/.exec(source)?.[1]?.replaceAll('_', ''));
    expect(Number(service.get('TimeoutStopSec')?.[0]) * 1_000).toBeGreaterThan(drainMsMax);
    expect(service.get('RestartPreventExitStatus')).toEqual(['2']);
  });
});

describe('the Containerfile', () => {
  const instructions = instructionsOf(readFileSync(ROOT + CONTAINERFILE, 'utf8'));
  const restOf = (name: string): string[] =>
    instructions.filter((instruction) => instruction.name === name).map(({ rest }) => rest);

  it('holds instructions that engines know, and images with a full name', () => {
    expect(instructions[0]?.name).toBe('FROM');
    for (const { name } of instructions) expect(KNOWN).toContain(name);
    for (const image of restOf('FROM'))
      expect(image).toMatch(/^docker\.io\/library\/node:\d+-\w+-slim(?: AS \w+)?$/);
  });

  it('copies what is there, and all that the build reads', () => {
    const sources = restOf('COPY')
      .filter((rest) => !rest.startsWith('--from'))
      .flatMap((rest) => rest.split(' ').slice(0, -1));
    for (const source of sources)
      expect({ source, isThere: existsSync(ROOT + source) }).toEqual({ source, isThere: true });
    const { workspaces } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
    expect(sources).toEqual(
      expect.arrayContaining([...workspaces, 'scripts', 'package-lock.json', 'tsconfig.base.json']),
    );
  });

  it('runs without root, is stopped as the relay expects it, and starts what exists', () => {
    expect(restOf('USER')).toEqual(['node']);
    expect(restOf('STOPSIGNAL')).toEqual(['SIGTERM']);
    const [entry = '[]'] = restOf('ENTRYPOINT');
    const [command = '[]'] = restOf('CMD');
    const [, script]: string[] = JSON.parse(entry);
    const [name = '', flag = '']: string[] = JSON.parse(command);
    expect(existsSync(`${ROOT}${script}`)).toBe(true);
    expect(spawnSync(process.execPath, [COMMAND, name, '--help'], { encoding: 'utf8' }).stdout).toContain(
      flag,
    );
    const check: string[] = JSON.parse(/CMD (\[.+\])$/.exec(restOf('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]');
    expect(check.slice(0, 2)).toEqual(['node', '-e']);
    expect(spawnSync(process.execPath, ['--check', '-'], { input: check[2] ?? '(' }).status).toBe(0);
  });
});
