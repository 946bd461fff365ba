/**
 * Bare uWebSockets.js as a process of its own: the yardstick for the relay's fan-out.
 *
 *     tsx test/bench/fanout-bare.ts '{"port":0,"messageBytes":[12000],"ratePerS":60,"durationS":10}'
 *
 * Says `{"event":"listening","port":N,"rssBytes":N}`, then takes lines on stdin: `rss` answers with memory and how many
 * are subscribed, `publish` runs the plan and answers with its report, `exit` ends.
 */

import { loadUws, type UwsSocket } from '../../relay-node/src/link/uws-api.js';
import { onLines, say } from './child-lines.js';
import { parsePublishPlan, runPublishPlan } from './publish-plan.js';
import { settledRss } from './settled-rss.js';

const plan = parsePublishPlan(process.argv[2] ?? '');
const uws = loadUws();
const app = uws.App();
let subscriberCount = 0;
let droppedCount = 0;

app.ws<object>('/*', {
  maxPayloadLength: 64 * 1024,
  maxBackpressure: 1024 * 1024,
  idleTimeout: 60,
  maxLifetime: 0,
  sendPingsAutomatically: true,
  closeOnBackpressureLimit: false,
  compression: 0,
  upgrade: (res, req, context) => res.upgrade({}, req.getHeader('sec-websocket-key'), '', '', context),
  open: (ws: UwsSocket<object>) => {
    subscriberCount += 1;
    ws.subscribe('t');
  },
  message: () => undefined,
  dropped: () => {
    droppedCount += 1;
  },
  drain: () => undefined,
  close: () => {
    subscriberCount -= 1;
  },
});
app.listen('127.0.0.1', plan.port, uws.LIBUS_LISTEN_EXCLUSIVE_PORT, (socket) => {
  if (socket === false) throw new Error(`Port ${plan.port} could not be opened.`);
  const port = uws.us_socket_local_port(socket);
  say({ event: 'listening', port, rssBytes: process.memoryUsage().rss });
});

onLines(async (line) => {
  if (line === 'rss') say({ event: 'rss', rssBytes: await settledRss(), subscriberCount });
  else if (line === 'publish') {
    const report = await runPublishPlan(plan, (bytes) => app.publish('t', bytes, true, false));
    const rssBytes = process.memoryUsage().rss;
    say({ event: 'published', ...report, subscriberCount, droppedCount, rssBytes });
  } else if (line === 'exit') process.exit(0);
});
