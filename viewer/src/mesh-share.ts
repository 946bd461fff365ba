/** How much of a broadcast comes from other viewers. */

import type { MeshStats } from '@freshet/proto';

/** Bytes of pieces that came from other viewers, of all that came, from 0 to 1; `undefined` before any came. */
export function shareFromViewers(
  mesh: Pick<MeshStats, 'bytesFromPeers' | 'bytesFromRelay'>,
): number | undefined {
  const total = mesh.bytesFromPeers + mesh.bytesFromRelay;
  return total > 0 ? mesh.bytesFromPeers / total : undefined;
}
