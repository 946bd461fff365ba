/** The mesh in real browsers and apps: one relay that feeds one viewer a stripe, everything in one network namespace. */

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestBrowser, untilTrue } from '../browser.js';
import { AppViewer, MeshBroadcast, type MeshViewer, openMeshBrowser, PageViewer } from './mesh-rig.js';
import { createLoneHost } from './net/host.js';
import { describeIfNet } from './net/require-net.js';

/** Anything that must come about in the end; CI machines are slow. */
const IN_TIME = { timeout: 40_000, interval: 250 };

/** Far more than a few stray pieces; about two seconds of the stream. */
const SOME_BYTES = 150_000;

const FORGER = fileURLToPath(new URL('./mesh-forger.ts', import.meta.url));

/** One host with a broadcast of which the relay feeds one viewer a stripe, and a browser. */
class Cell {
  readonly host: Awaited<ReturnType<typeof createLoneHost>>;
  readonly broadcast: MeshBroadcast;
  readonly browser: TestBrowser;
  readonly apps: AppViewer[] = [];
  readonly pages: PageViewer[] = [];

  private constructor(host: Cell['host'], broadcast: MeshBroadcast, browser: TestBrowser) {
    this.host = host;
    this.broadcast = broadcast;
    this.browser = browser;
  }

  static async start(): Promise<Cell> {
    const host = await createLoneHost();
    const broadcast = await MeshBroadcast.start({ host, heads: 1, bitrateKbps: 500, size: '320x180' });
    return new Cell(host, broadcast, await openMeshBrowser(host, broadcast.origin));
  }

  addApp(name: string, args: readonly string[] = []): AppViewer {
    const app = new AppViewer(name, this.host, this.broadcast.link, args);
    this.apps.push(app);
    return app;
  }

  async addPage(name: string, query: string = ''): Promise<PageViewer> {
    const page = await PageViewer.open(name, this.browser, this.broadcast.link + query);
    this.pages.push(page);
    return page;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    for (const app of this.apps) await app.stop();
    await this.broadcast.stop();
    await this.host.close();
  }
}

const fromPeers = async (viewer: MeshViewer): Promise<number> => (await viewer.mesh())?.bytesFromPeers ?? 0;

/** Waits until so many of the viewers got something from others, from now on. */
const untilFed = async (viewers: readonly MeshViewer[], count: number = viewers.length): Promise<void> => {
  const before = await Promise.all(viewers.map(fromPeers));
  const countFed = async (): Promise<number> => {
    const now = await Promise.all(viewers.map(fromPeers));
    return now.filter((bytes, index) => bytes - (before[index] ?? 0) > SOME_BYTES).length;
  };
  await expect.poll(countFed, IN_TIME).toBeGreaterThanOrEqual(count);
};

/** Waits until two seconds more were played; a picture behind another tab stands still for the eye, not for the clock. */
const untilPlays = async (viewer: MeshViewer): Promise<void> => {
  if (viewer instanceof AppViewer) {
    const watchedMs = (): number => Number(viewer.latest()?.watchedMs ?? 0);
    const before = watchedMs();
    await expect.poll(watchedMs, IN_TIME).toBeGreaterThan(before + 2_000);
  }
  if (!(viewer instanceof PageViewer)) return;
  const video = "document.querySelector('freshet-player')?.shadowRoot?.querySelector('video')";
  const before = await viewer.page.evaluate<number>(`${video}?.currentTime ?? 0`);
  await untilTrue(viewer.page, `${video}?.currentTime > ${before + 2}`, IN_TIME.timeout);
  expect(viewer.errors).toEqual([]);
};

describeIfNet(
  'a mesh of pages and apps',
  'namespace',
  () => {
    let cell: Cell;
    beforeAll(async () => {
      cell = await Cell.start();
      cell.addApp('app 1');
      await cell.addPage('page 1');
      await cell.addPage('page 2');
      cell.addApp('app 2');
    });
    afterAll(() => cell?.stop());

    it('feeds pages and apps from each other, and every picture goes on', async () => {
      const viewers = [...cell.pages, ...cell.apps];
      // One of them may be the one that the relay feeds in every stripe.
      await untilFed(viewers, viewers.length - 1);
      for (const viewer of viewers) await untilPlays(viewer);
      const given = await Promise.all(
        viewers.map(async (viewer) => (await viewer.mesh())?.bytesToPeers ?? 0),
      );
      expect(given.reduce((total, bytes) => total + bytes, 0)).toBeGreaterThan(SOME_BYTES * 3);
    });

    it('leaves out whoever wants to be known to the relay only', async () => {
      const page = await cell.addPage('relay-only page', '?relay-only');
      const app = cell.addApp('relay-only app', ['--relay-only']);
      for (const viewer of [page, app]) {
        await untilPlays(viewer);
        expect(await viewer.mesh()).toBeUndefined();
      }
      await page.page.close();
      await app.stop();
      cell.pages.pop();
      cell.apps.pop();
    });

    it('feeds a page that gives nothing', async () => {
      const page = await cell.addPage('download-only page', '?upload=0');
      await untilFed([page]);
      await untilPlays(page);
      expect(await page.mesh()).toMatchObject({ bytesToPeers: 0, helpedCount: 0 });
      await page.page.close();
      cell.pages.pop();
    });

    it('goes on when a viewer that feeds others dies without a word', async () => {
      const viewers: readonly MeshViewer[] = [...cell.apps, ...cell.pages];
      let victim: { readonly viewer: MeshViewer; readonly peer: number } | undefined;
      const findVictim = async (): Promise<boolean> => {
        const sources = (await Promise.all(viewers.map((viewer) => viewer.mesh()))).flatMap(
          (mesh) => mesh?.sources ?? [],
        );
        for (const viewer of viewers) {
          const peer = (await viewer.mesh())?.peer;
          if (!victim && peer !== undefined && sources.includes(peer)) victim = { viewer, peer };
        }
        return victim !== undefined;
      };
      await expect.poll(findVictim, IN_TIME).toBe(true);
      const left = viewers.filter((viewer) => viewer !== victim?.viewer);
      const pages = left.filter((viewer) => viewer instanceof PageViewer);
      const stallsBefore = await Promise.all(pages.map((page) => page.stalls()));
      await victim?.viewer.kill();
      for (const viewer of left) {
        await expect.poll(async () => (await viewer.mesh())?.sources, IN_TIME).not.toContain(victim?.peer);
        await untilPlays(viewer);
      }
      await untilFed(left, left.length - 1);
      const stalls = await Promise.all(pages.map((page) => page.stalls()));
      // Not none: a busy machine holds pictures up without anybody's death.
      for (const [index, count] of stalls.entries())
        expect(count - (stallsBefore[index] ?? 0)).toBeLessThanOrEqual(2);
    });
  },
  ['ffmpeg', 'chromium'],
);

describeIfNet(
  'a mesh with a viewer that forges',
  'namespace',
  () => {
    let cell: Cell;
    beforeAll(async () => {
      cell = await Cell.start();
    });
    afterAll(() => cell?.stop());

    it('drops and reports it, and shows nothing of it', async () => {
      // It comes first, so that it feeds all who come after it.
      const argv = [process.execPath, '--import', 'tsx', FORGER, cell.broadcast.link];
      cell.host.spawn(argv, { stdio: ['ignore', 'ignore', 'inherit'] });
      await expect.poll(() => cell.broadcast.metric('freshet_cell_viewers'), IN_TIME).toBe(1);
      const app = cell.addApp('app');
      const page = await cell.addPage('page');
      const forged = 'freshet_cell_reports_total{why="forged"}';
      await expect.poll(() => cell.broadcast.metric(forged), IN_TIME).toBeGreaterThan(0);
      for (const viewer of [page, app]) await untilPlays(viewer);
      const refused = async (): Promise<number> =>
        Number(app.latest()?.piecesRefused ?? 0) +
        (await page.page.evaluate<number>("document.querySelector('freshet-player').stats.piecesRefused"));
      await expect.poll(refused, IN_TIME).toBeGreaterThan(0);
    });
  },
  ['ffmpeg', 'chromium'],
);
