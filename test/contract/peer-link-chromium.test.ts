import { CloseCode, FrameKind } from '@freshet/proto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLoneHost, type Host } from '../e2e/net/host.js';
import { createNet, type Net } from '../e2e/net/net.js';
import { describeIfNet } from '../e2e/net/require-net.js';
import {
  connectStations,
  type HostBrowser,
  openHostBrowser,
  type Remote,
  startNodeStation,
  untilReport,
} from './peer-link-remote.js';

const PIECE_BYTES = 11 * 1024;

describeIfNet(
  'peer links of Chromium',
  'namespace',
  () => {
    let host: Host & { close(): Promise<void> };
    let browser: HostBrowser;
    beforeAll(async () => {
      host = await createLoneHost();
      browser = await openHostBrowser(host);
    });
    afterAll(async () => {
      await browser?.close();
      await host?.close();
    });

    const kinds: readonly [string, () => Promise<Remote>, () => Promise<Remote>][] = [
      ['Chromium to werift', () => browser.openStation(), () => startNodeStation(host, 'werift')],
      ['werift to Chromium', () => startNodeStation(host, 'werift'), () => browser.openStation()],
      ['Chromium to wrtc', () => browser.openStation(), () => startNodeStation(host, 'wrtc')],
      ['Chromium to Chromium', () => browser.openStation(), () => browser.openStation()],
    ];
    it.each(kinds)('carry messages both ways and close, %s', async (_name, startOfferer, startAnswerer) => {
      const [offerer, answerer] = [await startOfferer(), await startAnswerer()];
      await connectStations(offerer, answerer);
      for (const sender of [offerer, answerer]) {
        const load = { kind: FrameKind.piece, byteLength: PIECE_BYTES, count: 45, gapMs: 22 };
        await sender.follow(['send', load]);
        await sender.follow(['send', { kind: FrameKind.control, byteLength: 60_000, count: 3, gapMs: 300 }]);
      }
      for (const receiver of [offerer, answerer]) {
        // On a busy machine pieces grow too old and are given up, as they should be; control messages never.
        const report = await untilReport(
          'control and most pieces have come, and the queue is empty',
          receiver,
          ({ controlCount, messageCount, writable }) =>
            controlCount === 3 && messageCount >= 3 + 20 && writable.at(-1) === 0,
        );
        expect(report.byteCount).toBe(3 * 60_000 + (report.messageCount - 3) * PIECE_BYTES);
        expect(report.alteredCount).toBe(0);
      }
      await offerer.follow(['close', CloseCode.badSignature, 'a forged piece']);
      const { closed } = await untilReport(
        'the end is told',
        answerer,
        (report) => report.closed.length > 0,
        1_000,
      );
      expect(closed[0]).toMatchObject({ code: CloseCode.badSignature, reason: 'a forged piece' });
      expect((await answerer.follow(['report'])).closed).toHaveLength(1);
      await offerer.vanish();
      await answerer.vanish();
    });

    it('end within a second at the other end when the page is closed', async () => {
      const [page, app] = [await browser.openStation(), await startNodeStation(host, 'werift')];
      await connectStations(page, app);
      const startMs = Date.now();
      await page.vanish();
      const { closed } = await untilReport('the end is told', app, (report) => report.closed.length > 0);
      expect((closed[0]?.atMs ?? 0) - startMs).toBeLessThan(1_000);
      await app.vanish();
    });
  },
  ['chromium'],
);

describeIfNet(
  'peer links over a slow line',
  'nat',
  () => {
    let net: Net;
    beforeAll(async () => {
      net = await createNet({
        hosts: [
          { name: 'slow', delayMs: 15, upBps: 3_000_000 },
          { name: 'fast', delayMs: 15 },
          { name: 'home', delayMs: 15, nat: 'cone' },
        ],
      });
    });
    afterAll(async () => {
      await net?.close();
    });

    it.each(['Chromium', 'werift'])('show their backlog and tell when it is gone, on %s', async (engine) => {
      const browser = engine === 'Chromium' ? await openHostBrowser(net.host('slow')) : undefined;
      const sender = (await browser?.openStation()) ?? (await startNodeStation(net.host('slow'), 'werift'));
      const receiver = await startNodeStation(net.host('fast'), 'werift');
      await connectStations(sender, receiver);
      // Twice what the line takes: the queue must be seen while it grows.
      const load = { kind: FrameKind.piece, byteLength: PIECE_BYTES, count: 100, gapMs: 15 };
      await sender.follow(['send', load]);
      await untilReport('empty again', sender, ({ writable }) => writable.at(-1) === 0);
      const report = await untilReport(
        'the queue is gone',
        sender,
        ({ bufferedBytes }) => bufferedBytes === 0,
      );
      expect(report.bufferedBytesMax).toBeGreaterThan(2 * PIECE_BYTES);
      await sender.vanish();
      await receiver.vanish();
      await browser?.close();
    });

    it('open between a page behind a NAT and a host in the open', async () => {
      const browser = await openHostBrowser(net.host('home'));
      const page = await browser.openStation();
      const app = await startNodeStation(net.host('fast'), 'werift');
      await connectStations(app, page);
      await page.vanish();
      await app.vanish();
      await browser.close();
    });
  },
  ['chromium'],
);
