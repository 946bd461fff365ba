/** Freshet's deterministic core: wire format, identity, pieces, session. No I/O, no clock, no randomness of its own. */

export { AssertionError, assert } from './assert.js';
export * from './audience/index.js';
export { concatBytes, equalBytes, toHex } from './bytes.js';
export * from './catalog.js';
export * as Cmaf from './cmaf/index.js';
export * from './discovery/index.js';
export * from './identity/index.js';
export * as Limits from './limits.js';
export * from './media.js';
export * from './piece/index.js';
export * from './plan/index.js';
export { Prng } from './prng.js';
export * as Recording from './recording/index.js';
export * from './session/index.js';
export * from './time.js';
export * from './wire/index.js';
