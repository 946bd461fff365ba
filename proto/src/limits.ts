/**
 * Every bound of the core in one place, each with what follows when it is reached.
 *
 * {@link assertLimits} states the inequalities between them and runs when a session is made.
 */

import { assert } from './assert.js';

/**
 * Payload bytes of a piece. A chunk is cut into pieces of exactly this size and a shorter last one. A whole message
 * with header, signature and WebSocket frame stays below 16 KiB, up to which uWebSockets.js needs no buffer per link.
 */
export const PIECE_BYTES_MAX: number = 16 * 1024 - 256;

/** Pieces of one chunk; a longer chunk is refused by the cutter and by every decoder. */
export const CHUNK_PIECES_MAX: number = 512;

/** Bytes of an encoded piece header; a longer one is refused. */
export const HEADER_BYTES_MAX: number = 256;

/** Ed25519 signature (RFC 8032). */
export const SIGNATURE_BYTES: number = 64;

/** Ed25519 public key (RFC 8032). */
export const KEY_BYTES: number = 32;

/** SHA-256 digest (FIPS 180-4). */
export const DIGEST_BYTES: number = 32;

/** One control message; a longer one closes the link as `messageTooLarge`. */
export const CONTROL_BYTES_MAX: number = 60 * 1024;

/** One message of either kind on any link: what adapters configure their sockets with. */
export const MESSAGE_BYTES_MAX: number = 64 * 1024;

/** An encoded catalog; the publisher refuses to sign a longer one. */
export const CATALOG_BYTES_MAX: number = 48 * 1024;

/** Characters of a broadcast's description; a catalog with a longer one is refused. */
export const DESCRIPTION_LENGTH_MAX: number = 2_000;

/** Bytes of the picture that stands for a broadcast; a longer one is refused. */
export const POSTER_BYTES_MAX: number = 56 * 1024;

/** Renditions of a broadcast; a catalog with more is refused. */
export const RENDITIONS_MAX: number = 16;

/** Stripes of a rendition: a subscription's mask is one 32-bit word. */
export const STRIPES_MAX: number = 32;

/** Bits per second assumed of a rendition that does not announce them. */
export const BITRATE_DEFAULT: number = 4_000_000;

/** Stripes a broadcaster uses when nothing else is asked for. */
export const STRIPES_DEFAULT: number = 2;

/** Relay addresses in a catalog; more are refused. */
export const CATALOG_RELAYS_MAX: number = 16;

/** A ticket: two keys, a time in six bytes, a signature. */
export const TICKET_BYTES: number = 2 * KEY_BYTES + 6 + SIGNATURE_BYTES;

/** Tickets in a catalog; more are refused. */
export const CATALOG_TICKETS_MAX: number = 16;

/** Characters of a title, a name, a MIME type or an agent text; longer ones are refused. */
export const TEXT_LENGTH_MAX: number = 256;

/** Characters of an address (URL); longer ones are refused. */
export const URL_LENGTH_MAX: number = 512;

/** Characters of the token by which a relay is recognised at its origin, at least and at most; another one is left out. */
export const ORIGIN_TOKEN_LENGTH_MIN: number = 16;
/** See {@link ORIGIN_TOKEN_LENGTH_MIN}. */
export const ORIGIN_TOKEN_LENGTH_MAX: number = 64;

/** Capabilities named in a hello; the rest are ignored. */
export const CAPABILITIES_MAX: number = 32;

/** Media kept by a node for joins and repair: whole groups are dropped, oldest first. */
export const WINDOW_MS: number = 10_000;

/** Bytes of that window per rendition: whole groups are dropped, oldest first, but for the newest one. */
export const WINDOW_BYTES_MAX: number = 32 * 1024 * 1024;

/** What a piece counts in a window beside its payload: tiny pieces take memory as well. */
export const PIECE_OVERHEAD_BYTES: number = 1024;

/** A group longer than this is not kept for joins: newcomers then wait for the next keyframe. */
export const GROUP_BYTES_MAX: number = 16 * 1024 * 1024;

/** Pieces that wait for the catalog or for their verification; beyond it the newest is dropped. */
export const PENDING_PIECES_MAX: number = 1024;

/** Of those that wait for a catalog, from one link: nobody fills the table alone. */
export const PENDING_PIECES_PER_LINK_MAX: number = 512;

/** Catalogs of which the verification is under way; beyond it the newest is dropped. */
export const PENDING_CATALOGS_MAX: number = 8;

/** Capture time may differ from the synchronised clock by this much; a piece beyond it is a replay and dropped. */
export const CAPTURE_SKEW_MS_MAX: number = 30_000;

/** Bytes queued in one link to a child before a catch-up burst waits for it to drain. */
export const BURST_BYTES_MAX: number = 128 * 1024;

/** Bytes queued in one live link that make it lag, whatever the bitrate. */
export const BACKLOG_BYTES_MIN: number = 128 * 1024;

/** Media time queued in one live link that makes it lag: it then skips to the next keyframe. */
export const BACKLOG_MS_MAX: number = 1_000;

/** Chunks a player's assembler holds while one is incomplete; beyond it the oldest are given up. */
export const ASSEMBLER_CHUNKS_MAX: number = 512;

/** Bytes a player's assembler holds while a chunk is incomplete; beyond it the oldest are given up. */
export const ASSEMBLER_BYTES_MAX: number = 32 * 1024 * 1024;

/** A link that has not said hello after this long is closed as `timeout`. */
export const HELLO_TIMEOUT_MS: number = 10_000;

/** A parent that has not said hello after this long is raced with another one (RFC 8305 §5). */
export const RACE_MS: number = 250;

/** One that was dialled for a race and has not said hello after this long makes room for the next. */
export const RACE_TURN_MS: number = 1_000;

/** The slower one of a race has so long to show that it is the better one. */
export const RACE_JUDGE_MS: number = 1_000;

/** A child that has said nothing for this long is closed as `timeout`. Children ping every {@link PING_MS}. */
export const CHILD_SILENCE_MS_MAX: number = 45_000;

/** A parent that has sent nothing for this long is left. */
export const PARENT_SILENCE_MS_MAX: number = 9_000;

/** Between two pings to a parent once the clock is synchronised. */
export const PING_MS: number = 4_000;

/** Between two pings while it is not. */
export const PING_FAST_MS: number = 150;

/** Clock samples kept; the one with the shortest round trip counts. */
export const CLOCK_SAMPLES_MAX: number = 12;

/** A ping answered later than this says nothing about the clock; the sample is ignored. */
export const CLOCK_RTT_MS_MAX: number = 10_000;

/** Latest time that a broadcaster's clock may show (the year 2255); a sample beyond it is ignored. */
export const BROADCAST_MS_MAX: number = 9e12;

/** First wait before a lost parent is dialled again; doubles up to {@link DIAL_BACKOFF_MS_MAX}. */
export const DIAL_BACKOFF_MS_MIN: number = 250;

/** Longest wait between two attempts. */
export const DIAL_BACKOFF_MS_MAX: number = 10_000;

/** How long a parent that sent a forged piece is not asked again; doubles with each further one. */
export const DISTRUST_MS: number = 15_000;

/** Longest such time. */
export const DISTRUST_MS_MAX: number = 600_000;

/** Parents a node remembers; further ones are ignored. */
export const PARENTS_MAX: number = 16;

/**
 * Control messages a child may send within {@link CONTROL_RATE_MS}; one more closes it as `tooManyMessages`. A viewer that
 * gets half of {@link NEIGHBOURS_MAX} at once signals an offer and its candidates to each.
 */
export const CONTROL_RATE_MAX: number = 1_200;

/** Subscriptions of a child within the same time that are sent what is held; further ones begin with what comes. */
export const CATCH_UPS_MAX: number = 40;

/** The span that {@link CONTROL_RATE_MAX} counts over. */
export const CONTROL_RATE_MS: number = 5_000;

/** Between two reports of a relay's audience to its parent. */
export const AUDIENCE_MS: number = 1_000;

/** A signal that a relay hands on between two viewers; a longer one closes its sender as `protocolViolation`. */
export const SIGNAL_BYTES_MAX: number = 16 * 1024;

/** Neighbours in one plan message; a longer one is refused, and relays split theirs. */
export const PLAN_LINKS_MAX: number = 256;

/** Neighbours of a viewer; what a plan names beyond it is ignored. */
export const NEIGHBOURS_MAX: number = 64;

/** Edges that a viewer names when it comes from another relay: one a stripe. */
export const KEPT_EDGES_MAX: number = 32;

/** Sequence numbers in one request or answer; a longer message is refused. */
export const REQUEST_SEQUENCES_MAX: number = 64;

/** Padding that a relay may ask for to measure an uplink. */
export const PROBE_BYTES_MAX: number = 256 * 1024;

/** Padding that a relay does ask for: what an uplink of 1 Mbit/s sends in less than {@link PROBE_MS_MAX}. */
export const PROBE_BYTES: number = 96 * 1024;

/** Bytes of padding in one message. */
export const PROBE_STEP_BYTES: number = 8 * 1024;

/** A measurement of an uplink ends after this long with what has come. */
export const PROBE_MS_MAX: number = 1_500;

/** No uplink is believed to be faster, in bits per second. */
export const UPLINK_BPS_MAX: number = 200_000_000;

/** An uplink that says it is faster than was measured is believed so many times more. */
export const UPLINK_RAISE: number = 1.5;

/** Between two such steps. */
export const UPLINK_RAISE_MS: number = 2_000;

/** Share of what is believed that a viewer must be carrying for others before more is believed. */
export const UPLINK_RAISE_USED: number = 0.5;

/** Pieces of which a viewer remembers, for each neighbour, that they went over the link: ten seconds of 50 a second. */
export const SENT_WINDOW_PIECES: number = 512;

/** A neighbour that failed to deliver a stripe is not asked for it again for so long. */
export const NEIGHBOUR_FAILED_MS: number = 5_000;

/** A connection to a neighbour that is not open after so long is given up, and reported. */
export const NEIGHBOUR_CONNECT_MS_MAX: number = 6_000;

/** A neighbour that has said nothing for so long is left. Neighbours ping every {@link NEIGHBOUR_PING_MS}. */
export const NEIGHBOUR_SILENCE_MS_MAX: number = 5_000;

/**
 * Control messages that a neighbour may send within {@link CONTROL_RATE_MS}: pings, requests and answers of a stream with
 * many pieces. One more closes it as `tooManyMessages`.
 */
export const NEIGHBOUR_CONTROL_MAX: number = 1_000;

/**
 * Pieces that are replayed, old, or here already, which a neighbour may send within {@link CONTROL_RATE_MS}: a burst of a
 * source that is taking over, and repairs that cross. One more closes it as `tooManyMessages`.
 */
export const USELESS_PIECES_MAX: number = 1_000;

/** Times that a relay may ask one link for padding: for the first offer, and for one that comes after none. */
export const PROBES_ANSWERED_MAX: number = 2;

/** Plans that wait while a catalog is verified; beyond it they are carried out at once. */
export const PLANS_HELD_MAX: number = 64;

/** An answer to a request for something overdue goes out within so long, or not at all. */
export const OVERDUE_ANSWER_MS: number = 250;

/** Between two pings to a neighbour. */
export const NEIGHBOUR_PING_MS: number = 1_500;

/** Between two pings to a source that owes pieces: whether they were lost on the way, or it has gone. */
export const NEIGHBOUR_PROBE_MS: number = 70;

/** A neighbour that has not answered a ping within so many of its round trips and {@link DOUBT_MS} may be gone. */
export const DOUBT_RTTS: number = 1.25;
/** See {@link DOUBT_RTTS}: what an answer may take beside the way, a delayed verification for one. */
export const DOUBT_MS: number = 40;

/** How long a link that the plan has dropped may go on feeding until its successor does. */
export const NEIGHBOUR_DROP_MS: number = 4_000;

/** A planned parent that was asked for a stripe and has not sent a piece after so long is reported. */
export const SOURCE_PENDING_MS_MAX: number = 1_500;

/** A viewer looks after its neighbours so often. */
export const MESH_TICK_MS: number = 250;

/** Between two reports of one neighbour for one reason. */
export const REPORT_MS: number = 2_000;

/** A player nearer to the capture than this is fed by the relay: neighbours' pieces would come too late for it. */
export const MESH_LAG_MS_MIN: number = 350;

/** Playout behind the capture of a viewer near its relay, until its player says something else. */
export const PLAYOUT_LAG_MS: number = 700;

/** A source that leaves less than this to the deadline leaves no time for a repair, nor for a keyframe's burst. */
export const SPARE_MS_MIN: number = 220;

/** Pieces in a row with so little time left that make a viewer take the stripe from elsewhere: a fifth of a second's. */
export const TIGHT_RUN_MAX: number = 5;

/** How long the relay keeps a stripe that came too late from neighbours; twice as long each time. */
export const REST_MS_MIN: number = 3_000;

/** The longest such rest, and the calm after which it is short again. */
export const REST_MS_MAX: number = 60_000;

/** Round trip to the relay up to which a viewer counts as near. */
export const PLAYOUT_NEAR_RTT_MS: number = 80;

/** No viewer plays further behind because of the distance alone. */
export const PLAYOUT_LAG_MS_MAX: number = 2_000;

/**
 * A viewer in a mesh waits so long for a missing piece once a later keyframe is complete, and longer by what it plays
 * farther behind than {@link PLAYOUT_LAG_MS}.
 */
export const MESH_PATIENCE_MS: number = 500;

/**
 * Nodes on the way from the publisher to a relay, both included; a longer path is no path: the relay leaves the parent that
 * names it. A tree of relays with two children each and so many levels has 65,000 of them.
 */
export const HOPS_MAX: number = 16;

/** Origins of siblings in a {@link HOPS_MAX path} message; a longer message is refused. */
export const SIBLINGS_MAX: number = 4;

/** Origins in a redirect; a longer message is refused. */
export const REDIRECTS_MAX: number = 4;

/**
 * Parents known from redirects alone, and as many as are taken from redirects within {@link REDIRECT_SPAN_MS}; further ones
 * are ignored. So many dials more is all that a hostile relay can make a viewer do.
 */
export const PARENTS_TOLD_MAX: number = 8;

/** See {@link PARENTS_TOLD_MAX}. */
export const REDIRECT_SPAN_MS: number = 30_000;

/** Redirects that lead to each other; what a parent found over so many of them says is ignored. */
export const REDIRECT_DEPTH_MAX: number = 3;

/** Between two times that a relay tells its path; changes in between are told together. */
export const PATH_MS: number = 100;

/** First wait after a parent turned out to be below this relay; doubles up to {@link LOOP_MS_MAX}, with jitter. */
export const LOOP_MS_MIN: number = 1_000;

/** Longest such wait: a loop of relays costs two dials a minute. */
export const LOOP_MS_MAX: number = 60_000;

/**
 * A parent that has delivered nothing for so long while the broadcast is live may have failed: the warm one is asked as well.
 * A player keeps at least {@link MESH_LAG_MS_MIN} in a mesh.
 */
export const FLOW_SILENCE_MS: number = 300;

/** A parent whose pieces come so many times farther apart than they used to is silent: for streams of few pieces. */
export const FLOW_SILENCE_GAPS: number = 6;

/** How long two parents feed before the better of them is kept. */
export const OVERLAP_MS: number = 300;

/** A warm parent is looked for so long after the one in use has answered: that one comes first. */
export const WARM_AFTER_MS: number = 200;

/** Between two comparisons of the parent in use with the warm one. */
export const CHOICE_MS: number = 5_000;

/** A parent is not exchanged for a better one sooner than this after the last exchange. */
export const CHANGE_MS_MIN: number = 30_000;

/** Pieces that a parent jumped over and that are remembered; the oldest are forgotten. */
export const SKIPPED_PIECES_MAX: number = 64;

/** After two parents were found to lack the same pieces, no jump makes a relay ask both for so long. */
export const GAP_REST_MS: number = 5_000;

/** Sequence numbers below the newest piece in which a gap counts as missing when a parent is asked to go on. */
export const RESUME_SPAN_PIECES: number = 128;

/**
 * A relay that goes on at another parent within this after its last piece is sent everything, whatever waits; later its parent
 * may skip to the newest group: what lies between is of no use to its viewers any more.
 */
export const RESUME_MS_MAX: number = 4_000;

/** Over how long a relay that leaves tells its children, evenly. */
export const DRAIN_SPREAD_MS: number = 3_000;

/** Between two steps of it. */
export const DRAIN_STEP_MS: number = 100;

/** Between two times that a viewer tells its relay how the broadcast plays: as often as it pings. */
export const PLAYING_MS: number = 4_000;

/** A child relay's summary that is older than this counts no more. One is sent each {@link AUDIENCE_MS}. */
export const SUMMARY_STALE_MS: number = 5_000;

/** Between two summaries with a sample of the tree. */
export const TOPOLOGY_MS: number = 2_000;

/** Nodes of the tree in one summary: those nearest to its sender. A longer message is refused. */
export const SUMMARY_NODES_MAX: number = 1_000;

/** Nodes of the tree that the publisher is shown; children's samples are cut in proportion. */
export const TOPOLOGY_NODES_MAX: number = 5_000;

/** Stripes of which a sample of the tree tells parents; further ones are left out. */
export const TOPOLOGY_STRIPES_MAX: number = 8;

/** Relays in one summary that have a row of their own: those nearest to its sender. A longer message is refused. */
export const SUMMARY_ROWS_MAX: number = 128;

/** Relays that one child may speak for; more are not believed. */
export const RELAYS_BELOW_MAX: number = 4_096;

/** Viewers that one relay is believed to have, several times as many as a process serves. */
export const RELAY_VIEWERS_MAX: number = 65_536;

/**
 * What a viewer or relay may claim to receive, as a multiple of the stream's bitrate: repairs, duplicates, and a catalog
 * that names less than is sent.
 */
export const CLAIMED_RATE_MAX: number = 3;

/** Checks the inequalities that the limits must keep to each other. */
export function assertLimits(): void {
  assert(
    PIECE_BYTES_MAX + HEADER_BYTES_MAX + SIGNATURE_BYTES + 3 <= MESSAGE_BYTES_MAX,
    'a piece fits in a message',
  );
  assert(PIECE_BYTES_MAX + 256 <= 16 * 1024, 'a usual piece message stays below 16 KiB');
  assert(CATALOG_BYTES_MAX + 1024 <= CONTROL_BYTES_MAX, 'a signed catalog fits in a control message');
  assert(POSTER_BYTES_MAX + 64 <= CONTROL_BYTES_MAX, 'a poster fits in a control message');
  assert(CONTROL_BYTES_MAX + 1 <= MESSAGE_BYTES_MAX, 'a control message fits in a message');
  assert(GROUP_BYTES_MAX <= WINDOW_BYTES_MAX, 'the window holds a whole group');
  assert(STRIPES_DEFAULT <= STRIPES_MAX && STRIPES_MAX <= 32, 'a stripe mask is one 32-bit word');
  assert(PING_MS * 2 < PARENT_SILENCE_MS_MAX, 'two lost pongs do not lose the parent');
  assert(PING_MS * 5 < CHILD_SILENCE_MS_MAX, 'a child that pings is never silent');
  assert(NEIGHBOUR_PING_MS * 3 < NEIGHBOUR_SILENCE_MS_MAX, 'two lost pongs do not lose a neighbour');
  assert(KEPT_EDGES_MAX >= STRIPES_MAX, 'every stripe may have an edge');
  assert(SIGNAL_BYTES_MAX + 64 <= CONTROL_BYTES_MAX, 'a signal fits in a control message');
  assert(RESUME_MS_MAX < WINDOW_MS, 'a relay resumes from what its parent still holds');
  assert(PARENTS_TOLD_MAX < PARENTS_MAX, 'redirects never displace the configured parents');
  assert(AUDIENCE_MS * 4 < SUMMARY_STALE_MS, 'three lost summaries do not lose an audience');
  assert(RELAYS_BELOW_MAX * RELAY_VIEWERS_MAX < 2 ** 32, 'what a child may claim fits in its message');
  assert(
    SUMMARY_NODES_MAX * (8 + 2 * TOPOLOGY_STRIPES_MAX) + SUMMARY_ROWS_MAX * 35 + 1024 <= CONTROL_BYTES_MAX,
    'a summary fits in a control message',
  );
  assert(FLOW_SILENCE_MS < MESH_LAG_MS_MIN, 'a silent parent is noticed before a mesh player runs dry');
  assert(
    CONTROL_RATE_MAX * PING_FAST_MS > CONTROL_RATE_MS * 2,
    'fast pings stay well below the control rate limit',
  );
}
