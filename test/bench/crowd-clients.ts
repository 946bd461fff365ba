/**
 * Ten thousand viewers in one light process: raw WebSockets that count the pieces they get and notice gaps.
 *
 *     tsx test/bench/crowd-clients.ts '{"port":8080,"path":"/channel/fr1..","clientCount":10000,"joinMs":10000,"helloHex":[..]}'
 *
 * Clients connect evenly over `joinMs`. Says `{"event":"joined",..}` when all have had a piece or are lost, then takes lines:
 * `reset` forgets what was counted, `report` answers with it, `slow` makes one client in a hundred stop reading for good,
 * `exit` ends all.
 */

import { connect, type Socket } from 'node:net';
import { percentile, round } from './bench.js';
import { onLines, say } from './child-lines.js';
import { captureMsOf, FrameCounter } from './frame-counter.js';
import { HEAD_END, maskedFrame, upgradeRequest } from './raw-websocket.js';

type Plan = {
  readonly port: number;
  readonly path: string;
  readonly clientCount: number;
  readonly joinMs: number;
  readonly helloHex: readonly string[];
  /** What each client says now and then, as a viewer does: one that says nothing is closed. */
  readonly pingHex: string;
};

type Client = {
  readonly counter: FrameCounter;
  readonly isSlow: boolean;
  socket: Socket | undefined;
  joinedMs: number | undefined;
};

/** One client in so many stops reading when told. */
const SLOW_EVERY = 100;

/** The delay of every piece is looked at for one reading client in so many. */
const SAMPLE_EVERY = 97;

/** Between two pings of one client; all take turns, a step at a time. */
const PING_MS = 10_000;
const PING_STEP_MS = 20;

/** Time for the last ones to get their first piece. */
const JOIN_PATIENCE_MS = 30_000;

const plan: Plan = JSON.parse(process.argv[2] ?? '{}');
const hellos = Buffer.concat(plan.helloHex.map((hex) => maskedFrame(Buffer.from(hex, 'hex'))));
// All read into the same memory: what they read is only counted.
const ping = maskedFrame(Buffer.from(plan.pingHex, 'hex'));
const shared = Buffer.allocUnsafe(256 * 1024);
const clients: Client[] = Array.from({ length: plan.clientCount }, (_, index) => ({
  counter: new FrameCounter(),
  isSlow: index % SLOW_EVERY === SLOW_EVERY - 1,
  socket: undefined,
  joinedMs: undefined,
}));
let isSlowing = false;
let lostCount = 0;
let delays: number[] = [];

function join(client: Client, isSampled: boolean): void {
  const startedAt = performance.now();
  let head: Buffer | undefined = Buffer.alloc(0);
  const noteDelay = (message: Buffer): void => {
    const captureMs = captureMsOf(message);
    if (captureMs !== undefined) delays.push(Date.now() - captureMs);
  };
  const read = (bytes: Buffer): void => {
    client.counter.read(bytes, isSampled ? noteDelay : undefined);
    if (client.joinedMs === undefined && client.counter.pieces > 0)
      client.joinedMs = performance.now() - startedAt;
  };
  const readHead = (part: Buffer): void => {
    head = Buffer.concat([head ?? HEAD_END, part]);
    const end = head.indexOf(HEAD_END);
    if (end < 0) return;
    const rest = head.subarray(end + HEAD_END.length);
    head = undefined;
    socket.write(hellos);
    read(rest);
  };
  const socket = connect({
    port: plan.port,
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer: shared,
      callback: (count) => {
        if (client.isSlow && isSlowing) return false;
        const bytes = shared.subarray(0, count);
        if (head === undefined) read(bytes);
        else readHead(Buffer.from(bytes));
        return true;
      },
    },
  });
  client.socket = socket;
  socket.once('connect', () => socket.write(upgradeRequest(plan.path)));
  socket.on('error', () => socket.destroy());
  socket.once('close', () => {
    client.socket = undefined;
    if (!(client.isSlow && isSlowing)) lostCount++;
  });
}

function report(): Record<string, unknown> {
  let [pieces, expected, lacking] = [0, 0, 0];
  for (const { counter, isSlow, socket } of clients) {
    if (isSlow || socket === undefined) continue;
    pieces += counter.pieces;
    expected += counter.expected;
    if (counter.pieces < counter.expected || counter.pieces === 0) lacking++;
  }
  return {
    pieces,
    expected,
    lacking,
    lost: lostCount,
    delayMs: { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99) },
    delaysSeen: delays.length,
  };
}

const startedAt = performance.now();
let next = 0;
const joining = setInterval(() => {
  const due = Math.min(plan.clientCount, ((performance.now() - startedAt) / plan.joinMs) * plan.clientCount);
  for (; next < due; next++) {
    const client = clients[next];
    if (client) join(client, !client.isSlow && next % SAMPLE_EVERY === 0);
  }
  const waiting = clients.filter(({ joinedMs }) => joinedMs === undefined).length - lostCount;
  const isOver = performance.now() - startedAt > plan.joinMs + JOIN_PATIENCE_MS;
  if (next < plan.clientCount || (waiting > 0 && !isOver)) return;
  clearInterval(joining);
  const joins = clients.map(({ joinedMs }) => joinedMs).filter((ms) => ms !== undefined);
  say({
    event: 'joined',
    count: joins.length,
    lost: lostCount,
    joinP50Ms: round(percentile(joins, 0.5), 0),
    joinP95Ms: round(percentile(joins, 0.95), 0),
  });
}, 10);
// In turns, as viewers that came one after another. One that has not said hello must not say anything else.
let pinged = 0;
setInterval(() => {
  const due = Math.ceil((clients.length * PING_STEP_MS) / PING_MS);
  for (let i = 0; i < due; i++) {
    const client = clients[pinged++ % clients.length];
    if (client?.joinedMs !== undefined) client.socket?.write(ping);
  }
}, PING_STEP_MS);
onLines((line) => {
  if (line === 'report') say({ event: 'report', ...report() });
  else if (line === 'reset') {
    for (const { counter } of clients) counter.reset();
    delays = [];
    say({ event: 'reset' });
  } else if (line === 'slow') {
    isSlowing = true;
    say({ event: 'slow' });
  } else if (line === 'exit') process.exit(0);
});
