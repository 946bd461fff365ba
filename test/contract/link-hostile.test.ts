/** What every engine of the relay's port must do with requests that are made to harm: each is bounded. */

import { afterEach, describe, expect, it } from 'vitest';
import { textReply } from '../../relay-node/src/http/http-message.js';
import { createRouter } from '../../relay-node/src/http/router.js';
import { createStaticAssets } from '../../relay-node/src/http/static-assets.js';
import type { LinkEngine } from '../../relay-node/src/link/link-server.js';
import { Rig, until } from './link-rig.js';
import { RawClient, upgradeRequest } from './raw-link-client.js';

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
const EMPTY_CHUNKS = '0\r\n\r\n';

/** Requests whose end two readers could see in different places; what follows must never be read as a request. */
const DOUBTFUL: Readonly<Record<string, string>> = {
  'a length and a coding': `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n${EMPTY_CHUNKS}`,
  'a coding and a length': `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${EMPTY_CHUNKS}`,
  'two lengths': `Content-Length: 0\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n`,
  'a list of lengths': `Content-Length: 0, ${SMUGGLED.length}\r\n\r\n`,
  'a length with a sign': `Content-Length: +0\r\n\r\n`,
  'a length in hexadecimal': `Content-Length: 0x0\r\n\r\n`,
  'a length below zero': `Content-Length: -1\r\n\r\n`,
  'a length beyond all numbers': `Content-Length: 99999999999999999999\r\n\r\n`,
  'a coding that nobody knows': `Transfer-Encoding: xchunked\r\n\r\n${EMPTY_CHUNKS}`,
  'a coding that is not the last one': `Transfer-Encoding: chunked, gzip\r\n\r\n${EMPTY_CHUNKS}`,
  'a coding with a space before the colon': `Transfer-Encoding : chunked\r\n\r\n${EMPTY_CHUNKS}`,
  'a coding hidden in a folded line': `X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n${EMPTY_CHUNKS}`,
  'a chunk whose length is none': `Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
  'a chunk longer than all memory': `Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n`,
};

/** Ways out of a folder, as sent and never decoded. */
const TRAVERSALS: readonly string[] = [
  '/../secret',
  '/a/../../secret',
  '/%2e%2e/secret',
  '/..%2fsecret',
  '/%2e%2e%2fsecret',
  '/..\\secret',
  '/....//secret',
  '//secret',
  '/./secret',
  '/index.html/../../secret',
  '/index.html%00',
  '/__proto__',
  '/constructor',
];

const describeHostile = (engine: LinkEngine): void => {
  const rigs: Rig[] = [];
  const start = async (options?: Parameters<typeof Rig.start>[1]): Promise<Rig> => {
    const rig = await Rig.start(engine, options);
    rigs.push(rig);
    return rig;
  };
  afterEach(async () => {
    await Promise.all(rigs.splice(0).map((rig) => rig.server.close()));
  });

  /** The rest of the world is still served. */
  const expectServing = async (rig: Rig): Promise<void> => {
    const reply = await fetch(`http://127.0.0.1:${rig.port}/fine`);
    expect(reply.status).toBe(200);
  };

  describe(`hostile HTTP on ${engine}`, () => {
    it('never reads the body of a doubtful request as a request of its own', async () => {
      const asked: string[] = [];
      const rig = await start({
        handleHttp: (request) => {
          asked.push(request.path);
          return textReply(200, 'fine');
        },
      });
      for (const [what, rest] of Object.entries(DOUBTFUL)) {
        const raw = await RawClient.open(rig.port, true);
        raw.write(`POST /doubtful HTTP/1.1\r\nHost: a\r\n${rest}${SMUGGLED}`);
        await expectServing(rig);
        expect({ what, asked: asked.filter((path) => path !== '/fine') }).toEqual({ what, asked: [] });
        expect({ what, text: raw.text }).not.toMatchObject({ text: expect.stringContaining(' 200 ') });
        raw.close();
      }
    });

    it('still takes a body with one length, in chunks, and the next request behind it', async () => {
      const bodies: string[] = [];
      const rig = await start({
        handleHttp: ({ body }) => {
          bodies.push(Buffer.from(body).toString());
          return textReply(200, 'fine');
        },
      });
      const raw = await RawClient.open(rig.port, true);
      raw.write('POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none');
      await until('the first answer', () => bodies.length === 1);
      raw.write('POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n');
      await until('the second answer', () => bodies.length === 2);
      expect(bodies).toEqual(['one', 'two']);
      raw.close();
    });

    it('finds nothing outside the assets, by whatever path', async () => {
      const source = { path: '/index.html', bytes: Buffer.from('the page') };
      const rig = await start({
        handleHttp: createRouter({ routes: [], assets: createStaticAssets([source]) }),
      });
      for (const path of TRAVERSALS) {
        const raw = await RawClient.open(rig.port, true);
        raw.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
        await until(`an answer to ${path}`, () => raw.text.includes('\r\n\r\n') || raw.isClosed);
        expect({ path, text: raw.text }).toMatchObject({
          text: expect.stringMatching(/^HTTP\/1\.1 40[04] /),
        });
        raw.close();
      }
      const page = await fetch(`http://127.0.0.1:${rig.port}/index.html`);
      expect(await page.text()).toBe('the page');
    });

    it('bounds headers: neither a huge one nor endlessly many are gathered', async () => {
      const rig = await start();
      const hugeLine = await RawClient.open(rig.port, true);
      hugeLine.write(`GET /a HTTP/1.1\r\nHost: a\r\nX-Huge: ${'y'.repeat(200_000)}`);
      await until(
        'the huge header is refused',
        () => hugeLine.isClosed || / 4\d\d /.test(hugeLine.text),
        30_000,
      );
      const manyLines = await RawClient.open(rig.port, true);
      manyLines.write('GET /a HTTP/1.1\r\nHost: a\r\n');
      const lines = Array.from(
        { length: 500 },
        (_, index) => `X-Header-${index}: ${'z'.repeat(40)}\r\n`,
      ).join('');
      for (let round = 0; round < 10; round += 1) manyLines.write(lines);
      await until(
        'many headers are refused',
        () => manyLines.isClosed || / 4\d\d /.test(manyLines.text),
        30_000,
      );
      const hugePath = await RawClient.open(rig.port, true);
      hugePath.write(`GET /${'p'.repeat(200_000)} HTTP/1.1\r\nHost: a\r\n\r\n`);
      await until(
        'the huge path is refused',
        () => hugePath.isClosed || / 4\d\d /.test(hugePath.text),
        30_000,
      );
      await expectServing(rig);
      for (const raw of [hugeLine, manyLines, hugePath]) raw.close();
    });

    it('closes a client that drips its headers, and one that says nothing at all', async () => {
      const rig = await start({ limits: { handshakeMs: 1_000 } });
      const dripping = await RawClient.open(rig.port, true);
      const silent = await RawClient.open(rig.port, true);
      dripping.write('GET /a HTTP/1.1\r\nHost: a\r\nX: ');
      const drip = setInterval(() => dripping.write('y'), 300);
      await until('both are closed', () => dripping.isClosed && silent.isClosed, 60_000);
      clearInterval(drip);
      await expectServing(rig);
    });

    it('answers what is not HTTP/1.1 with a refusal or a closed connection', async () => {
      const rig = await start();
      const others = [
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n',
        '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03',
        'GET /a HTTP/9.9\r\nHost: a\r\n\r\n',
        '\r\n'.repeat(5_000),
        '\0'.repeat(5_000),
      ];
      const open: RawClient[] = [];
      for (const text of others) {
        const raw = await RawClient.open(rig.port, true);
        raw.write(text);
        open.push(raw);
        await expectServing(rig);
        expect(raw.text).not.toContain(' 200 ');
      }
      for (const raw of open) raw.close();
    });

    it('closes what one address opens too much and too fast, and lets it back in at a slower pace', async () => {
      const limits = { connectsBurst: 20, connectsPerSecond: 10 };
      const rig = await start({ limits, isLoopbackLimited: true });
      const flood: RawClient[] = [];
      for (let index = 0; index < 60; index += 1) flood.push(await RawClient.open(rig.port, true));
      await until('many are closed', () => flood.filter((raw) => raw.isClosed).length >= 20, 30_000);
      expect(flood.slice(0, 20).some((raw) => raw.isClosed)).toBe(false);
      expect(rig.server.connectsRefused).toBeGreaterThanOrEqual(20);
      for (const raw of flood) raw.close();
      const isServed = async (): Promise<boolean> => {
        const raw = await RawClient.open(rig.port, true);
        raw.write('GET /fine HTTP/1.1\r\nHost: a\r\n\r\n');
        await until('it is answered or closed', () => raw.isClosed || raw.text !== '');
        raw.close();
        return raw.text.includes(' 200 ');
      };
      await expect.poll(isServed, { timeout: 30_000, interval: 500 }).toBe(true);
    });

    it('keeps answered connections while there is room, and closes them when it gets crowded', async () => {
      const rig = await start({ limits: { httpConnectionsMax: 10 } });
      const ask = 'GET /fine HTTP/1.1\r\nHost: a\r\n\r\n';
      const first = await RawClient.open(rig.port, true);
      first.write(ask);
      await until('it is answered', () => first.text.includes('you asked for'));
      const idle = await Promise.all(Array.from({ length: 6 }, () => RawClient.open(rig.port, true)));
      expect(first.isClosed).toBe(false);
      // The server may see the others a moment later than they see it.
      await new Promise((resolve) => setTimeout(resolve, 100));
      first.write(ask);
      await until('it is answered again and closed', () => first.isClosed);
      expect(first.text.split('you asked for')).toHaveLength(3);
      for (const raw of idle) raw.close();
    });

    it('serves on while one address floods it with connections and half-made links', async () => {
      const rig = await start({ limits: { httpConnectionsMax: 50, handshakeMs: 1_000 } });
      const { client, link } = await rig.attachClient();
      const flood = await Promise.all(Array.from({ length: 300 }, () => RawClient.open(rig.port, true)));
      for (const raw of flood) raw.write(upgradeRequest('/link').slice(0, 60));
      await until(
        'most are closed unanswered',
        () => flood.filter((raw) => raw.isClosed).length >= 250,
        60_000,
      );
      link.send(Buffer.from('through'));
      await until('the link gets its message', () => client.got.length === 1);
      expect(rig.server.linkCount).toBe(1);
      for (const raw of flood) raw.close();
      await until('it serves pages again', () => flood.every((raw) => raw.isClosed), 60_000);
      await expect
        .poll(async () => (await fetch(`http://127.0.0.1:${rig.port}/fine`).catch(() => undefined))?.status, {
          timeout: 30_000,
        })
        .toBe(200);
    });
  });
};

describeHostile('uWebSockets.js');
describeHostile('ws');
