/**
 * The mesh over a network: every viewer on a host of its own, 30 ms apart, with a home's uplink and bursts of loss, one
 * of them behind NAT. Pages in two hosts, apps in the others: as many as two cores carry.
 */

import { AppViewer, MeshBroadcast, type MeshViewer, openMeshBrowser, PageViewer } from '../e2e/mesh-rig.js';
import { createNet, type HostSetup } from '../e2e/net/net.js';
import { findMissingNetPart } from '../e2e/net/require-net.js';
import type { Bench } from './bench.js';
import { readerScript } from './latency.js';
import { measureMesh } from './mesh-measure.js';

/** Of two hosts 30 ms apart, each has half of it. */
const DELAY_MS = 15;

const HOME = { delayMs: DELAY_MS, jitterMs: 2, upBps: 10_000_000, downBps: 50_000_000, loss: 0.01 };

const HOSTS: readonly HostSetup[] = [
  { name: 'relay', delayMs: DELAY_MS },
  { name: 'page 1', ...HOME },
  { name: 'page 2', ...HOME },
  { name: 'app 3', ...HOME },
  { name: 'app 4', ...HOME },
  { name: 'app 5', ...HOME },
  { name: 'app 6', ...HOME, nat: 'cone' },
];

/** Length of each half of the measurement unless told otherwise. */
const SECONDS = 20;

/** Measures offload, latency and recovery over lines as homes have them. */
export const benchMeshNet: Bench = {
  about: 'the same with each viewer on a host of its own: delay, loss, 10 Mbit/s up, a NAT (needs root)',
  async run({ note, seconds = SECONDS }) {
    const missing = findMissingNetPart('nat');
    if (missing !== undefined) throw new Error(`This bench ${missing}.`);
    const net = await createNet({ hosts: HOSTS, seed: 'mesh' });
    const ends: (() => Promise<unknown>)[] = [() => net.close()];
    try {
      const host = net.host('relay');
      const broadcast = await MeshBroadcast.start({ host, heads: 2, bitrateKbps: 1_000, size: '480x270' });
      ends.push(() => broadcast.stop());
      const script = await readerScript();
      const viewers: MeshViewer[] = [];
      for (const { name } of HOSTS) {
        if (name.startsWith('page')) {
          const browser = await openMeshBrowser(net.host(name), broadcast.origin);
          ends.push(() => browser.close());
          await browser.context.addInitScript(script);
          viewers.push(await PageViewer.open(name, browser, broadcast.link));
        } else if (name.startsWith('app')) {
          const app = new AppViewer(name, net.host(name), broadcast.link);
          ends.push(() => app.stop());
          viewers.push(app);
        }
      }
      return [await measureMesh({ broadcast, viewers, seconds, note })];
    } finally {
      for (const end of ends.reverse()) await end();
    }
  },
};
