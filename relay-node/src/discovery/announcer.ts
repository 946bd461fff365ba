/** Announces the channels that a relay carries, as they come and go. */

import { decodeAddress, type SessionStats } from '@freshet/proto';
import type { Finder } from './finder.js';

/** What is asked of a channel at the relay. */
export type AnnouncedChannel = {
  readonly session: { readonly catalog: unknown };
  stats(): Pick<SessionStats, 'parentCount'>;
};

/** See the module's header. Call {@link tick} every few seconds. */
export class Announcer {
  readonly #finder: Pick<Finder, 'announce' | 'withdraw'>;
  readonly #port: number;
  readonly #announced = new Map<string, Uint8Array>();

  constructor(finder: Pick<Finder, 'announce' | 'withdraw'>, port: number) {
    this.#finder = finder;
    this.#port = port;
  }

  /** Only what has a broadcast and a parent: whoever comes would find nothing else here. */
  tick(channels: ReadonlyMap<string, AnnouncedChannel>): void {
    for (const [address, host] of channels) {
      if (this.#announced.has(address) || !isCarried(host)) continue;
      const decoded = decodeAddress(address);
      if (!decoded.ok) continue;
      this.#announced.set(address, decoded.channelKey);
      this.#finder.announce(decoded.channelKey, this.#port);
    }
    for (const [address, channelKey] of this.#announced) {
      const host = channels.get(address);
      if (host && isCarried(host)) continue;
      this.#announced.delete(address);
      this.#finder.withdraw(channelKey);
    }
  }
}

function isCarried(host: AnnouncedChannel): boolean {
  return host.session.catalog !== undefined && host.stats().parentCount > 0;
}
