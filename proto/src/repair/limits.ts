/** Bounds and constants of repair, each with its reason and what follows when it is reached. */

/** Sequences of one rendition that are kept account of: 45 s at 45 pieces/s. What falls out of it is given up. */
export const REPAIR_WINDOW: number = 2048;

/** A piece is never overdue sooner than its stripe's mean lag and this: what jitter and verification take. */
export const LAG_TOLERANCE_MS_MIN: number = 40;

/** A piece is overdue at the latest this long after its stripe's mean lag, however much the stripe varies. */
export const LAG_TOLERANCE_MS_MAX: number = 150;

/** Mean lag up to which a stripe is taken as it is: one that lags more is overdue, not usual. */
export const LAG_MEAN_MS_MAX: number = 350;

/** Gain of the mean and of the deviation (RFC 6298 §2). */
export const LAG_GAIN: number = 1 / 8;
/** See {@link LAG_GAIN}. */
export const LAG_DEVIATION_GAIN: number = 1 / 4;

/** What a peak of lag or of reordering loses with each piece: a keyframe's is remembered until the next one. */
export const PEAK_DECAY: number = 0.975;

/** How far above the peaks of the last time a tolerance stays. */
export const PEAK_MARGIN: number = 1.2;

/** After a later piece of the same stripe came from the same source, what is missing before it is due within this at least. */
export const REORDER_MS: number = 25;

/** When this little is left to the deadline a missing piece is asked for, usual lag or not. */
export const REPAIR_RESERVE_MS: number = 200;

/** The same beyond the relay's round trip, for a node that is far from it: one try elsewhere, or some delay there. */
export const REPAIR_RESERVE_RTT_MS: number = 100;

/**
 * How long after its deadline a missing piece is still asked for: the picture stands still, but one piece given up costs
 * the rest of its group. As long as a group: by then the player goes on at the next keyframe.
 */
export const REPAIR_OVERTIME_MS: number = 1_000;

/** Beyond the round trip, how long an answer may take before another neighbour is asked. */
export const REPAIR_MARGIN_MS: number = 30;

/** A round trip assumed at least, when a neighbour's is not known. */
export const REPAIR_RTT_MS_MIN: number = 5;

/** Requests for one piece; after that it comes or is given up. */
export const REPAIR_TRIES_MAX: number = 6;

/** After everybody was asked in vain, how long until the first is asked again. */
export const REPAIR_RETRY_MS: number = 80;

/** Sequences of one request; further ones go into the next. */
export const REQUEST_SEQUENCES_MAX: number = 64;

/** What each open request to a neighbour counts, as if it were that much farther: spreads requests. */
export const SPREAD_MS: number = 10;

/** What each request that a neighbour failed in a row counts, likewise. */
export const FAILURE_MS: number = 60;

/** Failures in a row that count; beyond it more make no difference. */
export const FAILURES_MAX: number = 8;

/** Neighbours whose standing is kept; beyond it the one longest known is forgotten. */
export const STANDINGS_MAX: number = 64;

/** Requests in pieces, at most, as a share of the pieces that come: one stripe of four may be missing for good. */
export const REQUEST_SHARE: number = 0.25;

/** Requests a second that are allowed at however low a piece rate. */
export const REQUEST_RATE_MIN: number = 4;

/** Requests that may be made at once after a calm time; beyond it the nearest deadlines go first. */
export const REQUEST_BURST: number = 24;

/** With an unknown broadcast clock, the share of the playout lag that is left when a piece becomes known. */
export const UNKNOWN_CLOCK_SHARE: number = 0.5;

/** Late pieces in a row, of different chunks, that make the child leave a source. */
export const LATE_RUN: number = 2;

/** The same for a source that meanwhile sends others: a burst of loss takes two or three. */
export const LATE_RUN_TALKING: number = 4;

/** Captures nearer than this are one burst: a keyframe that comes slowly is late once, not six times. */
export const LATE_SPACING_MS: number = 15;

/**
 * A source that owes two chunks and has sent nothing for this long after the first was due, while others did, is silent.
 * That a piece is due is known only when a later one comes, which adds some 50 ms.
 */
export const SILENT_MS: number = 170;

/** Silence of all sources together, at least: nothing else tells a pause from a failure. */
export const ALL_SILENT_MS: number = 250;

/** Longest such silence that is waited for where pieces are rare. */
export const ALL_SILENT_MS_MAX: number = 2_000;

/**
 * After so long without a piece, at least, the neighbours are asked whether they are there, and the relay for what should
 * come next.
 */
export const QUIET_MS: number = 100;

/** What usual spacing explains is borne that much longer. */
export const QUIET_MARGIN: number = 1.5;

/** Before all sources count as silent, their answers have this long. */
export const QUIET_ANSWER_MS: number = 150;

/** Pieces that the relay is asked for then. */
export const QUIET_SEQUENCES: number = 4;

/** Each time that the relay has nothing new either, twice as much silence is borne, up to so many doublings. */
export const PAUSES_MAX: number = 3;

/** The relay's link is reliable: a lost segment holds it up for a retransmission, and nothing better is behind it. */
export const RELAY_SILENT_MS: number = 600;

/** After a change of source, nothing is held against the new one for this long. */
export const SWITCH_GRACE_MS: number = 400;

/** After a change of source, requests wait this long: the new one is told from where to begin. */
export const SWITCH_HOLD_MS: number = 120;

/** Late sources together, at most this long: then it is them, not this node's own downlink or a faster stripe. */
export const COMMON_LATE_MS: number = 1_000;

/** Late marks of different sources within this span count as together. */
export const COMMON_SPAN_MS: number = 300;

/** A timeout that is answered this much later says that this node slept: silence until then proves nothing. */
export const SLEEP_MS: number = 150;

/** Share of the uplink that a node gives to answering requests. */
export const REPAIR_UPLINK_SHARE: number = 0.25;

/** Uplink counted on before anything is known of it. */
export const REPAIR_UPLINK_BPS_START: number = 20_000_000;

/** Share of the bytes for repair that one asker may take. */
export const ASKER_SHARE: number = 0.5;

/** Bytes a second that one asker may take however much there is: {@link REQUEST_SHARE} of a 16 Mbit/s stream. */
export const ASKER_BYTES_PER_S_MAX: number = 512 * 1024;

/** Bytes an asker may have at once: {@link REQUEST_BURST} whole pieces. */
export const ASKER_BURST_BYTES: number = 384 * 1024;

/** Askers that may each use their burst at once. */
export const BURST_ASKERS: number = 4;

/** Asking for this multiple of what an honest node can ask for is a flood. */
export const FLOOD_MULTIPLE: number = 4;

/** Askers kept account of; further ones are refused. A relay has its whole cell. */
export const ASKERS_MAX: number = 16_384;
