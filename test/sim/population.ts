/**
 * Who watches: hosts as they are in homes, drawn from a seed. Host number i of a seed is the same whatever the size of
 * the audience, so a larger run has the smaller one's hosts and more.
 */

import type { Prng } from '@freshet/proto';

/** What one host is like. Bits per second are those of the line; what is usable of them is {@link USABLE_SHARE}. */
export type HostProfile = {
  /** One-way delay between the host and the core of its region: half of what lies between two hosts. */
  readonly accessMs: number;
  readonly uplinkBps: number;
  readonly downlinkBps: number;
  /** Behind an address translation through which only openly reachable hosts can be met. */
  readonly isBehindNat: boolean;
  /** Gives nothing, whatever its uplink: a phone on mobile data, or somebody who said no. */
  readonly isDownloadOnly: boolean;
  /** Index into {@link REGION_DELAYS_MS}. */
  readonly region: number;
};

/** What a population is drawn by. */
export type PopulationOptions = {
  readonly downloadOnlyShare: number;
  readonly natShare: number;
  /** How many regions the hosts are spread over evenly, at most {@link REGIONS_MAX}. */
  readonly regions: number;
};

/** Viewers of one region. */
export const POPULATION_DEFAULT: PopulationOptions = { downloadOnlyShare: 0.3, natShare: 0.2, regions: 1 };

/** Uplinks and the share of hosts that have them. */
export const UPLINK_CLASSES: readonly { readonly share: number; readonly bps: number }[] = [
  { share: 0.1, bps: 1_000_000 },
  { share: 0.25, bps: 5_000_000 },
  { share: 0.35, bps: 15_000_000 },
  { share: 0.2, bps: 40_000_000 },
  { share: 0.1, bps: 100_000_000 },
];

/** Mean share of an uplink that carries messages; the rest goes to headers, retransmissions and the household. */
export const USABLE_SHARE = 0.7;

const DOWNLINK_FACTOR = 8;
const DOWNLINK_BPS_MIN = 20_000_000;

/**
 * The delay between two hosts of a region is the sum of their access delays, so that a host is near or far to
 * everybody. Each is log-normal; the sum of two with these parameters (Fenton 1960 matches mean and variance, the
 * rest by trial) has the median 20 ms and the 95th percentile 60 ms.
 */
const ACCESS_MEDIAN_MS = 8.6;
const ACCESS_SIGMA = 0.86;

/** Access delay of a relay: a viewer at the median of all viewers is 20 ms from it. */
export const RELAY_ACCESS_MS = 11.4;

/** One-way delay between the cores of two regions (continents), beside the access delays. */
export const REGION_DELAYS_MS: readonly (readonly number[])[] = [
  [0, 80, 120, 150],
  [80, 0, 140, 100],
  [120, 140, 0, 90],
  [150, 100, 90, 0],
];

/** Regions that there are delays for. */
export const REGIONS_MAX: number = REGION_DELAYS_MS.length;

/** A standard normal deviate (Box and Muller 1958). */
function drawNormal(prng: Prng): number {
  const radius = Math.sqrt(-2 * Math.log(1 - prng.next()));
  return radius * Math.cos(2 * Math.PI * prng.next());
}

function drawUplink(prng: Prng): number {
  let left = prng.next();
  for (const { share, bps } of UPLINK_CLASSES) {
    left -= share;
    if (left < 0) return bps;
  }
  return UPLINK_CLASSES.at(-1)?.bps ?? 0;
}

/** Draws host number `index`. The order in which hosts are drawn makes no difference. */
export function drawHost(
  prng: Prng,
  index: number,
  options: PopulationOptions = POPULATION_DEFAULT,
): HostProfile {
  const own = prng.fork(`host ${index}`);
  const accessMs = ACCESS_MEDIAN_MS * Math.exp(ACCESS_SIGMA * drawNormal(own));
  const uplinkBps = drawUplink(own);
  return {
    accessMs,
    uplinkBps,
    downlinkBps: Math.max(DOWNLINK_BPS_MIN, uplinkBps * DOWNLINK_FACTOR),
    isBehindNat: own.next() < options.natShare,
    isDownloadOnly: own.next() < options.downloadOnlyShare,
    region: own.below(Math.min(REGIONS_MAX, options.regions)),
  };
}

/** A relay or publisher: 1 Gbit/s both ways in a data centre. */
export function relayHost(region = 0, uplinkBps = 1_000_000_000): HostProfile {
  return {
    accessMs: RELAY_ACCESS_MS,
    uplinkBps,
    downlinkBps: 1_000_000_000,
    isBehindNat: false,
    isDownloadOnly: false,
    region,
  };
}
