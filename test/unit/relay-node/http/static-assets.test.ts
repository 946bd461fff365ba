import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { HttpReply } from '../../../../relay-node/src/http/http-message.js';
import { createStaticAssets } from '../../../../relay-node/src/http/static-assets.js';
import { request } from './request.js';

const script = Buffer.from('console.log("hello");\n'.repeat(200));
const assets = createStaticAssets([
  { path: '/player.js', bytes: script },
  { path: '/small.css', bytes: Buffer.from('a{}') },
  { path: '/poster.png', bytes: Buffer.alloc(5_000) },
  { path: '/app-1A2B3C4D.js', bytes: script, isImmutable: true },
]);

const get = (path: string, headers: Record<string, string> = {}): HttpReply => {
  const reply = assets.reply(path, request('GET', path, headers));
  if (reply === undefined) throw new Error(`nothing at ${path}`);
  return reply;
};
const bodyOf = (reply: HttpReply): Buffer => Buffer.from(reply.body);

describe('static assets', () => {
  it('are served as they are to a client that names no coding', () => {
    const reply = get('/player.js');
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': 'no-cache',
      Vary: 'Accept-Encoding',
    });
    expect(reply.headers).not.toHaveProperty('Content-Encoding');
    expect(bodyOf(reply).equals(script)).toBe(true);
  });

  it('are served in the smallest form the client takes, each with a tag of its own', () => {
    const br = get('/player.js', { 'accept-encoding': 'gzip, br' });
    const gzip = get('/player.js', { 'accept-encoding': 'gzip' });
    expect(br.headers['Content-Encoding']).toBe('br');
    expect(gzip.headers['Content-Encoding']).toBe('gzip');
    expect(brotliDecompressSync(br.body).equals(script)).toBe(true);
    expect(gunzipSync(gzip.body).equals(script)).toBe(true);
    const tags = [br, gzip, get('/player.js')].map((reply) => reply.headers.ETag);
    expect(new Set(tags).size).toBe(3);
    for (const tag of tags) expect(tag).toMatch(/^"[\w-]+"$/);
  });

  it('are left as they are when small or compressed already', () => {
    for (const path of ['/small.css', '/poster.png']) {
      const reply = get(path, { 'accept-encoding': 'br' });
      expect(reply.headers).not.toHaveProperty('Content-Encoding');
      expect(reply.headers).not.toHaveProperty('Vary');
    }
  });

  it('answer 304 without a body to a client that has this very form', () => {
    const tag = get('/player.js', { 'accept-encoding': 'br' }).headers.ETag ?? '';
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const reply = get('/player.js', { 'accept-encoding': 'br', 'if-none-match': known });
      expect(reply.status).toBe(304);
      expect(reply.body).toBe('');
      expect(reply.headers.ETag).toBe(tag);
    }
    expect(get('/player.js', { 'if-none-match': tag }).status).toBe(200);
  });

  it('may be kept for a year when their name holds a hash', () => {
    expect(get('/app-1A2B3C4D.js').headers['Cache-Control']).toBe('public, max-age=31536000, immutable');
  });

  it.each([
    '/',
    '/../player.js',
    '/%2e%2e/player.js',
    '/player.js/',
    '/__proto__',
    '/constructor',
    '//player.js',
  ])('have nothing at %s', (path) => {
    expect(assets.reply(path, request('GET', path))).toBeUndefined();
  });
});
