/** The broadcaster: takes any source, cuts it into signed pieces, and serves them from an embedded relay. */

export { readClock } from './ingest/clock-strip.js';
export { addKeysCommand } from './keys/keys-command.js';
export { addDevicesCommand } from './live/devices-command.js';
export { addLiveCommand, addStudioCommand } from './live/live-command.js';
