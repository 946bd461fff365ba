/**
 * The relay's link server, without a relay above it, as a process of its own; talks as `fanout-bare` does.
 *
 *     tsx test/bench/fanout-links.ts '{"messageBytes":[12000]}' uWebSockets.js
 */

import { textReply } from '../../relay-node/src/http/http-message.js';
import { createLinkServer } from '../../relay-node/src/link/create-link-server.js';
import { onLines, say } from './child-lines.js';
import { parsePublishPlan, runPublishPlan } from './publish-plan.js';
import { settledRss } from './settled-rss.js';

const plan = parsePublishPlan(process.argv[2] ?? '');
let droppedCount = 0;
const server = createLinkServer({
  engine: process.argv[3] === 'ws' ? 'ws' : 'uWebSockets.js',
  host: '127.0.0.1',
  port: plan.port,
  acceptLink: () => true,
  handlers: {
    onOpen: (link) => link.attach('t'),
    onMessage: () => undefined,
    onWritable: () => undefined,
    onOverflow: () => {
      droppedCount += 1;
    },
    onClose: () => undefined,
  },
  handleHttp: () => textReply(404, 'Only links are served here.'),
  log: (line) => process.stderr.write(`${line}\n`),
});
const { port } = await server.listen();
say({ event: 'listening', port, rssBytes: process.memoryUsage().rss });

onLines(async (line) => {
  const subscriberCount = server.linkCount;
  if (line === 'rss') say({ event: 'rss', rssBytes: await settledRss(), subscriberCount });
  else if (line === 'publish') {
    const report = await runPublishPlan(plan, (bytes) => server.publish('t', bytes));
    const rssBytes = process.memoryUsage().rss;
    say({ event: 'published', ...report, subscriberCount, droppedCount, rssBytes });
  } else if (line === 'exit') {
    await server.close();
    process.exit(0);
  }
});
