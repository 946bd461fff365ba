/** How a command that serves comes to its end: first the viewers are moved, then the port is closed. */

import { constants } from 'node:os';

/** What can be stopped. */
export interface Stoppable {
  /** Moves everybody to others; resolves when all have gone, or when `signal` says that it has to end. */
  drain?(signal: AbortSignal): Promise<void>;
  /** Closes everything that is left. */
  close(): Promise<void>;
  readonly server: { readonly linkCount: number };
}

/** Longest drain. Who is left then is cut off, and finds another relay by itself. systemd waits for longer. */
export const DRAIN_MS_MAX = 20_000;

/** How often the count of those who are left is said. */
const PROGRESS_MS = 1_000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Waits for Ctrl-C or SIGTERM. From then on a second one ends the process at once, with 128 and its number. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    for (const signal of SIGNALS)
      process.on(signal, () => {
        if (isStopping) process.exit(128 + constants.signals[signal]);
        isStopping = true;
        resolve();
      });
  });
}

/** Drains, telling how many links are left as long as there are any, and closes. */
export async function stopGracefully(
  stoppable: Stoppable,
  onProgress: (links: number) => void,
): Promise<void> {
  const isDrainable = stoppable.drain !== undefined && stoppable.server.linkCount > 0;
  try {
    if (isDrainable) await drainWithin(DRAIN_MS_MAX, stoppable, onProgress);
  } finally {
    await stoppable.close();
  }
}

async function drainWithin(
  msMax: number,
  stoppable: Stoppable,
  onProgress: (links: number) => void,
): Promise<void> {
  const abort = new AbortController();
  const tell = (): void => onProgress(stoppable.server.linkCount);
  tell();
  const progress = setInterval(tell, PROGRESS_MS);
  const limit = setTimeout(() => abort.abort(), msMax);
  try {
    await stoppable.drain?.(abort.signal);
  } finally {
    clearInterval(progress);
    clearTimeout(limit);
  }
}
