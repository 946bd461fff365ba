/** What the dashboard asks about the broadcast once a second. */

import type { Catalog } from '@freshet/proto';
import type { BroadcastFigures } from './audience-model.js';

/** The parts of a broadcast that are looked at. */
export type Looked = {
  readonly state: BroadcastFigures['state'];
  readonly bytesSigned: number;
};

/** Reads the figures anew with each call; the media's rate is that since the call before. `now` in milliseconds. */
export function broadcastFigures(
  broadcast: Looked,
  catalog: () => Catalog | undefined,
  now: () => number,
): () => BroadcastFigures {
  let [bytesBefore, timeBefore] = [broadcast.bytesSigned, now()];
  return () => {
    const [bytes, time] = [broadcast.bytesSigned, now()];
    const mediaBps = time > timeBefore ? Math.round(((bytes - bytesBefore) * 8000) / (time - timeBefore)) : 0;
    [bytesBefore, timeBefore] = [bytes, time];
    const { title, renditions = [] } = catalog() ?? {};
    const renditionNames = new Map(renditions.map(({ id, name }) => [id, name]));
    return { state: broadcast.state, title, mediaBps, renditionNames };
  };
}
