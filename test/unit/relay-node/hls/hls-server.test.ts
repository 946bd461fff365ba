import { gunzipSync } from 'node:zlib';
import { encodeAddress } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { HlsServer } from '../../../../relay-node/src/hls/hls-server.js';
import type { HttpReply } from '../../../../relay-node/src/http/http-message.js';
import { request } from '../http/request.js';
import { catalog, EPOCH, TestClock, TestPublisher } from './broadcast.js';

const ADDRESS = encodeAddress(new Uint8Array(32).fill(7));

const serve = (): HlsServer => {
  const server = new HlsServer({ startedMs: EPOCH, clock: new TestClock() });
  const channel = server.open(ADDRESS);
  channel.addCatalog(catalog());
  for (const message of new TestPublisher().next(300)) channel.addPiece(message);
  return server;
};

const get = (server: HlsServer, rest: string, query = '', headers = {}): Promise<HttpReply> =>
  server.handle({ ...request('GET', `/hls/${ADDRESS}/${rest}`, headers), query });

describe('HLS over HTTP', () => {
  it('lets caches keep media and not playlists, and pages elsewhere have both', async () => {
    const server = serve();
    const playlist = await get(server, '1/live.m3u8');
    expect(playlist).toMatchObject({
      status: 200,
      headers: {
        'Content-Type': 'application/vnd.apple.mpegurl',
        'Cache-Control': 'no-cache',
        'Access-Control-Allow-Origin': '*',
      },
    });
    const segment = /^segment-.*$/m.exec(String(playlist.body))?.[0] ?? '';
    expect(await get(server, `1/${segment}`)).toMatchObject({
      status: 200,
      headers: {
        'Content-Type': 'video/mp4',
        'Cache-Control': 'public, max-age=3600, immutable',
        'Access-Control-Allow-Origin': '*',
      },
    });
    expect(await server.handle(request('OPTIONS', `/hls/${ADDRESS}/index.m3u8`))).toMatchObject({
      status: 204,
      headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'GET, HEAD' },
    });
  });

  it('compresses a long playlist for who takes it', async () => {
    const server = serve();
    const plain = await get(server, '1/live.m3u8');
    const packed = await get(server, '1/live.m3u8', '', { 'accept-encoding': 'gzip, br' });
    expect(packed.headers).toMatchObject({ 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' });
    expect(gunzipSync(packed.body).toString()).toBe(plain.body);
  });

  it.each([
    [404, 'nothing.m3u8', ''],
    [404, '1/../../../etc/passwd', ''],
    [400, '1/live.m3u8', '_HLS_part=1'],
    [400, '1/live.m3u8', '_HLS_msn=99999999999'],
  ])('answers %i, open to pages elsewhere, for %s?%s', async (status, rest, query) => {
    const reply = await get(serve(), rest, query);
    expect(reply).toMatchObject({
      status,
      headers: { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' },
    });
  });

  it('knows only channels that it carries, and releases who waits when one goes', async () => {
    const server = serve();
    await get(server, '1/live.m3u8');
    const sequence = EPOCH / 1000 + 5;
    const waiting = get(server, '1/live.m3u8', `_HLS_msn=${sequence}`);
    expect(server.waitingCount).toBe(1);
    server.close(ADDRESS);
    expect((await waiting).status).toBe(404);
    expect(server.waitingCount).toBe(0);
    expect((await get(server, 'index.m3u8')).status).toBe(404);
  });
});
