import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openBrowser } from '../browser.js';
import { TestNetwork } from '../contract/discovery-rig.js';
import { FreshetProcess } from '../freshet-process.js';
import { ffmpegPath } from '../media.js';
import { describeIfReal } from '../require-real.js';
import { PlayerPage } from './player-page.js';
import { freePort } from './relay-tree-rig.js';

const network = new TestNetwork();
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await network.close();
});

const HERE = ['--port', '0', '--host', '127.0.0.1', '--json'];

function start(...args: string[]): FreshetProcess {
  const process = new FreshetProcess(args);
  ends.push(() => process.stop());
  return process;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'freshet-doors-'));
  ends.push(async () => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A broadcast of the test picture, and a relay that passes it on. */
async function liveAndRelay(...flags: string[]): Promise<{ address: string; origin: string; edge: string }> {
  const live = start('live', ...HERE);
  const { watch, address } = await live.waitFor(({ event }) => event === 'ready');
  await live.waitFor(({ event }) => event === 'live');
  const relay = start('relay', '--parent', String(watch), ...HERE, ...flags);
  const { origin, edge } = await relay.waitFor(({ event }) => event === 'ready');
  await relay.waitFor(({ event, state }) => event === 'state' && state === 'live');
  return { address: String(address), origin: String(origin), edge: String(edge) };
}

/** Two seconds of what `freshet watch` takes from the link. */
async function record(link: string, ...flags: string[]): Promise<number> {
  const out = join(folder(), 'out.mp4');
  const watch = start('watch', link, '--json', '--relay-only', '--duration', '2', '--out', out, ...flags);
  expect(await watch.exitCode()).toBe(0);
  return statSync(out).size;
}

describeIfReal('a relay that knows nothing but a DHT', ['ffmpeg', 'chromium'], () => {
  it('plays a channel for a page that asks for it by its key', async () => {
    await network.addMany(9);
    const dht = ['--dht-bootstrap', `127.0.0.1:${network.nodes[0]?.dht.port}`];
    const live = start('live', ...HERE, ...dht);
    const { address } = await live.waitFor(({ event }) => event === 'ready');
    await live.waitFor(({ event }) => event === 'live');
    const relay = start('relay', ...HERE, ...dht);
    const { origin } = await relay.waitFor(({ event }) => event === 'ready');
    const browser = await openBrowser();
    ends.push(() => browser.close());
    const page = await PlayerPage.open(browser, `${origin}/watch/${address}`);
    await page.untilFramesAdvance(30, 40_000);
    expect(page.errors).toEqual([]);
  });
});

describeIfReal('a link without a relay', ['ffmpeg'], () => {
  it('plays in the app, which looks in the DHT', async () => {
    await network.addMany(9);
    const dht = ['--dht-bootstrap', `127.0.0.1:${network.nodes[0]?.dht.port}`, '--no-mdns'];
    const live = start('live', ...HERE, ...dht);
    const { address } = await live.waitFor(({ event }) => event === 'ready');
    expect(await record(`freshet:${address}`, ...dht)).toBeGreaterThan(10_000);
  });
});

describeIfReal('a relay serves the same broadcast', ['ffmpeg'], () => {
  it('as HLS to players that know nothing of Freshet', async () => {
    const { address, origin } = await liveAndRelay();
    const probe = execFileSync(
      ffmpegPath.replace(/ffmpeg([^/]*)$/, 'ffprobe$1'),
      [
        '-v',
        'error',
        '-show_entries',
        'stream=codec_name',
        '-of',
        'csv=p=0',
        `${origin}/hls/${address}/index.m3u8`,
      ],
      { encoding: 'utf8', timeout: 60_000 },
    );
    expect(probe).toContain('h264');
    expect(probe).toContain('aac');
  });

  it('by WebRTC, where it is known by an IP address and a fingerprint only', async () => {
    const certificate = join(folder(), 'edge.pem');
    const edgeFlags = ['--webrtc-address', '127.0.0.1', '--webrtc-certificate', certificate];
    const { address, edge } = await liveAndRelay(...edgeFlags);
    expect(edge).toMatch(/^udp:\/\/127\.0\.0\.1:\d+\//);
    expect(await record(`freshet:${address}?relay=${encodeURIComponent(edge)}`)).toBeGreaterThan(10_000);
  });
});

describeIfReal('a broadcaster that is killed and started again', ['ffmpeg', 'chromium'], () => {
  it('keeps its link, and its viewers their page', async () => {
    const key = join(folder(), 'channel.key');
    const keys = new FreshetProcess(['keys', 'new', '--key', key]);
    expect(await keys.exitCode()).toBe(0);
    // Chosen, as a person does: the same both times.
    const place = ['--key', key, '--port', String(await freePort()), '--host', '127.0.0.1', '--json'];
    const first = start('live', ...place);
    const before = await first.waitFor(({ event }) => event === 'ready');
    await first.waitFor(({ event }) => event === 'live');
    const relay = start('relay', '--parent', String(before.watch), ...HERE);
    const { watch } = await relay.waitFor(({ event }) => event === 'ready');
    const browser = await openBrowser();
    ends.push(() => browser.close());
    const page = await PlayerPage.open(browser, String(watch));
    await page.untilFramesAdvance(30);
    const { epoch } = await page.stats();
    first.child.kill('SIGKILL');
    await first.exitCode();
    const second = start('live', ...place);
    const after = await second.waitFor(({ event }) => event === 'ready');
    expect(after.watch).toBe(before.watch);
    await page.untilFramesAdvance(30, 60_000);
    await page.untilStatus('live');
    expect((await page.stats()).epoch).toBeGreaterThan(Number(epoch));
    expect(page.errors).toEqual([]);
  });
});

describeIfReal('a window on disk', ['ffmpeg'], () => {
  it('is offered again by a relay that was killed and started anew', async () => {
    const live = start('live', ...HERE);
    const { watch, address } = await live.waitFor(({ event }) => event === 'ready');
    await live.waitFor(({ event }) => event === 'live');
    const flags = ['--parent', String(watch), ...HERE, '--window', '1h', '--window-folder', folder()];
    const first = start('relay', ...flags);
    const before = await first.waitFor(({ event }) => event === 'ready');
    const listed = await untilSegments(`${before.origin}/hls/${address}`, 4);
    first.child.kill('SIGKILL');
    await first.exitCode();
    const second = start('relay', ...flags);
    const after = await second.waitFor(({ event }) => event === 'ready');
    const again = await untilSegments(`${after.origin}/hls/${address}`, 5);
    expect(again).toEqual(expect.arrayContaining(listed.slice(0, -1)));
    const [oldest = ''] = listed;
    const segment = await fetch(`${after.origin}/hls/${address}/1/${oldest}`);
    expect(segment.status).toBe(200);
    expect((await segment.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
  });
});

/** The names of the segments in the window, once there are so many. */
async function untilSegments(hls: string, count: number): Promise<readonly string[]> {
  for (let tries = 0; tries < 120; tries++) {
    const reply = await fetch(`${hls}/1/window.m3u8`);
    const names = (await reply.text()).split('\n').filter((line) => /^segment-/.test(line));
    if (names.length >= count) return names;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`fewer than ${count} segments in the window`);
}
