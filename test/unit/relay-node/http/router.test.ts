import { describe, expect, it } from 'vitest';
import { type HttpHandler, type HttpReply, textReply } from '../../../../relay-node/src/http/http-message.js';
import { createRouter } from '../../../../relay-node/src/http/router.js';
import { createStaticAssets } from '../../../../relay-node/src/http/static-assets.js';
import { request } from './request.js';

const answer =
  (text: string): HttpHandler =>
  () =>
    textReply(200, text);

const router = createRouter({
  routes: [
    { method: 'GET', pattern: '/hls/*', handler: answer('any list') },
    { method: 'GET', pattern: '/hls/live/*', handler: answer('live list') },
    { method: 'GET', pattern: '/hls/live/top', handler: answer('top list') },
    { method: 'POST', pattern: '/whip', handler: answer('posted') },
    { method: 'DELETE', pattern: '/whip', handler: () => Promise.resolve(textReply(200, 'deleted')) },
    { method: 'GET', pattern: '/embed', handler: answer('framed'), framing: 'anybody' },
  ],
  assets: createStaticAssets([{ path: '/index.html', bytes: Buffer.from('<p>hi') }]),
  aliases: { '/': '/index.html' },
});

const ask = async (method: string, path: string): Promise<HttpReply> => await router(request(method, path));

describe('the router', () => {
  it.each([
    ['GET', '/hls/a', 'any list\n'],
    ['GET', '/hls/live/a', 'live list\n'],
    ['GET', '/hls/live/top', 'top list\n'],
    ['HEAD', '/hls/live/top', 'top list\n'],
    ['POST', '/whip', 'posted\n'],
    ['DELETE', '/whip', 'deleted\n'],
  ])('answers %s %s by the most specific route', async (method, path, body) => {
    expect(await ask(method, path)).toMatchObject({ status: 200, body });
  });

  it('shows an asset under its own path and its alias', async () => {
    expect(Buffer.from((await ask('GET', '/')).body).toString()).toBe('<p>hi');
    expect((await ask('HEAD', '/index.html')).status).toBe(200);
  });

  it('says which methods work where this one does not', async () => {
    expect(await ask('GET', '/whip')).toMatchObject({
      status: 405,
      headers: { Allow: 'DELETE, POST' },
      body: 'GET does not work here. Use DELETE, POST.\n',
    });
    expect(await ask('POST', '/')).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } });
    expect(await ask('POST', '/hls/a')).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } });
  });

  it('says in plain words that nothing is there', async () => {
    for (const path of ['/nowhere', '/hls', '/whip/', '/../index.html', '/constructor']) {
      expect(await ask('GET', path)).toMatchObject({
        status: 404,
        body: 'There is nothing at this address. Check the link.\n',
      });
    }
  });

  it('puts the security headers on every reply, and lets only the embed page be framed', async () => {
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/nowhere'],
      ['PUT', '/whip'],
      ['DELETE', '/whip'],
    ] as const) {
      const { headers } = await ask(method, path);
      expect(headers['Content-Security-Policy']).toContain("default-src 'self'");
      expect(headers['Content-Security-Policy']).toContain("frame-ancestors 'none'");
      expect(headers['X-Content-Type-Options']).toBe('nosniff');
      expect(headers['Referrer-Policy']).toBe('no-referrer');
    }
    const embed = await ask('GET', '/embed');
    expect(embed.headers['Content-Security-Policy']).toContain('frame-ancestors *');
    expect(embed.headers['Content-Security-Policy']).toContain("media-src 'self' blob:");
  });
});
