/** Bounds and constants of the uplink meter. */

/** Bytes of a busy spell that say nothing: socket buffers swallow them faster than any uplink. */
export const UPLINK_SWALLOWED_BYTES: number = 64 * 1024;

/** Bytes that must move before a rate is taken. */
export const UPLINK_SAMPLE_BYTES: number = 32 * 1024;

/** Shortest time that a rate is taken over: shorter ones are the timer's grain. */
export const UPLINK_SAMPLE_MS: number = 40;

/** An empty queue that is filled again within this has not been idle. */
export const UPLINK_GAP_MS: number = 5;

/** Rates kept; the oldest goes first. */
export const UPLINK_SAMPLES_MAX: number = 16;

/** Rates older than this no longer count once a new one is taken. */
export const UPLINK_SAMPLE_AGE_MS: number = 30_000;

/** Rates needed before they count. */
export const UPLINK_SAMPLES_MIN: number = 3;

/** Which of the rates, in order, is the estimate: what the uplink holds most of the time. */
export const UPLINK_QUANTILE: number = 0.25;

/** Change of the estimate that is worth telling. */
export const UPLINK_CHANGE: number = 0.2;

/** Between two times of telling. */
export const UPLINK_TELL_MS: number = 1_000;

/** Links that were busy in one spell that are told apart; further ones count as one. */
export const UPLINK_LINKS_MAX: number = 64;

/** How long a node that used several links is taken to go on using several. */
export const UPLINK_LINKS_MS: number = 10_000;
