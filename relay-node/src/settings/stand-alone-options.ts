/** What a stand-alone relay is given beyond what an embedded one needs. */

import type { BlockList } from 'node:net';
import type { TlsSource } from '../tls/tls-identity.js';

/** See the file's header. */
export type StandAloneOptions = {
  /** Serves `https:` and `wss:`. */
  readonly tls?: TlsSource | undefined;
  /** Reverse proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: BlockList | undefined;
  /** Where it stands, for `/health`. */
  readonly region?: string | undefined;
  /** Sentences about what keeps the relay from serving, for `/health`. */
  readonly problems?: (() => readonly string[]) | undefined;
};
