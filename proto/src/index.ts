/** Freshet's deterministic core: wire format, identity, session. No I/O, no clock, no randomness of its own. */

export * as Cmaf from './cmaf/index.js';
export * from './media.js';
export * from './time.js';
