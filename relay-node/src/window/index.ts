/** The live window on disk: what a relay keeps for rewinding, and over a restart. */

export { DiskWindow, type DiskWindowOptions, openDiskWindow } from './disk-window.js';
export { WINDOW_BYTES_DEFAULT } from './limits.js';
export { WindowError } from './window-error.js';
