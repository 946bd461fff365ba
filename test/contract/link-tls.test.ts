/** What every engine of the relay's port must do with TLS: serve it, take a new certificate, and keep its links. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { textReply } from '../../relay-node/src/http/http-message.js';
import { createLinkServer } from '../../relay-node/src/link/create-link-server.js';
import type { LinkLimits } from '../../relay-node/src/link/link-limits.js';
import type { LinkEngine, LinkServer } from '../../relay-node/src/link/link-server.js';
import { CertificateKeeper } from '../../relay-node/src/tls/certificate-keeper.js';
import { makeCertificate } from '../certificate-maker.js';
import { type Mark, Recorder, until } from './link-rig.js';

const DAY_MS = 86_400_000;

class TlsRig {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'freshet-tls-'));
  readonly record = new Recorder();
  readonly logged: string[] = [];
  readonly keeper: CertificateKeeper;
  readonly server: LinkServer;
  port = 0;

  constructor(engine: LinkEngine, limits: Partial<LinkLimits> = {}) {
    this.write('first');
    this.keeper = new CertificateKeeper({
      files: { certFile: join(this.folder, 'cert.pem'), keyFile: join(this.folder, 'key.pem') },
      log: (level, message) => this.logged.push(`${level}: ${message}`),
      nowMs: () => Date.now(),
    });
    this.server = createLinkServer<Mark>({
      engine,
      host: '127.0.0.1',
      port: 0,
      acceptLink: (path) => path.startsWith('/link'),
      handlers: this.record,
      handleHttp: (request) => textReply(200, `you asked for ${request.path}`),
      log: (line) => this.logged.push(line),
      limits: { closeGraceMs: 100, ...limits },
      tls: this.keeper,
    });
  }

  write(commonName: string, notAfterMs: number = Date.now() + 90 * DAY_MS): void {
    const made = makeCertificate({ commonName, notBeforeMs: notAfterMs - 90 * DAY_MS - 1_000, notAfterMs });
    writeFileSync(join(this.folder, 'cert.pem'), made.certPem);
    writeFileSync(join(this.folder, 'key.pem'), made.keyPem);
  }

  /** Who a new connection is told to be talking to, with a host name or with none. */
  seenName(servername?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.port, rejectUnauthorized: false };
      const socket = connect({ ...options, ...(servername && { servername }) }, () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      });
      socket.once('error', reject);
    });
  }

  /** The page over a connection of its own. */
  page(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const url = `https://127.0.0.1:${this.port}${path}`;
      const request = get(url, { rejectUnauthorized: false, agent: false }, (reply) => {
        let text = '';
        reply.on('data', (part: Buffer) => {
          text += part.toString();
        });
        reply.once('end', () => resolve(text));
      });
      request.once('error', reject);
    });
  }

  async attach(): Promise<{ ws: WebSocket; got: string[] }> {
    const before = this.record.opened.length;
    const ws = new WebSocket(`wss://127.0.0.1:${this.port}/link`, { rejectUnauthorized: false });
    const got: string[] = [];
    ws.on('message', (data: Buffer) => got.push(data.toString()));
    await new Promise<void>((resolve, reject) => {
      ws.once('open', () => resolve());
      ws.once('error', reject);
    });
    await until('the server sees the link', () => this.record.opened.length > before);
    this.record.opened[before]?.link.attach('topic');
    return { ws, got };
  }
}

const describeTls = (engine: LinkEngine): void => {
  const rigs: TlsRig[] = [];
  const start = async (limits?: Partial<LinkLimits>): Promise<TlsRig> => {
    const rig = new TlsRig(engine, limits);
    rigs.push(rig);
    rig.port = (await rig.server.listen()).port;
    return rig;
  };
  afterEach(async () => {
    for (const rig of rigs.splice(0)) {
      await rig.server.close();
      rmSync(rig.folder, { recursive: true, force: true });
    }
  });

  describe(`TLS on ${engine}`, () => {
    it('serves pages and links, and a link hears what is published', async () => {
      const rig = await start();
      expect(await rig.page('/a')).toBe('you asked for /a\n');
      const { ws, got } = await rig.attach();
      rig.server.publish('topic', Buffer.from('hello'));
      await until('it arrives', () => got.length === 1);
      ws.send(Buffer.from('back'));
      await until('the answer arrives', () => rig.record.messages.length === 1);
      expect(rig.record.opened[0]?.request.remoteAddress).toBe('127.0.0.1');
      ws.terminate();
    });

    it('shows a new certificate to new connections, with and without a host name, and keeps the old links', async () => {
      const rig = await start();
      const old = await rig.attach();
      expect([await rig.seenName(), await rig.seenName('localhost')]).toEqual(['first', 'first']);
      rig.write('second');
      rig.keeper.check();
      expect([await rig.seenName(), await rig.seenName('localhost')]).toEqual(['second', 'second']);
      expect(await rig.page('/b')).toBe('you asked for /b\n');
      const young = await rig.attach();
      rig.server.publish('topic', Buffer.from('to both'));
      await until('both hear it', () => old.got.length === 1 && young.got.length === 1);
      expect(rig.server.linkCount).toBe(2);
      old.ws.terminate();
      await until('it is gone', () => rig.server.linkCount === 1);
      rig.server.publish('topic', Buffer.from('to one'));
      await until('the other still hears', () => young.got.length === 2);
      young.ws.terminate();
    });

    it('goes on with the certificate that it has when the new one is broken, foreign or expired', async () => {
      const rig = await start();
      const broken: (() => void)[] = [
        () => writeFileSync(join(rig.folder, 'cert.pem'), 'half a certif'),
        () => {
          rig.write('second');
          const { keyPem } = makeCertificate({ commonName: 'other', notBeforeMs: 0, notAfterMs: 1 });
          writeFileSync(join(rig.folder, 'key.pem'), keyPem);
        },
        () => rig.write('expired', Date.now() - DAY_MS),
        () => rmSync(join(rig.folder, 'cert.pem')),
      ];
      for (const breakIt of broken) {
        breakIt();
        rig.keeper.check();
        expect(await rig.seenName()).toBe('first');
      }
      expect(rig.logged.filter((line) => line.startsWith('warn:'))).toHaveLength(broken.length);
      rig.write('mended');
      rig.keeper.check();
      expect(await rig.seenName()).toBe('mended');
    });

    it('survives six certificates in a row, and closes the links that are too old for it', async () => {
      const rig = await start();
      const links = [];
      for (let round = 0; round < 6; round += 1) {
        links.push(await rig.attach());
        rig.write(`round-${round}`);
        rig.keeper.check();
        expect(await rig.seenName()).toBe(`round-${round}`);
      }
      const last = await rig.attach();
      rig.server.publish('topic', Buffer.from('x'));
      await until('the youngest hears', () => last.got.length === 1);
      for (const { ws } of [...links, last]) ws.terminate();
      await until('all are gone', () => rig.server.linkCount === 0);
    });

    it('lets go of clients that speak no TLS or never finish the handshake, and counts them', async () => {
      const rig = await start({ httpConnectionsMax: 3, handshakeMs: 1_000 });
      const plain = connectPlain({ host: '127.0.0.1', port: rig.port });
      let answer = '';
      let isOver = false;
      plain.on('data', (part: Buffer) => {
        answer += part.toString('latin1');
      });
      plain.on('error', () => undefined);
      plain.on('close', () => {
        isOver = true;
      });
      plain.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await until('it is let go', () => isOver, 30_000);
      expect(answer).not.toContain('you asked for');
      const silent = Array.from({ length: 3 }, () => connectPlain({ host: '127.0.0.1', port: rig.port }));
      let closedCount = 0;
      for (const socket of silent) {
        socket.on('error', () => undefined);
        socket.resume();
        socket.on('close', () => {
          closedCount += 1;
        });
      }
      await until('the silent ones are closed', () => closedCount === 3, 60_000);
      expect(await rig.page('/c')).toBe('you asked for /c\n');
    });
  });
};

describeTls('uWebSockets.js');
describeTls('ws');
