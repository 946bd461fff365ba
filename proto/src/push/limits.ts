/** Bounds and constants of the push queue, each with its reason and what follows when it is reached. */

/** Children a node pushes to; further ones are not taken, and what is pushed to them counts as overflow. */
export const PUSH_CHILDREN_MAX: number = 32;

/** Bytes that wait for one child; beyond it what has the least chance to arrive in time is dropped. */
export const PUSH_CHILD_BYTES_MAX: number = 512 * 1024;

/** Bytes that wait for all children together; beyond it what has the least chance is dropped, whosever it is. */
export const PUSH_TOTAL_BYTES_MAX: number = 2 * 1024 * 1024;

/** Jobs that wait for one child, however small they are. */
export const PUSH_CHILD_JOBS_MAX: number = 512;

/** What a further hop below a child is taken to cost: half a round trip, the queue there and the verification. */
export const PUSH_HOP_MS: number = 30;

/** Jobs whose due times lie in the same span of this length are equally urgent: the biggest subtree goes first. */
export const PUSH_BUCKET_MS: number = 20;

/**
 * Time of uplink that may be queued in the links together: deep enough to keep the uplink busy between two reports,
 * shallow enough that a more urgent job does not wait long behind what cannot be called back.
 */
export const PUSH_IN_FLIGHT_MS: number = 60;

/** Bytes that may be in flight however slow the uplink is: one piece, with the next one ready behind it. */
export const PUSH_IN_FLIGHT_BYTES_MIN: number = 16 * 1024;

/** Bytes that may be in flight however fast it is; also what data channels still carry well. */
export const PUSH_IN_FLIGHT_BYTES_MAX: number = 512 * 1024;

/** A link that holds bytes and has shown no progress for this long is stuck: it no longer counts against the others. */
export const PUSH_STUCK_MS: number = 500;

/** Uplink assumed at least, so that a wrong estimate of nothing does not stop the queue for ever. */
export const PUSH_UPLINK_BPS_MIN: number = 256_000;

/** Uplink counted on before anything is known of it. */
export const PUSH_UPLINK_BPS_START: number = 4_000_000;

/** Jobs dropped in a row, none sent between, that make a child slow. */
export const PUSH_SLOW_DROPS: number = 4;

/** Weight of the newest wait in the smoothed queue delay. */
export const PUSH_DELAY_GAIN: number = 1 / 16;
