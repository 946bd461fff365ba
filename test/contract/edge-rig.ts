/** An edge on loopback that echoes, and guests of two engines. */

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { type Edge, type EdgeOptions, startEdge } from '../../relay-node/src/edge/edge.js';
import type { LinkRequest, ServerLink } from '../../relay-node/src/link/link-server.js';
import { createWeriftConnection } from '../../viewer/src/app/rtc-werift.js';
import { createEdgeDial } from '../../viewer/src/link/rtc-relay-link.js';
import { EdgeGuest, type GuestReport } from './edge-guest.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Chromium leaves loopback out of what it looks at for WebRTC unless it is told. */
export const LOOPBACK_FLAG = '--allow-loopback-in-peer-connection';

/** The topic that every link of the rig is attached to. */
export const TOPIC = 'all';

/** What the relay's side has seen. */
export type EdgeRig = {
  readonly edge: Edge;
  /** What guests dial. */
  readonly url: string;
  readonly opened: { readonly link: ServerLink<undefined>; readonly request: LinkRequest }[];
  readonly closed: { readonly id: number; readonly code: number; readonly reason: string }[];
  readonly writable: number[];
  readonly overflown: number[];
};

/** Starts an edge whose links echo everything and are attached to `TOPIC`. */
export async function startEdgeRig(overrides: Partial<EdgeOptions<undefined>> = {}): Promise<EdgeRig> {
  const rig = { opened: [], closed: [], writable: [], overflown: [] } as Pick<
    EdgeRig,
    'opened' | 'closed' | 'writable' | 'overflown'
  >;
  const edge = await startEdge<undefined>({
    port: 0,
    host: '127.0.0.1',
    acceptLink: (path) => path.startsWith('/channel/'),
    handlers: {
      onOpen: (link, request) => {
        link.attach(TOPIC);
        rig.opened.push({ link, request });
      },
      onMessage: (link, bytes) => link.send(bytes),
      onWritable: (_link, bufferedBytes) => rig.writable.push(bufferedBytes),
      onOverflow: (link) => rig.overflown.push(link.id),
      onClose: ({ id }, code, reason) => rig.closed.push({ id, code, reason }),
    },
    ...overrides,
  });
  return { ...rig, edge, url: `${edge.addressAt('127.0.0.1')}/channel/test?view=1` };
}

/** A guest somewhere. */
export type Guest = {
  send(byteLength: number, mark: number): Promise<void>;
  close(code: number, reason: string): Promise<void>;
  report(): Promise<GuestReport>;
};

/** A guest in this process, by werift. */
export async function openWeriftGuest(url: string): Promise<Guest> {
  const guest = new EdgeGuest(createEdgeDial(await createWeriftConnection()), url);
  return {
    send: async (byteLength, mark) => guest.send(byteLength, mark),
    close: async (code, reason) => guest.close(code, reason),
    report: async () => guest.report(),
  };
}

const PAGE_SCRIPT = `
  import { EdgeGuest } from './edge-guest.ts';
  import { createBrowserEdgeDial } from '../../viewer/src/link/rtc-relay-browser.ts';
  const dial = createBrowserEdgeDial();
  window.openGuest = (url) => { window.guest = new EdgeGuest(dial, url); };
`;

/** A guest in a page, which is ready for one link. */
export async function openPageGuest(page: Page, url: string): Promise<Guest> {
  const { outputFiles } = await build({
    stdin: { contents: PAGE_SCRIPT, resolveDir: join(root, 'test/contract'), loader: 'ts' },
    alias: { '@freshet/proto': join(root, 'proto/src/index.ts') },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
  });
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  const run = <Result>(expression: string): Promise<Result> => page.evaluate<Result>(expression);
  await run(`window.openGuest(${JSON.stringify(url)})`);
  return {
    send: (byteLength, mark) => run(`window.guest.send(${byteLength}, ${mark})`),
    close: (code, reason) => run(`window.guest.close(${code}, ${JSON.stringify(reason)})`),
    report: () => run('window.guest.report()'),
  };
}

/** Waits until something holds, looking every 20 ms. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  msMax: number = 30_000,
): Promise<void> {
  const deadline = performance.now() + msMax;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${msMax} ms: ${what}`);
    await delay(20);
  }
}
