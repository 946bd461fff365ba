/** A relay that follows a broadcast and serves it as HLS on a port of its own, with a page that plays it by hls.js. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { encodeAddress, Prng, parseLink } from '@freshet/proto';
import { ChannelHost, type HlsChannel, HlsServer, type LinkEngine } from '@freshet/relay-node';
import type { LinkOwner } from '../../relay-node/src/channel-host.js';
import type { SegmentStore } from '../../relay-node/src/hls/index.js';
import type { HttpReply } from '../../relay-node/src/http/http-message.js';
import { createRouter } from '../../relay-node/src/http/router.js';
import { createLinkServer } from '../../relay-node/src/link/create-link-server.js';

/** What to follow and how. */
export type HlsRigOptions = {
  /** Watch link of the broadcast. */
  readonly link: string;
  readonly engine?: LinkEngine;
  /** The window on disk. */
  readonly store?: SegmentStore;
};

/** A running one. */
export type HlsRig = {
  readonly origin: string;
  readonly address: string;
  /** The multivariant playlist. */
  readonly url: string;
  readonly channel: HlsChannel;
  readonly hls: HlsServer;
  close(): Promise<void>;
};

const PAGE = `<!doctype html><meta charset="utf-8"><title>hls.js</title>
<video muted autoplay playsinline style="width:640px"></video>
<script src="/hls.js"></script><script src="/play.js"></script>`;

/** Plays `?src=`; what went wrong for good is kept for the test to read. */
const PLAY = `const source = new URLSearchParams(location.search).get('src');
globalThis.hlsErrors = [];
const player = new Hls({ lowLatencyMode: true, enableWorker: false });
globalThis.hlsPlayer = player;
player.on(Hls.Events.ERROR, (_, data) => {
  globalThis.hlsErrors.push(data.details);
  if (data.fatal) globalThis.hlsFatal = data.details;
});
player.loadSource(source);
player.attachMedia(document.querySelector('video'));`;

const reply = (contentType: string, body: string): HttpReply => ({
  status: 200,
  headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store' },
  body,
});

/** Starts it on a free port of loopback. */
export async function startHlsRig(options: HlsRigOptions): Promise<HlsRig> {
  const parsed = parseLink(options.link);
  if (!parsed.ok) throw new Error(`not a link: ${options.link}`);
  const { channelKey } = parsed.link;
  const address = encodeAddress(channelKey);
  const hls = new HlsServer({ startedMs: Date.now() });
  const channel = hls.open(address);
  if (options.store) channel.keepIn(options.store);
  const require = createRequire(import.meta.url);
  const script = await readFile(require.resolve('hls.js/dist/hls.min.js'), 'utf8');
  const server = createLinkServer<LinkOwner>({
    port: 0,
    host: '127.0.0.1',
    engine: options.engine,
    log: () => undefined,
    acceptLink: () => false,
    handlers: {
      onOpen: (link) => link.close(1001, ''),
      onMessage: () => undefined,
      onWritable: () => undefined,
      onOverflow: () => undefined,
      onClose: () => undefined,
    },
    handleHttp: createRouter({
      routes: [
        { method: 'GET', pattern: '/hls/*', handler: (request) => hls.handle(request), framing: 'anybody' },
        { method: 'OPTIONS', pattern: '/hls/*', handler: (request) => hls.handle(request) },
        { method: 'GET', pattern: '/play', handler: () => reply('text/html', PAGE) },
        { method: 'GET', pattern: '/hls.js', handler: () => reply('text/javascript', script) },
        { method: 'GET', pattern: '/play.js', handler: () => reply('text/javascript', PLAY) },
      ],
    }),
  });
  const { port } = await server.listen();
  const host = new ChannelHost({
    channelKey,
    address,
    role: 'relay',
    parents: [`${new URL(options.link).origin.replace('http', 'ws')}/channel/${address}`],
    agent: 'hls-rig/1',
    prng: new Prng(crypto.randomUUID()),
    server: {
      engine: server.engine,
      linkCount: 0,
      connectsRefused: 0,
      burstBytesMax: server.burstBytesMax,
      listen: () => server.listen(),
      close: () => server.close(),
      publish: (_topic, bytes) => channel.addPiece(bytes),
    },
    onEvent: (event) => {
      if (event.kind === 'catalog') channel.addCatalog(event.catalog);
    },
  });
  host.hold('all');
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    address,
    url: `${origin}/hls/${address}/index.m3u8`,
    channel,
    hls,
    async close() {
      host.close();
      hls.closeAll();
      await server.close();
    },
  };
}
