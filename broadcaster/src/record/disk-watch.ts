/** Says in time that a disk is about to be full. */

import { statfs } from 'node:fs/promises';

/** With less recording time than this left on the disk, it is said. */
export const LOW_MINUTES = 10;

/** It is said again after there was so much more room in between. */
const ENOUGH_MINUTES = 15;

/** How much can still be recorded. Pure. */
export class DiskForecast {
  #isLow = false;

  /** Minutes that fit at this rate in bytes per second; `undefined` while nothing is recorded. */
  minutesLeft(freeBytes: number, bytesPerSecond: number): number | undefined {
    return bytesPerSecond > 0 ? freeBytes / bytesPerSecond / 60 : undefined;
  }

  /** A sentence when the disk begins to be short of room; `undefined` otherwise. */
  warning(minutesLeft: number | undefined): string | undefined {
    if (minutesLeft === undefined) return undefined;
    if (minutesLeft >= ENOUGH_MINUTES) this.#isLow = false;
    if (this.#isLow || minutesLeft >= LOW_MINUTES) return undefined;
    this.#isLow = true;
    const minutes = Math.floor(minutesLeft);
    const left =
      minutes < 1 ? 'less than a minute' : `about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
    return `The disk is nearly full: there is room for ${left} more of recording. The broadcast goes on in any case.`;
  }
}

/** Bytes that this user may still write into the folder's file system; `undefined` where the system does not say. */
export async function freeBytesIn(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // Some network file systems do not know; the write itself then says when it is full.
    return undefined;
  }
}
