/** The hosts of one cell as columns: what the tree model reads for every delivery lies in typed arrays. */

import { Prng } from '@freshet/proto';
import {
  drawHost,
  type HostProfile,
  POPULATION_DEFAULT,
  type PopulationOptions,
  USABLE_SHARE,
} from '../population.js';

/** One cell's viewers; index = viewer. */
export type CellHosts = {
  readonly count: number;
  readonly accessMs: Float64Array;
  /** Bits per second of the line; what is usable of it changes with time. */
  readonly lineBps: Float64Array;
  readonly downBytesPerMs: Float64Array;
  readonly isBehindNat: Uint8Array;
  readonly isDownloadOnly: Uint8Array;
  readonly region: Uint8Array;
  /** When the viewer asks to join, in the cell's time. */
  readonly joinMs: Float64Array;
};

/** What a cell's hosts are drawn by. */
export type CellHostsOptions = {
  readonly seed: string;
  readonly count: number;
  /** Joins are spread evenly over this, in an order of chance. */
  readonly joinSpreadMs: number;
  readonly population?: PopulationOptions | undefined;
};

/** Turns given hosts into columns; they join one after the other, evenly over `joinSpreadMs`. */
export function createCellHosts(profiles: readonly HostProfile[], joinSpreadMs = 0): CellHosts {
  const count = profiles.length;
  const hosts: CellHosts = {
    count,
    accessMs: Float64Array.from(profiles, ({ accessMs }) => accessMs),
    lineBps: Float64Array.from(profiles, ({ uplinkBps }) => uplinkBps),
    downBytesPerMs: Float64Array.from(profiles, ({ downlinkBps }) => downlinkBps / 8000),
    isBehindNat: Uint8Array.from(profiles, ({ isBehindNat }) => Number(isBehindNat)),
    isDownloadOnly: Uint8Array.from(profiles, ({ isDownloadOnly }) => Number(isDownloadOnly)),
    region: Uint8Array.from(profiles, ({ region }) => region),
    joinMs: Float64Array.from(profiles, (_, index) => (index * joinSpreadMs) / count),
  };
  return hosts;
}

/** Draws the viewers of a cell from its seed. Hosts are independent, so their order of joining is one of chance. */
export function drawCellHosts(options: CellHostsOptions): CellHosts {
  const prng = new Prng(options.seed).fork('population');
  const population = options.population ?? POPULATION_DEFAULT;
  const profiles = Array.from({ length: options.count }, (_, index) => drawHost(prng, index, population));
  return createCellHosts(profiles, options.joinSpreadMs);
}

/** How the usable share of an uplink moves from one second to the next; the same walk as the event simulator's. */
const VARIATION_RETURN = 0.3;
const VARIATION_STEP = 0.1;
const USABLE_MIN = 0.5;
const USABLE_MAX = 0.9;

/**
 * Milliseconds that a byte takes through each viewer's uplink, for each second of the run: `[second * count + viewer]`.
 * The share of the line that is usable is constant within a second, which {@link lowerBoundMs} relies on.
 */
export function uplinkMsPerByte(
  hosts: CellHosts,
  options: { seed: string; seconds: number; isVarying: boolean },
): Float64Array {
  const { count } = hosts;
  const prng = new Prng(options.seed).fork('uplinks');
  const shares = new Float64Array(count).fill(USABLE_SHARE);
  const table = new Float64Array(count * options.seconds);
  for (let second = 0; second < options.seconds; second++)
    for (let viewer = 0; viewer < count; viewer++) {
      let share = shares[viewer] ?? USABLE_SHARE;
      table[second * count + viewer] = 8000 / ((hosts.lineBps[viewer] ?? 0) * share);
      if (!options.isVarying) continue;
      share += VARIATION_RETURN * (USABLE_SHARE - share) + VARIATION_STEP * (prng.next() * 2 - 1);
      shares[viewer] = Math.min(USABLE_MAX, Math.max(USABLE_MIN, share));
    }
  return table;
}
