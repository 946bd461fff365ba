/** How the doctor judges what it finds. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkCertificate } from '../../../../relay-node/src/doctor/certificate.js';
import { judgeClock } from '../../../../relay-node/src/doctor/clock.js';
import { judgeFfmpeg } from '../../../../relay-node/src/doctor/ffmpeg.js';
import {
  judgeEngine,
  judgeFiles,
  judgeMemory,
  judgeNode,
} from '../../../../relay-node/src/doctor/machine.js';
import { judgeReach } from '../../../../relay-node/src/doctor/network.js';
import { EngineError } from '../../../../relay-node/src/link/uws-api.js';
import { makeCertificate } from '../../../certificate-maker.js';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2030, 0, 2);
const folder = mkdtempSync(join(tmpdir(), 'freshet-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the doctor', () => {
  it('fails a Node that is too old', () => {
    expect(judgeNode('20.19.0').status).toBe('ok');
    expect(judgeNode('22.1.0').status).toBe('ok');
    expect(judgeNode('20.18.3')).toMatchObject({ status: 'fail', todo: expect.stringContaining('20.19') });
    expect(judgeNode('18.20.0').status).toBe('fail');
  });

  it('warns where the native engine does not load', () => {
    expect(judgeEngine(() => undefined).status).toBe('ok');
    const missing = (): never => {
      throw new EngineError(new Error('no binary'));
    };
    expect(judgeEngine(missing)).toMatchObject({
      status: 'warn',
      what: expect.stringContaining('ws serves'),
    });
  });

  it('holds open files and memory against the viewers wanted, and says what would fit', () => {
    expect(judgeFiles(60_000, 50_000).status).toBe('ok');
    expect(judgeFiles(20_000, 50_000)).toMatchObject({
      status: 'warn',
      todo: expect.stringMatching(/LimitNOFILE=51000.*19000/),
    });
    expect(judgeFiles(256, 50_000).status).toBe('fail');
    expect(judgeFiles(undefined, 1).status).toBe('warn');
    const mebibyte = 1024 * 1024;
    expect(judgeMemory(2_000 * mebibyte, 50_000).status).toBe('ok');
    expect(judgeMemory(512 * mebibyte, 50_000)).toMatchObject({
      status: 'warn',
      todo: expect.stringContaining('19968'),
    });
    expect(judgeMemory(100 * mebibyte, 10).status).toBe('fail');
  });

  it('measures the clock by a parent first, then by what the system says', () => {
    expect(judgeClock(400, undefined).status).toBe('ok');
    expect(judgeClock(-10_000, true)).toMatchObject({
      status: 'warn',
      what: expect.stringMatching(/10 s ahead of/),
    });
    expect(judgeClock(3_600_000, true)).toMatchObject({
      status: 'fail',
      what: expect.stringMatching(/3600 s behind/),
    });
    expect(judgeClock(undefined, true).status).toBe('ok');
    expect(judgeClock(100, false).status).toBe('warn');
    expect(judgeClock(undefined, undefined).status).toBe('warn');
  });

  it('knows addresses that nobody outside can reach, and says how to be sure about the others', () => {
    const place = { host: undefined, port: 443 };
    const inside = ['10.1.2.3', '172.20.0.1', '192.168.1.5', '100.64.0.9', 'fe80::1', 'fd00::1'];
    expect(judgeReach(place, undefined, { addresses: inside })).toMatchObject({
      status: 'warn',
      todo: expect.stringContaining('router'),
    });
    for (const address of ['203.0.113.9', '172.32.0.1', '100.128.0.1', '2001:db8::1'])
      expect(
        judgeReach(place, 'https://relay.example.org', { addresses: [...inside, address] }),
      ).toMatchObject({
        status: 'ok',
        what: expect.stringContaining('curl https://relay.example.org/health'),
      });
    expect(judgeReach({ host: '127.0.0.1', port: 1 }, undefined, { addresses: ['203.0.113.9'] }).status).toBe(
      'warn',
    );
    expect(judgeReach({ host: '203.0.113.9', port: 1 }, undefined, { addresses: inside }).status).toBe('ok');
  });

  it('reads what ffmpeg says of itself', () => {
    const version = 'ffmpeg version 6.1-3 Copyright\n';
    const encoders = ' V....D libx264              H.264\n A....D aac                  AAC\n';
    expect(judgeFfmpeg('ffmpeg', version, encoders)).toMatchObject({
      status: 'ok',
      what: 'ffmpeg 6.1-3 has libx264 and aac, and no encoder hardware that works.',
    });
    expect(judgeFfmpeg('ffmpeg', version, encoders, ['h264_nvenc']).what).toContain('h264_nvenc by hardware');
    expect(judgeFfmpeg('ffmpeg', version, ' A....D aac   AAC\n')).toMatchObject({
      status: 'warn',
      what: expect.stringContaining('libx264'),
    });
    expect(judgeFfmpeg('x', 'hello', '').status).toBe('warn');
  });

  it('looks at the certificate: its time, its names, its key and who can read that', () => {
    const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
    const put = (leftDays: number, mode = 0o600): void => {
      const made = makeCertificate({
        commonName: 'a',
        notBeforeMs: NOW_MS - 90 * DAY_MS,
        notAfterMs: NOW_MS + leftDays * DAY_MS,
      });
      rmSync(files.keyFile, { force: true });
      writeFileSync(files.certFile, made.certPem);
      writeFileSync(files.keyFile, made.keyPem, { mode });
    };
    const look = (publicUrl?: string): { status: string; what: string } =>
      checkCertificate(files, publicUrl, NOW_MS);
    put(60);
    expect(look('https://localhost:8443')).toMatchObject({
      status: 'ok',
      what: expect.stringContaining('2030-03-03'),
    });
    expect(look('https://127.0.0.1').status).toBe('ok');
    expect(look('https://relay.example.org')).toMatchObject({
      status: 'fail',
      what: expect.stringContaining('relay.example.org'),
    });
    put(5);
    expect(look().status).toBe('warn');
    put(-5);
    expect(look().status).toBe('fail');
    put(60, 0o644);
    expect(look()).toMatchObject({ status: 'warn', what: expect.stringContaining('can read') });
    writeFileSync(files.certFile, 'nothing');
    expect(look()).toMatchObject({ status: 'fail', what: expect.stringContaining('cert.pem') });
  });
});
