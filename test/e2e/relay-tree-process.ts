/** A relay in a process of its own, for tests that kill it or let it leave: `relay-tree-process.ts OPTIONS-AS-JSON`. */

import { startRelay } from '@freshet/relay-node';

const { port, channelKey, parents } = JSON.parse(process.argv[2] ?? '{}');
const relay = await startRelay({
  port,
  host: '127.0.0.1',
  publicOrigin: `http://127.0.0.1:${port}`,
  log: (line) => process.stderr.write(`${line}\n`),
});
relay.follow(Buffer.from(channelKey, 'hex'), parents);
process.send?.('ready');
process.on('message', async () => {
  await relay.drain();
  process.send?.(relay.childCount);
  await relay.close();
  process.disconnect();
});
