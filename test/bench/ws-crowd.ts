/**
 * A crowd of WebSocket clients in one light process: raw connections that shake hands by hand and then only count bytes.
 *
 *     tsx test/bench/ws-crowd.ts '{"port":8080,"path":"/link","clientCount":2000,"helloHex":["0801"]}'
 *
 * Says `{"event":"connected",...}` when all have shaken hands (or failed to), then takes lines on stdin: `report` answers
 * with bytes per client since the last `reset`, `reset` answers when it is done, `exit` closes all and ends. Bytes are
 * those after the handshake: frames with their headers. Pings are not read; instead every client sends an unasked-for pong
 * now and then, which keeps it alive just as well (RFC 6455 §5.5.3).
 */

import { connect, type Socket } from 'node:net';
import { onLines, say } from './child-lines.js';
import { HEAD_END, maskedFrame, PONG, PONG_MS, upgradeRequest } from './raw-websocket.js';

type CrowdPlan = {
  readonly port: number;
  readonly path: string;
  readonly clientCount: number;
  /** Binary messages that every client sends once it is open. */
  readonly hellos: readonly Uint8Array[];
  /** Handshakes under way at once. */
  readonly parallelMax: number;
};

const parsePlan = (json: string): CrowdPlan => {
  const given: unknown = JSON.parse(json);
  const fields = new Map(Object.entries(typeof given === 'object' && given !== null ? given : {}));
  const hellos: unknown = fields.get('helloHex') ?? [];
  return {
    port: Number(fields.get('port')),
    path: String(fields.get('path') ?? '/'),
    clientCount: Number(fields.get('clientCount') ?? 200),
    hellos: (Array.isArray(hellos) ? hellos : [hellos]).map((hex) => Buffer.from(String(hex), 'hex')),
    parallelMax: Number(fields.get('parallelMax') ?? 100),
  };
};

/** Longest answer to a handshake that is looked at. */
const HEAD_BYTES_MAX = 4_096;

const plan = parsePlan(process.argv[2] ?? '{}');
const sockets: (Socket | undefined)[] = [];
const byteCounts = new Float64Array(plan.clientCount);
const hellos = Buffer.concat(plan.hellos.map(maskedFrame));
// All clients read into the same memory: what they read is only counted.
const shared = Buffer.allocUnsafe(256 * 1024);
let openCount = 0;
let lostCount = 0;

/** Connects one client; resolves when it has shaken hands or failed to. */
const openOne = (index: number): Promise<void> =>
  new Promise((resolve) => {
    let head: Buffer | undefined = Buffer.alloc(0);
    const readHead = (part: Buffer): void => {
      head = Buffer.concat([head ?? HEAD_END, part]);
      const end = head.indexOf(HEAD_END);
      if (end < 0 && head.length < HEAD_BYTES_MAX) return;
      const isOpen = end >= 0 && head.subarray(0, 12).toString('latin1') === 'HTTP/1.1 101';
      byteCounts[index] = isOpen ? head.length - end - HEAD_END.length : 0;
      head = undefined;
      if (!isOpen) {
        socket.destroy();
        return;
      }
      openCount += 1;
      if (hellos.length > 0) socket.write(hellos);
      resolve();
    };
    const socket = connect({
      port: plan.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (count) => {
          if (head === undefined) byteCounts[index] = (byteCounts[index] ?? 0) + count;
          else readHead(Buffer.from(shared.subarray(0, count)));
          return true;
        },
      },
    });
    sockets[index] = socket;
    socket.once('connect', () => socket.write(upgradeRequest(plan.path)));
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      if (head === undefined) openCount -= 1;
      lostCount += 1;
      sockets[index] = undefined;
      resolve();
    });
  });

/** Connects all, a few handshakes at a time. */
const openAll = async (): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < plan.clientCount) {
      const index = next;
      next += 1;
      await openOne(index);
    }
  };
  await Promise.all(Array.from({ length: plan.parallelMax }, worker));
};

const report = (): Record<string, number> => {
  let bytesTotal = 0;
  let bytesMin = Number.POSITIVE_INFINITY;
  let bytesMax = 0;
  for (const [index, count] of byteCounts.entries()) {
    if (sockets[index] === undefined) continue;
    bytesTotal += count;
    bytesMin = Math.min(bytesMin, count);
    bytesMax = Math.max(bytesMax, count);
  }
  const cpu = process.cpuUsage();
  return {
    connected: openCount,
    lost: lostCount,
    bytesTotal,
    bytesMin: Number.isFinite(bytesMin) ? bytesMin : 0,
    bytesMax,
    cpuS: (cpu.user + cpu.system) / 1e6,
    rssBytes: process.memoryUsage().rss,
  };
};

await openAll();
setInterval(() => {
  for (const socket of sockets) socket?.write(PONG);
}, PONG_MS);
say({ event: 'connected', ...report() });
onLines((line) => {
  if (line === 'report') say({ event: 'report', ...report() });
  else if (line === 'reset') {
    byteCounts.fill(0);
    say({ event: 'reset' });
  } else if (line === 'exit') process.exit(0);
});
