import type { World } from '../world.js';

/** A viewer whose newest chunk was captured at most this long ago is live. */
export const LIVE_MS = 2_000;

/** The viewers, by name, that see nothing newer than {@link LIVE_MS} at this moment. */
export function staleViewers(world: World): string[] {
  const stale: string[] = [];
  for (const [name, { newestCaptureMs }] of world.measurements.viewers)
    if (world.node(name).isUp && world.clock.now - newestCaptureMs > LIVE_MS) stale.push(name);
  return stale;
}
