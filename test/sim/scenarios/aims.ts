/** What the mesh must reach, as wishes that scenarios put together. */

import {
  delayMsOf,
  type Figures,
  offloadOf,
  onTimeOf,
  relayEgressOf,
  stalledShareOf,
  stallFreeOf,
  startMsOf,
} from '../figures.js';
import type { Judge } from './scenario.js';

/** A smaller audience has few to share with: the relay's heads alone are a large part of it. */
const LARGE_AUDIENCE = 500;

/** What a scenario asks for; what is left out may be anything. */
export type Aims = {
  /** At least; for audiences of 500 and more. */
  readonly offload?: number;
  /** At least; for smaller ones. */
  readonly offloadSmall?: number;
  readonly stallFree?: number;
  /** At most. */
  readonly stalledShare?: number;
  readonly onTime?: number;
  readonly startMsP95?: number;
  readonly delayMsP99?: number;
  readonly relayEgressX?: number;
};

const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;

/** Makes the judge of these aims. Something forged that was played is always too much. */
export function judgeBy(aims: Aims): Judge {
  return (figures: Figures) => {
    const missed: string[] = [...figures.unmet];
    const atLeast = (what: string, value: number, wanted: number | undefined): void => {
      if (wanted !== undefined && !(value >= wanted))
        missed.push(`${what} is ${percent(value)}, at least ${percent(wanted)} wanted`);
    };
    const atMost = (what: string, value: number, wanted: number | undefined): void => {
      if (wanted !== undefined && !(value <= wanted))
        missed.push(`${what} is ${value.toFixed(1)}, at most ${wanted} wanted`);
    };
    const isLarge = figures.joined / figures.cells >= LARGE_AUDIENCE;
    atLeast('offload', offloadOf(figures), isLarge ? aims.offload : aims.offloadSmall);
    atLeast('viewers without a stall', stallFreeOf(figures), aims.stallFree);
    const stalled = stalledShareOf(figures);
    if (aims.stalledShare !== undefined && !(stalled <= aims.stalledShare))
      missed.push(`the time stalled is ${percent(stalled)}, at most ${percent(aims.stalledShare)} wanted`);
    atLeast('chunks on time', onTimeOf(figures), aims.onTime);
    atMost('the 95th percentile of the start in ms', startMsOf(figures, 0.95), aims.startMsP95);
    atMost('the 99th percentile of the delay in ms', delayMsOf(figures, 0.99), aims.delayMsP99);
    atMost("a relay's egress in bitrates", relayEgressOf(figures), isLarge ? aims.relayEgressX : undefined);
    atMost('forged chunks played', figures.forgedPlayed, 0);
    return missed;
  };
}
