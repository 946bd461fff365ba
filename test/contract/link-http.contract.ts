/** What every engine of the relay's port must do with HTTP. */

import { afterEach, describe, expect, it } from 'vitest';
import { type HttpRequest, jsonReply, textReply } from '../../relay-node/src/http/http-message.js';
import type { LinkEngine } from '../../relay-node/src/link/link-server.js';
import { openClient, Rig, until } from './link-rig.js';
import { RawClient, upgradeRequest } from './raw-link-client.js';

/** Runs the suite against one engine. */
export const describeLinkHttp = (engine: LinkEngine): void => {
  const rigs: Rig[] = [];
  const start: (options?: Parameters<typeof Rig.start>[1]) => Promise<Rig> = async (options) => {
    const rig = await Rig.start(engine, options);
    rigs.push(rig);
    return rig;
  };
  afterEach(async () => {
    await Promise.all(rigs.splice(0).map((rig) => rig.server.close()));
  });
  const at = (rig: Rig, path: string): string => `http://127.0.0.1:${rig.port}${path}`;

  describe(`HTTP on ${engine}`, () => {
    it('serves HTTP and links on one port', async () => {
      const rig = await start();
      const { client, link } = await rig.attachClient();
      const reply = await fetch(at(rig, '/hello'));
      expect(reply.status).toBe(200);
      expect(await reply.text()).toBe('you asked for /hello\n');
      link.send(Buffer.from('still here'));
      await until('the link works', () => client.got.length === 1);
    });

    it('gives handlers the same request', async () => {
      const seen: HttpRequest[] = [];
      const rig = await start({
        handleHttp: (request) => {
          seen.push(request);
          return textReply(200, 'ok');
        },
      });
      await fetch(at(rig, '/a%20b/C?q=1&r=%2F'), {
        method: 'POST',
        headers: { 'X-Mixed-Case': 'Value' },
        body: 'the body',
      });
      const [request] = seen;
      expect(request).toMatchObject({
        method: 'POST',
        path: '/a%20b/C',
        query: 'q=1&r=%2F',
        remoteAddress: '127.0.0.1',
      });
      expect(request?.header('x-mixed-case')).toBe('Value');
      expect(request?.header('X-Mixed-CASE')).toBe('Value');
      expect(request?.header('x-absent')).toBeUndefined();
      expect(Buffer.from(request?.body ?? []).toString()).toBe('the body');
    });

    it('answers an upgrade on any other path with 404 and a handshake without its key not at all with 101', async () => {
      const rig = await start();
      await expect(openClient(rig.port, '/elsewhere')).rejects.toThrow(/404/);
      const raw = await RawClient.open(rig.port, true);
      raw.write(upgradeRequest('/link').replace(/Sec-WebSocket-Key: .*\r\n/, ''));
      await until('an answer', () => raw.text.includes('\r\n\r\n'));
      expect(raw.text).not.toContain(' 101 ');
      expect(rig.record.opened).toEqual([]);
      raw.close();
    });

    it('sends headers without a body for HEAD, 204 and 304', async () => {
      const rig = await start({
        handleHttp: (request) => ({
          status: request.path === '/head' ? 200 : Number(request.path.slice(1)),
          headers: { 'X-Own': 'yes' },
          body: request.path === '/head' ? 'four' : '',
        }),
      });
      const head = await fetch(at(rig, '/head'), { method: 'HEAD' });
      expect(head.headers.get('content-length')).toBe('4');
      expect(head.headers.get('x-own')).toBe('yes');
      expect(await head.text()).toBe('');
      expect((await fetch(at(rig, '/204'))).status).toBe(204);
      expect((await fetch(at(rig, '/304'))).status).toBe(304);
    });

    it('waits for a promised reply, and survives a client that does not', async () => {
      let release = (): void => undefined;
      const rig = await start({
        handleHttp: (request) =>
          request.path === '/later'
            ? new Promise((resolve) => {
                release = () => resolve(jsonReply(200, { late: true }));
              })
            : textReply(200, 'now'),
      });
      const patient = fetch(at(rig, '/later'));
      const impatient = await RawClient.open(rig.port, true);
      expect(await (await fetch(at(rig, '/now'))).text()).toBe('now\n');
      release();
      expect(await (await patient).json()).toEqual({ late: true });

      release = () => undefined;
      const releaseBefore = release;
      impatient.write('GET /later HTTP/1.1\r\nHost: a\r\n\r\n');
      await until('the request is held', () => release !== releaseBefore);
      impatient.close();
      await new Promise((resolve) => setTimeout(resolve, 50));
      release();
      expect(await (await fetch(at(rig, '/now'))).text()).toBe('now\n');
    });

    it('turns a failing handler into a 500 that tells the client nothing and the log everything', async () => {
      const rig = await start({
        handleHttp: (request) => {
          if (request.path === '/split') {
            return { status: 200, headers: { 'X-Bad': 'a\r\nSet-Cookie: b=c' }, body: '' };
          }
          if (request.path === '/async') return Promise.reject(new Error('secret of the async kind'));
          throw new Error('secret of the sync kind');
        },
      });
      for (const path of ['/sync', '/async', '/split']) {
        const reply = await fetch(at(rig, path));
        expect(reply.status).toBe(500);
        expect(reply.headers.get('set-cookie')).toBeNull();
        expect(await reply.text()).not.toContain('secret');
      }
      expect(rig.logged).toHaveLength(3);
      expect(rig.logged[0]).toContain('secret of the sync kind');
      expect(rig.logged[1]).toContain('secret of the async kind');
    });

    it('refuses a body that is too long with 413, with and without its length said before', async () => {
      const rig = await start({ limits: { httpBodyBytesMax: 1_000 } });
      const long = await fetch(at(rig, '/'), { method: 'POST', body: 'x'.repeat(1_001) });
      expect(long.status).toBe(413);
      const raw = await RawClient.open(rig.port, true);
      raw.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
      for (let index = 0; index < 30; index += 1) raw.write(`64\r\n${'y'.repeat(100)}\r\n`);
      await until('an answer', () => raw.text.includes('\r\n\r\n'));
      expect(raw.text).toContain(' 413 ');
      raw.close();
      const fits = await fetch(at(rig, '/'), { method: 'POST', body: 'x'.repeat(1_000) });
      expect(fits.status).toBe(200);
    });

    it('sends a large body whole to a client that begins to read late', async () => {
      const body = Buffer.alloc(20_000_000, 'abcdefghij');
      const rig = await start({ handleHttp: () => ({ status: 200, headers: {}, body }) });
      const raw = await RawClient.open(rig.port, false);
      raw.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      await new Promise((resolve) => setTimeout(resolve, 200));
      raw.read();
      const wholeBytes = (): number => {
        const bytes = raw.bytes;
        return bytes.length - bytes.indexOf('\r\n\r\n') - 4;
      };
      await until('20 MB', () => wholeBytes() >= body.length);
      expect(raw.bytes.subarray(raw.bytes.indexOf('\r\n\r\n') + 4).equals(body)).toBe(true);
      raw.close();
    });

    it('closes one connection too many unanswered, and does not count links among them', async () => {
      const rig = await start({ limits: { httpConnectionsMax: 4 } });
      const links = [];
      for (let index = 0; index < 6; index += 1) links.push(await rig.attachClient());
      const held = [];
      for (let index = 0; index < 4; index += 1) held.push(await RawClient.open(rig.port, true));
      await new Promise((resolve) => setTimeout(resolve, 50));
      const extra = await RawClient.open(rig.port, true);
      await until('it is closed', () => extra.isClosed);
      expect(held.some((client) => client.isClosed)).toBe(false);
      for (const client of held) client.close();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await fetch(at(rig, '/'))).status).toBe(200);
      expect(rig.server.linkCount).toBe(6);
    });
  });
};
