import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeAddress } from '@freshet/proto';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWeriftConnection } from '../../viewer/src/app/rtc-werift.js';
import { createEdgeDial } from '../../viewer/src/link/rtc-relay-link.js';
import { openBrowser } from '../browser.js';
import { LOOPBACK_FLAG, until } from '../contract/edge-rig.js';
import { describeIfReal } from '../require-real.js';
import { type SyntheticPublisher, startSyntheticPublisher } from '../synthetic-publisher.js';
import { type EdgeRelay, startEdgeRelay } from './edge-relay.js';
import { type ViewerRecord, watchAtEdge } from './edge-viewer.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CHUNK_BYTES = 20_000;
const CHUNKS_PER_S = 30;
const WANTED = 150;

let publisher: SyntheticPublisher;
let relay: EdgeRelay;
beforeAll(async () => {
  publisher = await startSyntheticPublisher({ chunkBytes: CHUNK_BYTES, chunksPerS: CHUNKS_PER_S });
  const parentOrigin = `http://127.0.0.1:${publisher.relay.port}`;
  relay = await startEdgeRelay(publisher.channelKey, parentOrigin);
});
afterAll(async () => {
  await relay?.close();
  await publisher?.close();
});

const place = (): { edgeAddress: string; channel: string; chunkBytes: number } => ({
  edgeAddress: relay.edgeAddress,
  channel: encodeAddress(publisher.channelKey),
  chunkBytes: CHUNK_BYTES,
});

/** What every viewer must have got. */
const expectAll = (record: ViewerRecord): void => {
  expect(record).toMatchObject({ alteredCount: 0, gapCount: 0, piecesRefused: 0, status: 'live' });
};

describe('a broadcast at an edge', () => {
  it('reaches an app whole and in order', async () => {
    const { feed, record } = watchAtEdge(createEdgeDial(await createWeriftConnection()), place());
    await until('the chunks', () => record.chunkCount >= WANTED, 60_000);
    expectAll(record);
    feed.stop();
    await until('the relay hears of it', () => relay.edge.clientCount === 0);
  });
});

describeIfReal('a broadcast at an edge, in Chromium', ['chromium'], () => {
  it('reaches a page that came from nowhere, and the relay hears when it goes', async () => {
    const browser = await openBrowser({ flags: [LOOPBACK_FLAG] });
    const page = await browser.context.newPage();
    await page.addScriptTag({ content: await bundleViewer() });
    await page.evaluate(`window.watchHere(${JSON.stringify(place())})`);
    await until('the chunks', async () => (await recordIn(page)).chunkCount >= WANTED, 60_000);
    expectAll(await recordIn(page));
    expect(relay.edge.linkCount).toBe(1);
    await page.goto('about:blank?away');
    await until('the relay hears of it', () => relay.edge.clientCount === 0, 10_000);
    await browser.close();
  });
});

const recordIn = (page: Page): Promise<ViewerRecord> => page.evaluate<ViewerRecord>('window.watching.record');

const bundleViewer = async (): Promise<string> => {
  const contents = `
    import { createBrowserEdgeDial } from '../../viewer/src/link/rtc-relay-browser.ts';
    import { watchAtEdge } from './edge-viewer.ts';
    const dial = createBrowserEdgeDial();
    window.watchHere = (place) => { window.watching = watchAtEdge(dial, place); };
  `;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(root, 'test/e2e'), loader: 'ts' },
    alias: { '@freshet/proto': join(root, 'proto/src/index.ts') },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
};
