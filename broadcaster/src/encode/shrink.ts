/** What is given up when encoding is too much for the machine. Pure. */

import type { EncodePlan } from './encode-plan.js';
import { type Ladder, type Rung, rungOf, STANDARD_HEIGHTS } from './ladder.js';
import { PRESETS, type Preset, type VideoEncoder } from './video-encoder.js';

/** How much is made of a ladder; kept over the runs of a broadcast, so that a publisher that comes back finds it so. */
export type Effort = {
  readonly preset: Preset;
  /** `Rung.id` of those left out. */
  readonly droppedIds: readonly number[];
  /** Lines of the largest encoded picture; unlimited when left out. */
  readonly heightMax?: number | undefined;
};

/** Everything. */
export const FULL_EFFORT: Effort = { preset: 'veryfast', droppedIds: [] };

/** A step down. */
export type Shrink = {
  readonly effort: Effort;
  /** For people, to stand in a sentence: `720p was left out`. */
  readonly what: string;
};

/** A single picture is made smaller to at most this part of its lines. */
const SMALLER = 0.75;

/** The ladder with what `effort` leaves of it; never without a picture. */
export function withEffort(ladder: Ladder, effort: Effort, plan: EncodePlan): Ladder {
  const { droppedIds, heightMax } = effort;
  const kept = ladder.rungs.filter(({ id }) => !droppedIds.includes(id));
  const [lowest] = ladder.rungs.slice(-1);
  const rungs = kept.length > 0 || lowest === undefined ? kept : [lowest];
  const fit = (rung: Rung): Rung => {
    if (heightMax === undefined || rung.isCopy || rung.height <= heightMax) return rung;
    const smaller = rungOf(plan, { height: heightMax });
    return { ...smaller, id: rung.id, kbps: Math.min(smaller.kbps, rung.kbps || smaller.kbps) };
  };
  return { ...ladder, rungs: rungs.map(fit) };
}

/**
 * The next step down from `ladder` as it is encoded now; `undefined` when nothing is left to give up.
 *
 * In the order of what viewers lose. `superfast` first: it saves about a third of the work and all renditions stay.
 * Then the renditions between the best and the smallest, the one nearest to the next below first, since there is
 * another almost as good. Then `ultrafast`, which is seen. Then the best one, which costs most and which only
 * those with much bandwidth had. The smallest stays to the end, as some can have no other, and a copy costs nothing.
 * A picture that is alone is made smaller.
 */
export function shrink(ladder: Ladder, effort: Effort, encoder: VideoEncoder): Shrink | undefined {
  const encoded = ladder.rungs.filter(({ isCopy }) => !isCopy);
  const [first] = encoded;
  if (first === undefined) return undefined;
  const middle = leastMissed(ladder.rungs);
  const isX264 = encoder === 'x264';
  if (isX264 && effort.preset === 'veryfast') return fasterPreset(effort);
  if (middle !== undefined) return without(effort, middle);
  if (isX264 && effort.preset === 'superfast') return fasterPreset(effort);
  // What is encoded and best, or the one below a copy.
  if (ladder.rungs.length > 1) return without(effort, first);
  const height = STANDARD_HEIGHTS.find((lines) => lines <= first.height * SMALLER);
  if (height === undefined) return undefined;
  return { effort: { ...effort, heightMax: height }, what: `the picture was made smaller, ${height}p` };
}

function fasterPreset(effort: Effort): Shrink {
  const preset = PRESETS[PRESETS.indexOf(effort.preset) + 1] ?? effort.preset;
  return { effort: { ...effort, preset }, what: `x264 was set to ${preset}` };
}

const without = (effort: Effort, rung: Rung): Shrink => ({
  effort: { ...effort, droppedIds: [...effort.droppedIds, rung.id] },
  what: `${rung.name} was left out`,
});

/** Of the renditions between the best and the smallest, the one whose bit rate is nearest to that of the next below. */
function leastMissed(rungs: readonly Rung[]): Rung | undefined {
  const ratio = (rung: Rung): number => rung.kbps / (rungs[rungs.indexOf(rung) + 1]?.kbps || 1);
  const between = rungs.slice(1, -1).filter(({ isCopy }) => !isCopy);
  return between.sort((left, right) => ratio(left) - ratio(right))[0];
}
