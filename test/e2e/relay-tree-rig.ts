/** Relays and viewers around a synthetic broadcast on loopback, for tests of the tree. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { encodeAddress, type MediaChunk, toHex } from '@freshet/proto';
import { type Relay, type RelayOptions, startRelay, verifyNow } from '@freshet/relay-node';
import { createSessionFeed, type Feed } from '@freshet/viewer';
import { dialWs } from '@freshet/viewer/app';
import { type SyntheticPublisher, startSyntheticPublisher } from '../synthetic-publisher.js';

const PROCESS = fileURLToPath(new URL('relay-tree-process.ts', import.meta.url));

/** A port that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('there is no free port');
  return address.port;
}

/** Counts what a viewer gets, and the longest time without anything. */
export class CountingViewer {
  readonly chunks: number[] = [];
  readonly statuses: string[] = [];
  #feed: Feed;
  #lastAt: number | undefined;
  #longestMs = 0;

  constructor(channelKey: Uint8Array, origin: string) {
    const platform = {
      dial: dialWs,
      verify: async (request: Parameters<typeof verifyNow>[0]) => verifyNow(request),
      agent: 'test',
      uploadBps: 0,
    };
    this.#feed = createSessionFeed(platform, { channel: encodeAddress(channelKey), relays: [origin] });
    this.#feed.start((event) => {
      if (event.kind === 'status') this.statuses.push(event.status.kind);
      if (event.kind === 'chunk') this.#take(event.chunk);
    });
  }

  /** Numbers that are missing between the first chunk and the last. */
  get missing(): number {
    const [first = 0] = this.chunks;
    return (this.chunks.at(-1) ?? 0) - first + 1 - this.chunks.length;
  }

  /** The longest time without a chunk since the last call. */
  takeGapMs(): number {
    const longestMs = this.#longestMs;
    this.#longestMs = 0;
    return longestMs;
  }

  close(): void {
    this.#feed.stop();
  }

  #take({ chunkNumber }: MediaChunk): void {
    this.chunks.push(chunkNumber);
    const now = performance.now();
    if (this.#lastAt !== undefined) this.#longestMs = Math.max(this.#longestMs, now - this.#lastAt);
    this.#lastAt = now;
  }
}

/** A relay in another process. */
export type RemoteRelay = { readonly origin: string; readonly process: ChildProcess };

/** Everything that one test starts, ended by {@link close}. */
export class RelayTreeRig {
  readonly publisher: SyntheticPublisher;
  readonly #relays: Relay[] = [];
  readonly #processes: ChildProcess[] = [];
  readonly #viewers: CountingViewer[] = [];

  private constructor(publisher: SyntheticPublisher) {
    this.publisher = publisher;
  }

  static async start(): Promise<RelayTreeRig> {
    return new RelayTreeRig(await startSyntheticPublisher({ chunkBytes: 9_000, chunksPerS: 30 }));
  }

  get channelKey(): Uint8Array {
    return this.publisher.channelKey;
  }

  /** The publisher's origin. */
  get origin(): string {
    return `http://127.0.0.1:${this.publisher.relay.port}`;
  }

  /** A relay in this process that follows the channel from these parents, or takes it on demand without. */
  async relay(parents: readonly string[] | undefined, options: Partial<RelayOptions> = {}): Promise<Relay> {
    const port = options.port ?? (await freePort());
    const relay = await startRelay({
      port,
      host: '127.0.0.1',
      publicOrigin: `http://127.0.0.1:${port}`,
      log: () => undefined,
      ...options,
    });
    this.#relays.push(relay);
    if (parents) relay.follow(this.channelKey, parents);
    return relay;
  }

  /** A relay in a process of its own. */
  async remote(parents: readonly string[]): Promise<RemoteRelay> {
    const port = await freePort();
    const options = JSON.stringify({ port, channelKey: toHex(this.channelKey), parents });
    const child = fork(PROCESS, [options], { execArgv: ['--import', 'tsx'] });
    this.#processes.push(child);
    await once(child, 'message');
    return { origin: `http://127.0.0.1:${port}`, process: child };
  }

  viewer(origin: string): CountingViewer {
    const viewer = new CountingViewer(this.channelKey, origin);
    this.#viewers.push(viewer);
    return viewer;
  }

  async close(): Promise<void> {
    for (const viewer of this.#viewers) viewer.close();
    for (const child of this.#processes) child.kill('SIGKILL');
    for (const relay of this.#relays) await relay.close();
    await this.publisher.close();
  }
}

/** Where a relay of this process is reached. */
export const originOf = (relay: Relay): string => `http://127.0.0.1:${relay.port}`;
