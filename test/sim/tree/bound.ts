/**
 * A lower bound on the worst delivery delay in a cell: on the same draw of uplinks, downlinks and delays, and with as
 * many copies from the relay, no algorithm whatever delivers a chunk to everybody sooner.
 *
 * Setting. At time 0 the relay has a chunk of pieces of b_1..b_K bytes, W together. Host i has the uplink u_i, the
 * delay a_i to the core of its region r_i; d(i,j) = a_i + reg(r_i, r_j) + a_j, where reg obeys the triangle
 * inequality. h_i = d(relay, i). The relay sends at most E copies of the chunk, E * W bytes, at u_R. A node passes a
 * piece on only once it has all of it. D is the time when the last viewer has the last piece.
 *
 * (a) One viewer. Every path to i is at least h_i long (triangle inequality; each access hop only adds). All W bytes
 * pass its downlink v_i, of which the first piece may have come as it arrived:
 *     D >= h_i + min over b in {b_min, b_max} of (b / u_R + (W - b) / v_i).
 *
 * (b) Everybody. Let x_j be when j gets a copy and y_j = x_j - h_j its *core time*. A copy from the relay has
 * y_j >= the time its last byte left. A copy from i, begun after x_i, of which the last byte leaves s later, has
 *     y_j >= x_i + s + d(i,j) - h_j >= y_i + h_i + s + a_i + reg(i,j) + a_j - h_j >= y_i + 2 a_i + s.
 * So, with y_i the core time of i's first piece, i has put at most u_i (t - y_i - 2 a_i)+ bytes of whole copies
 * through the core by core time t. B(t), the bytes of all copies through the core by t, therefore obeys
 *     B(t) <= min(E W, u_R t) + sum over i of u_i (t - y_i - 2 a_i)+ .
 * The product of u and (t - y - l)+ has nonnegative mixed differences in (u, -y, -l), so the sum is greatest when the
 * three are sorted alike (Lorentz 1953): earliest first piece, shortest access, fastest uplink. The m-th uploader to
 * be reached needs m whole pieces through the core, so its y is at least the first t with B(t) >= m b_min. Solving
 * this with equality from t = 0 upwards gives a curve that no schedule exceeds; T(n) is when it reaches n bytes. The
 * m viewers with the longest h need m W bytes, and the last copy of theirs is for one with at least the m-th longest:
 *     D >= max over m of T(m W) + h_(m).
 * Both hold for every subset of the pieces too; the k largest are tried for every k, which matters where the last
 * piece is short. This is the broadcast bound of Abeni et al. 2009 (every holder doubles, log2 N + 1 steps) for
 * unequal uplinks and delays, with Liu 2007's order (fast peers first) granted for nothing; rate-optimality in the
 * sense of Bonald et al. 2008 is granted too: nobody ever sends anything twice or waits for something useful.
 *
 * (c) In the long run uploads cannot exceed uplinks. Where they would have to, the bound is infinity; see
 * {@link isSustainable}. Nothing more follows from it: on average is not for each chunk.
 *
 * Not reachable in general: (b) grants every holder something to send at all times, lets the best hosts be reached
 * first at once by their speed and by their nearness though these are different hosts, counts a copy while it is being
 * sent, and knows no limit of connections, no jitter, no queue of the chunk before. Loss and spikes are in no bound: a
 * lost piece adds at least the time to notice and a round trip. Compare it with the calm network only.
 */

/** A viewer as the bound sees it. */
export type BoundViewer = {
  /** Delay to the core of its region. */
  readonly accessMs: number;
  /** From the relay, both access delays included. */
  readonly relayPathMs: number;
  /** Usable uplink; 0 for a viewer that gives nothing. */
  readonly bytesPerMs: number;
  readonly downBytesPerMs: number;
};

/** What there is to deliver, and to whom. */
export type BoundInput = {
  readonly viewers: readonly BoundViewer[];
  /** The pieces of one chunk that exist at the same instant. */
  readonly pieceBytes: readonly number[];
  readonly relayBytesPerMs: number;
  /** Copies of the chunk that the relay may send, on average over its pieces. */
  readonly relayCopies: number;
};

/** Whether the uplinks and the relay's copies together can carry a stream of `bytesPerMs` to everybody for ever. */
export function isSustainable(input: BoundInput, bytesPerMs: number): boolean {
  let copies = input.relayCopies;
  for (const viewer of input.viewers) copies += viewer.bytesPerMs / bytesPerMs;
  return copies >= input.viewers.length;
}

/** Milliseconds from the relay's having the chunk until the last viewer has all of it, at the least; 0 without viewers. */
export function lowerBoundMs(input: BoundInput): number {
  const pieces = input.pieceBytes.toSorted((a, b) => b - a);
  const viewers = sortViewers(input.viewers);
  let boundMs = 0;
  for (let count = 1; count <= pieces.length; count++) {
    const largest = pieces.slice(0, count);
    boundMs = Math.max(boundMs, latencyBoundMs(input, largest), growthBoundMs(input, viewers, largest));
  }
  return boundMs;
}

type SortedViewers = {
  /** Twice the access delay of those who upload, shortest first. */
  readonly turnMs: Float64Array;
  /** Their uplinks, fastest first. */
  readonly bytesPerMs: Float64Array;
  /** Of all, farthest first. */
  readonly relayPathMs: Float64Array;
};

function sortViewers(viewers: readonly BoundViewer[]): SortedViewers {
  const uploaders = viewers.filter(({ bytesPerMs }) => bytesPerMs > 0);
  return {
    turnMs: Float64Array.from(uploaders, ({ accessMs }) => 2 * accessMs).sort(),
    bytesPerMs: Float64Array.from(uploaders, ({ bytesPerMs }) => bytesPerMs)
      .sort()
      .reverse(),
    relayPathMs: Float64Array.from(viewers, ({ relayPathMs }) => relayPathMs)
      .sort()
      .reverse(),
  };
}

/** Part (a). `pieces` is sorted, largest first. */
function latencyBoundMs(input: BoundInput, pieces: readonly number[]): number {
  const largest = pieces[0] ?? 0;
  const smallest = pieces.at(-1) ?? 0;
  const total = pieces.reduce((sum, bytes) => sum + bytes, 0);
  let boundMs = 0;
  for (const { relayPathMs, downBytesPerMs } of input.viewers) {
    const first = (bytes: number): number => bytes / input.relayBytesPerMs + (total - bytes) / downBytesPerMs;
    boundMs = Math.max(boundMs, relayPathMs + Math.min(first(largest), first(smallest)));
  }
  return boundMs;
}

/** Part (b): follows the curve B from corner to corner. */
function growthBoundMs(input: BoundInput, viewers: SortedViewers, pieces: readonly number[]): number {
  const { turnMs, bytesPerMs, relayPathMs } = viewers;
  const smallest = pieces.at(-1) ?? 0;
  const total = pieces.reduce((sum, bytes) => sum + bytes, 0);
  const relayEndMs = (input.relayCopies * total) / input.relayBytesPerMs;
  const reachedMs = new Float64Array(turnMs.length);
  let nowMs = 0;
  let bytes = 0;
  let rate = relayEndMs > 0 ? input.relayBytesPerMs : 0;
  let isRelayDone = relayEndMs <= 0;
  let reached = 0;
  let sending = 0;
  let boundMs = 0;
  for (let served = 1; served <= relayPathMs.length; ) {
    const nextBytes = Math.min(served * total, reached < turnMs.length ? (reached + 1) * smallest : NEVER);
    const bytesMs = nextBytes <= bytes ? nowMs : rate > 0 ? nowMs + (nextBytes - bytes) / rate : NEVER;
    const startMs = sending < reached ? (reachedMs[sending] ?? 0) + (turnMs[sending] ?? 0) : NEVER;
    const atMs = Math.min(bytesMs, startMs, isRelayDone ? NEVER : relayEndMs);
    if (atMs === NEVER) return NEVER;
    bytes = atMs === bytesMs ? Math.max(bytes, nextBytes) : bytes + rate * (atMs - nowMs);
    nowMs = atMs;
    if (atMs === bytesMs) {
      if (reached < turnMs.length && bytes >= (reached + 1) * smallest) reachedMs[reached++] = nowMs;
      if (bytes >= served * total) {
        boundMs = Math.max(boundMs, nowMs + (relayPathMs[served - 1] ?? 0));
        served++;
      }
    } else if (atMs === startMs) rate += bytesPerMs[sending++] ?? 0;
    else {
      isRelayDone = true;
      rate = Math.max(0, rate - input.relayBytesPerMs);
      // What rounding left of a sum of rates is no rate.
      if (sending === 0) rate = 0;
    }
  }
  return boundMs;
}

const NEVER = Number.POSITIVE_INFINITY;
