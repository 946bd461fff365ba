/** What the control room tells the dashboard's page. Shared by both ends. */

/** The columns of the history, in this order. Counts are of the sample's span, rates in bits per second. */
export const HISTORY_COLUMNS = [
  'atMs',
  'viewers',
  'relays',
  'joins',
  'leaves',
  'egressBps',
  'relayBps',
  'peerBps',
  'latencyP50Ms',
  'latencyP95Ms',
  'stalledPermille',
  'speed',
  'framesPerSecond',
  'framesDropped',
] as const;

/** A column of the history. */
export type HistoryColumn = (typeof HISTORY_COLUMNS)[number];

/** One moment by {@link HISTORY_COLUMNS}; `null` is not known. */
export type HistorySample = readonly (number | null)[];

/** The encoder's figures, as far as they are known. */
export type EncoderFigures = {
  /** 1 is real time. */
  readonly speed?: number | undefined;
  readonly framesPerSecond?: number | undefined;
  /** Since the start. */
  readonly framesDropped?: number | undefined;
  /** What is encoded, for people, best first: `1080p 6 Mbit/s`. */
  readonly ladder?: readonly string[] | undefined;
};

/** A relay's own figures. */
export type RelayFigures = {
  /** A number drawn by the relay for as long as it runs. */
  readonly id: number;
  readonly parent: number;
  /** 0 is the broadcaster's own. */
  readonly depth: number;
  readonly viewers: number;
  readonly egressBps: number;
  readonly relayBps: number;
  readonly peerBps: number;
};

/** Viewers of one rendition. */
export type RenditionFigures = { readonly id: number; readonly name: string; readonly viewers: number };

/** The broadcast and its audience at one moment. */
export type DashboardState = {
  readonly title: string;
  readonly state: 'waiting' | 'live' | 'ended';
  readonly startedMs: number;
  readonly nowMs: number;
  /** Link to give to others. */
  readonly link: string;
  /** Bits per second of media. */
  readonly mediaBps: number;
  readonly viewers: number;
  readonly viewersMost: number;
  readonly relays: number;
  /** Since the broadcast began. */
  readonly joins: number;
  readonly leaves: number;
  readonly egressBps: number;
  readonly relayBps: number;
  readonly peerBps: number;
  /** Viewers by `LATENCY_MS_BOUNDS` of the protocol. */
  readonly latency: readonly number[];
  /** Viewers by `STALL_MS_BOUNDS`. */
  readonly stalls: readonly number[];
  readonly renditions: readonly RenditionFigures[];
  readonly rows: readonly RelayFigures[];
  readonly encoder: EncoderFigures;
  /** Further figures by name, as other parts report them: sessions of WebRTC, for one. */
  readonly extras: Readonly<Record<string, number | string>>;
  /** One sentence each. */
  readonly warnings: readonly string[];
};

/**
 * A node of the tree, as short as it travels: number, kind (0 relay, 1 viewer, 2 app), depth, class of its uplink, class of
 * what it gives, place among the latency buckets from 1 (0: not known), 1 if it stood still, then for each stripe the
 * parent's number, 0 for none.
 */
export type NodeNumbers = readonly number[];

/** Numbers in front of a node's parents. */
export const NODE_FIELDS = 7;

/** What changed in the tree; with `isFull` everything else is gone. */
export type TreeChange = {
  readonly isFull: boolean;
  readonly stripes: number;
  readonly set: readonly NodeNumbers[];
  readonly gone: readonly number[];
};

/** A message on the socket: everything at first, then once a second what changed. */
export type DashboardMessage = {
  readonly state: Partial<DashboardState>;
  readonly sample?: HistorySample | undefined;
  readonly tree?: TreeChange | undefined;
};

/** The history as `/api/history.json` gives it. */
export type HistoryDocument = {
  readonly columns: readonly HistoryColumn[];
  readonly samples: readonly HistorySample[];
};
