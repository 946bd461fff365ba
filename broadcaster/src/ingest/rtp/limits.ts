/** What the receive path holds and for how long; every number has its overflow rule beside it. */

/** Packets of one track that may wait in sequence order: 400 ms of 50 Mbit/s. Beyond it the oldest gap is given up. */
export const PACKETS_WAITING_MAX = 2048;

/** Packets of one track that are known to be missing. Beyond it the newest gap is not asked for, and is given up. */
export const MISSING_MAX = 512;

/** Times that one packet is asked for; after them it is only waited for. */
export const NACK_TRIES_MAX = 10;

/** The shortest time between two requests for the same packet, ms. */
export const NACK_RETRY_MS_MIN = 20;

/** How long a gap is waited for: three round trips and this, ms, */
export const GAP_BASE_MS = 250;

/** ... at least this long, which is five requests at a round trip of 50 ms, */
export const GAP_MS_MIN = 400;

/** ... and at most this long: a key frame must come within a second of the loss. */
export const GAP_MS_MAX = 700;

/** How long a gap in the sound is waited for, at most, ms: the rest of the sound waits with it. */
export const AUDIO_GAP_MS_MAX = 300;

/** How long a gap is waited for where nothing can be asked for again: packets overtake each other, ms. */
export const REORDER_MS = 60;

/** Packets that may have been overtaken by the very first, and are waited for as long as that. */
export const START_MARGIN = 8;

/** Share of the wait for a gap after which a key frame is asked for beside the missing packets. */
export const HEDGE_SHARE = 0.5;

/** The shortest time between two requests for a key frame, ms; libwebrtc makes no more either. */
export const PLI_INTERVAL_MS_MIN = 300;

/** The longest time between two requests that a sender leaves unanswered, ms: some have fixed groups. */
export const PLI_INTERVAL_MS_MAX = 8_000;

/** A track that has sent nothing for so long is not asked for key frames, ms. */
export const TRACK_IDLE_MS = 2_000;

/** Bytes of one coded picture; a larger one is dropped, with what follows to the next key frame. */
export const FRAME_BYTES_MAX = 4 * 1024 * 1024;

/** NAL units and fragments of one picture; more of them break it. */
export const FRAME_PARTS_MAX = 4096;

/** Bytes of a parameter set; a longer one is ignored. */
export const PARAMETER_SET_BYTES_MAX = 512;

/** Picture parameter sets kept; those with higher ids are ignored. */
export const PICTURE_PARAMETER_SETS_MAX = 8;

/** Frames of one track that may wait for the other, or to be polled. Beyond it the oldest is dropped. */
export const FRAMES_WAITING_MAX = 256;

/** How long a frame waits for an earlier one of the other track, ms. */
export const INTERLEAVE_MS_MAX = 60;

/** A frame may go out this far ahead of the other track without waiting, µs: two packets of sound. */
export const INTERLEAVE_SLACK_US = 40_000;

/** A track without frames for so long is not waited for, ms. */
export const INTERLEAVE_SILENT_MS = 200;

/** How long the sound waits at the start for the first picture, ms; what is earlier than it is left out. */
export const START_WAIT_MS_MAX = 2_000;

/** Time between receiver reports, ms. */
export const REPORT_INTERVAL_MS = 500;

/** Time between transport-wide feedbacks, ms: at 50 libwebrtc's estimate climbs fastest. */
export const FEEDBACK_INTERVAL_MS = 50;

/** Arrivals remembered for transport-wide feedback; older ones are reported as lost. */
export const FEEDBACK_ARRIVALS_MAX = 4096;

/** Packets reported in one feedback, which keeps it below one datagram. */
export const FEEDBACK_PACKETS_MAX = 350;

/** RTCP packets waiting to be polled. Beyond it the oldest is dropped: feedback repeats itself. */
export const RTCP_WAITING_MAX = 32;

/** Packets read from one compound RTCP datagram; the rest is ignored. */
export const RTCP_PACKETS_MAX = 16;

/** Sequence numbers in one NACK; the rest goes into the next. */
export const NACK_ENTRIES_MAX = 128;
