/** The mesh on one machine: a relay that feeds two viewers a stripe, five pages and three apps. */

import { AppViewer, MeshBroadcast, type MeshViewer, openMeshBrowser, PageViewer } from '../e2e/mesh-rig.js';
import { createLoneHost } from '../e2e/net/host.js';
import { findMissingNetPart } from '../e2e/net/require-net.js';
import type { Bench } from './bench.js';
import { readerScript } from './latency.js';
import { measureMesh } from './mesh-measure.js';

/** Of eight viewers, pages; the rest are apps. */
const PAGES = 5;
const VIEWERS = 8;

/** Length of each half of the measurement unless told otherwise. */
const SECONDS = 20;

/** Measures offload, latency and recovery with real browsers and apps. */
export const benchMesh: Bench = {
  about: 'eight viewers, pages and apps, of a relay that feeds two: offload, latency, a death (needs root)',
  async run({ note, seconds = SECONDS }) {
    const missing = findMissingNetPart('namespace');
    if (missing !== undefined) throw new Error(`This bench ${missing}.`);
    const host = await createLoneHost();
    const ends: (() => Promise<unknown>)[] = [() => host.close()];
    try {
      const broadcast = await MeshBroadcast.start({ host, heads: 2, bitrateKbps: 1_200, size: '640x360' });
      ends.push(() => broadcast.stop());
      const browser = await openMeshBrowser(host, broadcast.origin);
      ends.push(() => browser.close());
      await browser.context.addInitScript(await readerScript());
      const viewers: MeshViewer[] = [];
      for (let index = 0; index < PAGES; index++)
        viewers.push(await PageViewer.open(`page ${index + 1}`, browser, broadcast.link));
      for (let index = PAGES; index < VIEWERS; index++) {
        const app = new AppViewer(`app ${index + 1}`, host, broadcast.link);
        ends.push(() => app.stop());
        viewers.push(app);
      }
      return [await measureMesh({ broadcast, viewers, seconds, note })];
    } finally {
      for (const end of ends.reverse()) await end();
    }
  },
};
