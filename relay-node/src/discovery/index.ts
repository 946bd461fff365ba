/** Finding relays without a centre: DHT, LAN, and the options for both. */

export {
  BOOTSTRAP_DEFAULT,
  type ChannelSigner,
  type DhtAddress,
  type DhtSettings,
  type DhtStats,
} from './dht.js';
export { DiscoveryError, type DiscoveryErrorKind } from './discovery-error.js';
export {
  addDiscoveryOptions,
  type DiscoveryFlags,
  type DiscoveryOptions,
  type DiscoveryOptionsResult,
  readDiscoveryOptions,
} from './discovery-options.js';
export { type FindOnceRequest, findRelaysOnce } from './find-once.js';
export { createFinder, Finder, type FinderSettings, type FinderStats } from './finder.js';
export { isLoopbackHost } from './loopback.js';
export type { MdnsSettings, MdnsStats } from './mdns.js';
