/** Certificates by ACME, ordered with the real client from an authority on loopback. */

import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AcmeKeeper } from '../../relay-node/src/tls/acme-keeper.js';
import { openCertificates } from '../../relay-node/src/tls/certificates.js';
import { ChallengeResponder } from '../../relay-node/src/tls/challenge-responder.js';
import { readTlsIdentity } from '../../relay-node/src/tls/tls-identity.js';
import { AcmeAuthority } from './acme-authority.js';

const DAY_MS = 86_400_000;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

describe('a certificate by ACME', () => {
  let authority: AcmeAuthority;
  let folder: string;
  let said: string[];
  let clock: { nowMs: number };

  beforeEach(async () => {
    authority = new AcmeAuthority();
    await authority.open();
    authority.challengePort = await freePort();
    folder = mkdtempSync(join(tmpdir(), 'freshet-acme-'));
    said = [];
    clock = { nowMs: Date.now() };
  });
  afterEach(() => {
    authority.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const settingsFor = (...domains: readonly string[]) => ({
    domains,
    email: 'you@example.org',
    directoryUrl: authority.directoryUrl,
    folder: join(folder, 'state'),
    port: authority.challengePort,
    host: '127.0.0.1',
  });
  const log = (level: string, message: string): void => {
    said.push(`${level}: ${message}`);
  };
  const keeperFor = (...domains: readonly string[]): AcmeKeeper =>
    new AcmeKeeper({
      settings: settingsFor(...domains),
      log,
      nowMs: () => clock.nowMs,
      onObtained: () => said.push('obtained'),
    });

  it('is ordered once, fits its key, and lies where only the relay can read it', async () => {
    const keeper = keeperFor('relay.example.org');
    await keeper.ensure();
    await keeper.ensure();
    await keeper.look();
    expect(authority.domainsOrdered).toEqual([['relay.example.org']]);
    expect(readTlsIdentity(keeper.files).names).toEqual(['DNS:relay.example.org']);
    expect(statSync(keeper.files.keyFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o700);
    expect(said.filter((line) => line === 'obtained')).toHaveLength(1);
  });

  it('is renewed with the same account when a third of its life is left', async () => {
    const keeper = keeperFor('relay.example.org');
    await keeper.ensure();
    const first = readFileSync(keeper.files.certFile, 'utf8');
    clock.nowMs += 59 * DAY_MS;
    await keeper.look();
    expect(readFileSync(keeper.files.certFile, 'utf8')).toBe(first);
    clock.nowMs += 2 * DAY_MS;
    await keeper.look();
    expect(readFileSync(keeper.files.certFile, 'utf8')).not.toBe(first);
    expect(authority.accounts.size).toBe(1);
  });

  it('is ordered anew when there is another domain', async () => {
    await keeperFor('relay.example.org').ensure();
    const more = keeperFor('relay.example.org', 'live.example.org');
    await more.ensure();
    expect(readTlsIdentity(more.files).names).toEqual(['DNS:relay.example.org', 'DNS:live.example.org']);
  });

  it('that is refused leaves the old one in place, and is tried again later and later', async () => {
    const keeper = keeperFor('relay.example.org');
    await keeper.ensure();
    const first = readFileSync(keeper.files.certFile, 'utf8');
    authority.refusal = 'this domain is not for you';
    clock.nowMs += 70 * DAY_MS;
    await keeper.look();
    await keeper.look();
    const warnings = (): string[] => said.filter((line) => line.startsWith('warn: '));
    expect(warnings()).toEqual([
      expect.stringMatching(/not for you.*Check that the domain.*again in 1 h\.$/),
    ]);
    clock.nowMs += 3_600_000;
    await keeper.look();
    expect(warnings()[1]).toMatch(/again in 2 h\.$/);
    expect(readFileSync(keeper.files.certFile, 'utf8')).toBe(first);
    authority.refusal = undefined;
    clock.nowMs += 2 * 3_600_000;
    await keeper.look();
    expect(readFileSync(keeper.files.certFile, 'utf8')).not.toBe(first);
  });

  it('that cannot be had at the start is one sentence: refused, not proven, port taken, nobody there', async () => {
    authority.refusal = 'too many';
    await expect(keeperFor('a.example.org').ensure()).rejects.toMatchObject({
      kind: 'acme-failed',
      message: expect.stringMatching(/too many.*Check that the domain/),
    });
    authority.refusal = undefined;
    const taken = createServer().listen(authority.challengePort, '127.0.0.1');
    await expect(keeperFor('a.example.org').ensure()).rejects.toMatchObject({ kind: 'port-taken' });
    await new Promise((resolve) => taken.close(resolve));
    const port = authority.challengePort;
    authority.challengePort = 1;
    const elsewhere = new AcmeKeeper({
      settings: { ...settingsFor('a.example.org'), port },
      log,
      nowMs: () => clock.nowMs,
      onObtained: () => undefined,
    });
    await expect(elsewhere.ensure()).rejects.toMatchObject({ kind: 'acme-failed' });
  });

  it('comes to a port like any other, from the settings on', async () => {
    const certificates = await openCertificates(
      { tls: undefined, acme: settingsFor('relay.example.org'), host: '127.0.0.1', port: 0 },
      log,
    );
    expect(certificates?.keeper.current.names).toEqual(['DNS:relay.example.org']);
    certificates?.start();
    certificates?.close();
  });
});

describe('the port of a relay that orders a certificate', () => {
  it('is open before anything is ordered: a taken one costs no order, and it is free afterwards', async () => {
    const authority = new AcmeAuthority();
    await authority.open();
    authority.challengePort = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'freshet-acme-'));
    const port = await freePort();
    const acme = {
      domains: ['relay.example.org'],
      email: undefined,
      directoryUrl: authority.directoryUrl,
      folder,
      port: authority.challengePort,
      host: '127.0.0.1',
    };
    const settings = { tls: undefined, acme, host: '127.0.0.1', port };
    const taken = createServer().listen(port, '127.0.0.1');
    await expect(openCertificates(settings, () => undefined)).rejects.toMatchObject({ kind: 'port-taken' });
    expect(authority.domainsOrdered).toEqual([]);
    await new Promise((resolve) => taken.close(resolve));
    await openCertificates(settings, () => undefined);
    expect(authority.domainsOrdered).toEqual([['relay.example.org']]);
    const own = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => own.once('listening', resolve));
    own.close();
    authority.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('the answers to an authority', () => {
  it('are given for known tokens only, and the port is free afterwards', async () => {
    const responder = new ChallengeResponder();
    const port = await responder.open('127.0.0.1', 0);
    responder.put('token', 'answer');
    const at = async (path: string): Promise<string> => {
      const reply = await fetch(`http://127.0.0.1:${port}${path}`);
      return `${reply.status} ${await reply.text()}`;
    };
    expect(await at('/.well-known/acme-challenge/token')).toBe('200 answer');
    for (const path of [
      '/',
      '/.well-known/acme-challenge/',
      '/.well-known/acme-challenge/other',
      '/token',
      '/.well-known/acme-challenge/__proto__',
    ])
      expect(await at(path)).toBe('404 ');
    responder.remove('token');
    expect(await at('/.well-known/acme-challenge/token')).toBe('404 ');
    await responder.close();
    await expect(at('/')).rejects.toThrow();
  });
});
