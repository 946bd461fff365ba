/** What the broadcaster should know and could do something about, one sentence each. */

import type { DashboardState } from './dashboard-wire.js';

/** Slower than this, and the picture falls behind without end. */
const SPEED_MIN = 0.97;

/** Share of viewers that may stand still within a minute before it is worth a word. */
const STALLED_SHARE_MAX = 0.05;

/** Viewers from which shares mean anything. */
const VIEWERS_MIN = 10;

/** Viewers from which they should carry most of the stream. */
const OFFLOAD_VIEWERS_MIN = 40;
const OFFLOAD_MIN = 0.5;

const LATENCY_MS_MAX = 5_000;

/** What is judged: the state, and what is not in it. */
export type Judged = Omit<DashboardState, 'warnings'> & {
  readonly latencyP95Ms: number | undefined;
  /** Frames that the encoder has dropped within the last minute. */
  readonly framesDroppedLately: number;
  /** The link leads to this machine or its network only. */
  readonly isLinkLocal: boolean;
};

/** The sentences, most urgent first. */
export function warningsOf(judged: Judged): readonly string[] {
  const { state, encoder, viewers, stalls, relayBps, peerBps, latencyP95Ms } = judged;
  const said: string[] = [];
  if (state === 'waiting') said.push('No picture comes from the source. Viewers wait until it is back.');
  const { speed } = encoder;
  if (state === 'live' && speed !== undefined && speed < SPEED_MIN)
    said.push(
      `The encoder is slower than real time (${speed.toFixed(2)} x). Choose a smaller size, a lower bitrate or fewer renditions.`,
    );
  if (judged.framesDroppedLately > 0)
    said.push(`The encoder dropped ${judged.framesDroppedLately} frames within the last minute.`);
  const stalled = viewers - (stalls[0] ?? viewers);
  if (viewers >= VIEWERS_MIN && stalled > viewers * STALLED_SHARE_MAX)
    said.push(`For ${stalled} of ${viewers} viewers the picture stood still within the last minute.`);
  if (latencyP95Ms !== undefined && latencyP95Ms > LATENCY_MS_MAX)
    said.push(`One viewer in twenty is more than ${Math.round(latencyP95Ms / 1000)} s behind.`);
  const total = relayBps + peerBps;
  if (viewers >= OFFLOAD_VIEWERS_MIN && total > 0 && peerBps / total < OFFLOAD_MIN)
    said.push(
      `Viewers carry only ${Math.round((100 * peerBps) / total)} % of the stream. Many of them may be on networks that allow no connections; further relays help.`,
    );
  if (judged.isLinkLocal && state !== 'ended')
    said.push('The link works in this network only. With --public-url others can watch, too.');
  return said;
}
