/** Which certificates are taken, and what is said about them. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CertificateError } from '../../../../relay-node/src/tls/certificate-error.js';
import { CertificateKeeper } from '../../../../relay-node/src/tls/certificate-keeper.js';
import { PEM_BYTES_MAX, readTlsIdentity } from '../../../../relay-node/src/tls/tls-identity.js';
import { makeCertificate } from '../../../certificate-maker.js';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2030, 0, 2);
const folder = mkdtempSync(join(tmpdir(), 'freshet-keeper-'));
const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (days: { since: number; left: number }, commonName = 'a'): void => {
  const made = makeCertificate({
    commonName,
    notBeforeMs: NOW_MS - days.since * DAY_MS,
    notAfterMs: NOW_MS + days.left * DAY_MS,
  });
  writeFileSync(files.certFile, made.certPem);
  writeFileSync(files.keyFile, made.keyPem);
};

const keep = (clock = { nowMs: NOW_MS }): { keeper: CertificateKeeper; said: string[]; served: string[] } => {
  const said: string[] = [];
  const served: string[] = [];
  const log = (level: string, message: string): void => {
    said.push(`${level}: ${message}`);
  };
  const keeper = new CertificateKeeper({ files, log, nowMs: () => clock.nowMs });
  keeper.onRenewed(({ notAfterMs }) => served.push(new Date(notAfterMs).toISOString().slice(0, 10)));
  return { keeper, said, served };
};

const refusal = (): { kind: string; message: string } => {
  try {
    readTlsIdentity(files);
  } catch (error) {
    if (error instanceof CertificateError) return { kind: error.kind, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('a certificate at the start', () => {
  it('is read with its names and times', () => {
    write({ since: 1, left: 89 });
    const identity = readTlsIdentity(files);
    expect(identity.notAfterMs - NOW_MS).toBe(89 * DAY_MS);
    expect(identity.names).toEqual(['DNS:localhost', 'IP Address:127.0.0.1']);
  });

  it('is refused with what is wrong and the file in which it is', () => {
    write({ since: 1, left: 89 });
    writeFileSync(files.keyFile, makeCertificate({ commonName: 'b', notBeforeMs: 0, notAfterMs: 1 }).keyPem);
    expect(refusal()).toMatchObject({
      kind: 'certificate-mismatch',
      message: expect.stringContaining(files.keyFile),
    });
    writeFileSync(files.keyFile, 'no key');
    expect(refusal()).toMatchObject({
      kind: 'certificate-unparsable',
      message: expect.stringContaining('private key'),
    });
    writeFileSync(files.certFile, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect(refusal()).toMatchObject({
      kind: 'certificate-unparsable',
      message: expect.stringContaining(files.certFile),
    });
    writeFileSync(files.certFile, 'x'.repeat(PEM_BYTES_MAX + 1));
    expect(refusal().message).toMatch(/longer than/);
    rmSync(files.certFile);
    expect(refusal()).toMatchObject({
      kind: 'certificate-unreadable',
      message: expect.stringContaining('ENOENT'),
    });
  });

  it('that has expired, or is of tomorrow, is served and loudly complained about', () => {
    write({ since: 90, left: -1 });
    const old = keep();
    expect(old.said).toEqual([expect.stringMatching(/^error: .*expired on 2030-01-01/)]);
    expect(old.keeper.problem).toMatch(/expired/);
    write({ since: -1, left: 90 });
    expect(keep().said).toEqual([expect.stringMatching(/^error: .*valid from 2030-01-03.*clock/)]);
  });
});

describe('a certificate while the relay runs', () => {
  it('is taken when it changes, and told to the port once', () => {
    write({ since: 1, left: 50 });
    const { keeper, said, served } = keep();
    keeper.check();
    expect([said, served]).toEqual([[], []]);
    write({ since: 0, left: 90 });
    keeper.check();
    keeper.check();
    expect(served).toEqual(['2030-04-02']);
    expect(keeper.problem).toBeUndefined();
  });

  it('is warned about when it runs out in days: ten, or a quarter of a short life; once a day', () => {
    const clock = { nowMs: NOW_MS };
    write({ since: 80, left: 10.5 });
    const { keeper, said } = keep(clock);
    expect(said).toEqual([]);
    clock.nowMs += DAY_MS;
    keeper.check();
    keeper.check();
    expect(said).toEqual([expect.stringMatching(/^warn: .*expires on/)]);
    clock.nowMs += DAY_MS;
    keeper.check();
    expect(said).toHaveLength(2);
    write({ since: 1, left: 5 });
    expect(keep().said).toEqual([]);
    write({ since: 5, left: 1 });
    expect(keep().said).toHaveLength(1);
  });

  it('stays what it is while the files are half written, and is complained about once', () => {
    write({ since: 1, left: 50 });
    const { keeper, said, served } = keep();
    writeFileSync(files.certFile, 'half');
    keeper.check();
    keeper.check();
    expect(said).toEqual([expect.stringMatching(/^warn: .*goes on serving/)]);
    expect(keeper.problem).toBeUndefined();
    write({ since: 0, left: 60 });
    keeper.check();
    expect(served).toHaveLength(1);
  });

  it('is not replaced by one that has expired, unless it has expired itself', () => {
    write({ since: 1, left: 50 });
    const good = keep();
    write({ since: 90, left: -1 });
    good.keeper.check();
    expect(good.served).toEqual([]);
    const old = keep();
    write({ since: 90, left: -2 }, 'other');
    old.keeper.check();
    expect(old.served).toHaveLength(1);
  });
});
