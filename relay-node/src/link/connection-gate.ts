/** Keeps one address from taking all the connections that are there for everybody. */

import { type BlockList, isIP } from 'node:net';
import { SourceLimiter } from '../stun/source-limiter.js';
import type { LinkLimits } from './link-limits.js';

/** Connections of all addresses together are bounded by their number, not by their pace. */
const TOTAL_PER_SECOND = 1_000_000;

/** Above this share of the connections that there may be, each serves one request and is closed. */
const CROWDED_SHARE = 0.5;

/** What a gate is made of. */
export type ConnectionGateOptions = {
  readonly limits: LinkLimits;
  /** Everybody behind them comes from their address. */
  readonly trustedProxies: BlockList | undefined;
  /** Asks it of this machine's own addresses as well; for tests. */
  readonly isLoopbackLimited: boolean | undefined;
};

/**
 * Says who may connect. A connection that idles is closed within seconds, and when many are open one that was answered is
 * closed, too: so the pace at which an address may connect bounds how many connections it can hold.
 */
export class ConnectionGate {
  readonly #options: ConnectionGateOptions;
  readonly #opens: SourceLimiter;
  #refusedCount = 0;

  constructor(options: ConnectionGateOptions) {
    const { connectsBurst: burst, connectsPerSecond: perSecond } = options.limits;
    this.#options = options;
    this.#opens = new SourceLimiter({ burst, perSecond, totalPerSecond: TOTAL_PER_SECOND });
  }

  /** Connections refused so far because their address opened too many. */
  get refusedCount(): number {
    return this.#refusedCount;
  }

  /** Whether one more connection from this address (in its shortest form) is served; `openCount` are open besides it. */
  admits(address: string, openCount: number): boolean {
    if (openCount >= this.#options.limits.httpConnectionsMax) return false;
    if (this.#isExempt(address)) return true;
    const isAllowed = this.#opens.allow(performance.now(), address);
    if (!isAllowed) this.#refusedCount += 1;
    return isAllowed;
  }

  /** Whether a connection that was answered is better closed. */
  isCrowded(openCount: number): boolean {
    return openCount > this.#options.limits.httpConnectionsMax * CROWDED_SHARE;
  }

  #isExempt(address: string): boolean {
    const { isLoopbackLimited, trustedProxies } = this.#options;
    const isOwn = address === '::1' || address.startsWith('127.');
    if (isOwn && isLoopbackLimited !== true) return true;
    const family = isIP(address);
    return family !== 0 && trustedProxies?.check(address, family === 4 ? 'ipv4' : 'ipv6') === true;
  }
}
