/** Finding relays without a centre: the channel's item in the DHT, announced relays, and one list out of all. */

export * from './announced-sample.js';
export * from './candidates.js';
export * from './item.js';
export * from './limits.js';
export { canonicalOrigin, isPublicHost, isPublicOrigin, plainOriginOf } from './origin.js';
