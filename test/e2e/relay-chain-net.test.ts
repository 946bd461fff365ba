import { afterEach, expect, it } from 'vitest';
import { openBrowser } from '../browser.js';
import { FreshetProcess } from '../freshet-process.js';
import type { Host } from './net/host.js';
import { createNet } from './net/net.js';
import { describeIfNet } from './net/require-net.js';
import { PlayerPage } from './player-page.js';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A command on a machine of its own, which listens at port 8080 there. */
async function startAt(host: Host, ...args: string[]): Promise<FreshetProcess> {
  const where = ['--port', '8080', '--host', host.address, '--json'];
  const process = new FreshetProcess([...args, ...where], {}, (argv) => host.namespace.commandOf(argv));
  ends.push(() => process.stop());
  return process;
}

const off = ['--dht', 'off', '--mdns', 'off'];

describeIfNet(
  'a chain over machines of their own',
  'nat',
  () => {
    it('carries a broadcast over two relays into a browser, 20 ms and losses on each way', async () => {
      const net = await createNet({
        seed: 'chain',
        hosts: [
          { name: 'source', delayMs: 10, loss: 0.005 },
          { name: 'first', delayMs: 10, loss: 0.005 },
          { name: 'second', delayMs: 10, loss: 0.005 },
          { name: 'home', delayMs: 10, loss: 0.005, nat: 'symmetric' },
        ],
      });
      ends.push(() => net.close());
      const live = await startAt(net.host('source'), 'live', '--no-dht', '--no-mdns', '--size', '640x360');
      const { address } = await live.waitFor(({ event }) => event === 'ready');
      await live.waitFor(({ event }) => event === 'live');
      let parent = `http://${net.host('source').address}:8080/watch/${address}`;
      for (const name of ['first', 'second']) {
        const relay = await startAt(net.host(name), 'relay', '--parent', parent, ...off);
        await relay.waitFor(({ event, state }) => event === 'state' && state === 'live');
        parent = `http://${net.host(name).address}:8080/watch/${address}`;
      }
      const browser = await openBrowser({ wrap: (argv) => net.host('home').namespace.commandOf(argv) });
      ends.push(() => browser.close());
      const page = await PlayerPage.open(browser, parent);
      await page.untilFramesAdvance(60, 60_000);
      expect(await page.status()).toBe('live');
      expect(page.errors).toEqual([]);
    });
  },
  ['ffmpeg', 'chromium'],
);
