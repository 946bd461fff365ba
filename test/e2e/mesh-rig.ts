/** A broadcast, a relay and viewers of both kinds, pages and apps, as real programs on one or several hosts. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MeshStats } from '@freshet/proto';
import type { Page } from 'playwright-core';
import { openBrowser, type TestBrowser } from '../browser.js';
import { FreshetProcess } from '../freshet-process.js';
import type { Host } from './net/host.js';

/** What is broadcast, and how few viewers the relay feeds. */
export type MeshBroadcastOptions = {
  readonly host: Host;
  /** Viewers that the relay feeds in each stripe. */
  readonly heads: number;
  /** Kilobits per second of video. */
  readonly bitrateKbps: number;
  /** Pixels, such as `640x360`. */
  readonly size: string;
};

/** Runs a command line in a host's network. */
const wrapFor =
  (host: Host) =>
  (argv: readonly string[]): readonly string[] =>
    host.namespace.commandOf(argv);

/** The test picture, broadcast on one host and passed on by a relay there. */
export class MeshBroadcast {
  /** The watch link at the relay. */
  readonly link: string;
  /** The relay's address as a page's origin. */
  readonly origin: string;
  readonly #host: Host;
  readonly #live: FreshetProcess;
  readonly #relay: FreshetProcess;

  private constructor(host: Host, live: FreshetProcess, relay: FreshetProcess, link: string) {
    this.#host = host;
    this.#live = live;
    this.#relay = relay;
    this.link = link;
    this.origin = new URL(link).origin;
  }

  /** Resolves when the picture is live. */
  static async start({ host, heads, bitrateKbps, size }: MeshBroadcastOptions): Promise<MeshBroadcast> {
    const where = ['--port', '0', '--json'];
    const what = ['--size', size, '--bitrate', String(bitrateKbps)];
    const wrap = wrapFor(host);
    const live = new FreshetProcess(['live', ...where, '--host', '127.0.0.1', ...what], {}, wrap);
    const { watch } = await live.waitFor(({ event }) => event === 'ready');
    await live.waitFor(({ event }) => event === 'live');
    const alone = ['--dht', 'off', '--mdns', 'off'];
    const cell = ['--parent', String(watch), '--host', host.address, '--heads', String(heads), ...alone];
    const relay = new FreshetProcess(['relay', ...where, ...cell], {}, wrap);
    const ready = await relay.waitFor(({ event }) => event === 'ready');
    await relay.waitFor(({ event, state }) => event === 'state' && state === 'live');
    return new MeshBroadcast(host, live, relay, String(ready.watch));
  }

  /** One of the relay's figures for Prometheus, its labels as they are written there; 0 where it is not there. */
  async metric(name: string): Promise<number> {
    const script = `fetch('${this.origin}/metrics').then((r) => r.text()).then((t) => process.stdout.write(t))`;
    const { stdout } = await this.#host.exec([process.execPath, '-e', script]);
    const line = stdout.split('\n').find((text) => text.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? 0);
  }

  async stop(): Promise<void> {
    await this.#relay.stop();
    await this.#live.stop();
  }
}

/** A viewer of either kind. */
export interface MeshViewer {
  readonly name: string;
  /** Its figures, at most a second old; `undefined` before there are any, and for one that takes no part. */
  mesh(): Promise<MeshStats | undefined>;
  /** Times that the picture stood still; of apps, which show none, times that media was missing. */
  stalls(): Promise<number>;
  /** Ends it as a crash does: it says nothing to anybody. */
  kill(): Promise<void>;
}

/** A `freshet watch` that records. */
export class AppViewer implements MeshViewer {
  readonly name: string;
  readonly process: FreshetProcess;
  readonly #folder: string;

  constructor(name: string, host: Host, link: string, args: readonly string[] = []) {
    this.name = name;
    this.#folder = mkdtempSync(join(tmpdir(), 'freshet-app-'));
    const out = join(this.#folder, 'recording.mp4');
    this.process = new FreshetProcess(['watch', link, '--json', '--out', out, ...args], {}, wrapFor(host));
  }

  /** What it said last about itself. */
  latest(): Readonly<Record<string, unknown>> | undefined {
    return this.process.events.findLast(({ event }) => event === 'stats');
  }

  async mesh(): Promise<MeshStats | undefined> {
    // As the program printed it, from a MeshStats.
    return (this.latest()?.mesh ?? undefined) as MeshStats | undefined;
  }

  async stalls(): Promise<number> {
    return Number(this.latest()?.gapCount ?? 0);
  }

  async kill(): Promise<void> {
    this.process.child.kill('SIGKILL');
    await this.process.exitCode();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    const { child } = this.process;
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    await this.process.stop();
    clearTimeout(timer);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Small: without a graphics card the drawing costs more than everything else. */
const PAGE_SIZE = { width: 320, height: 200 };

/** Longest wait for a program to end in good order. */
const STOP_MS_MAX = 5_000;

const PLAYER = "document.querySelector('freshet-player')";

/** The watch page in Chromium. */
export class PageViewer implements MeshViewer {
  readonly name: string;
  readonly page: Page;
  readonly errors: string[] = [];

  private constructor(name: string, page: Page) {
    this.name = name;
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  /** Opens the link in a new tab: those behind it go on decoding, but show a frame a second only. */
  static async open(name: string, browser: TestBrowser, link: string): Promise<PageViewer> {
    const viewer = new PageViewer(name, await browser.context.newPage());
    await viewer.page.setViewportSize(PAGE_SIZE);
    await viewer.page.goto(link);
    return viewer;
  }

  async mesh(): Promise<MeshStats | undefined> {
    return (await this.page.evaluate<MeshStats | null>(`${PLAYER}?.stats?.mesh ?? null`)) ?? undefined;
  }

  stalls(): Promise<number> {
    return this.page.evaluate<number>(`${PLAYER}.stats.stallCount`);
  }

  /** Frames shown so far. */
  frames(): Promise<number> {
    return this.page.evaluate<number>(
      `${PLAYER}?.shadowRoot?.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0`,
    );
  }

  async kill(): Promise<void> {
    // What a page says when it goes away stays unsaid: its own handlers of `pagehide` do not get to run.
    const session = await this.page.context().newCDPSession(this.page);
    const crashed = new Promise((resolve) => this.page.once('crash', resolve));
    session.send('Page.crash').catch(() => undefined);
    await crashed;
  }
}

/** Chromium on a host, for pages of this broadcast: as trusted as https would make them. */
export function openMeshBrowser(
  host: Host,
  origin: string,
  options: { readonly isAddressShown?: boolean } = {},
): Promise<TestBrowser> {
  const { isAddressShown = true } = options;
  return openBrowser({
    wrap: wrapFor(host),
    flags: [
      `--unsafely-treat-insecure-origin-as-secure=${origin}`,
      // Else a local address is a name that only the local network's multicast resolves.
      ...(isAddressShown ? ['--disable-features=WebRtcHideLocalIpsWithMdns'] : []),
    ],
  });
}
