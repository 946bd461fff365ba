/** An edge as a process of its own inside a host: `ADDRESS` is where it listens; told by its parent what to publish. */

import { startEdge } from '../../relay-node/src/edge/edge.js';

/** Messages to publish, evenly spaced; each holds the time at which it was sent. */
export type PublishOrder = { readonly count: number; readonly byteLength: number; readonly gapMs: number };

const TOPIC = 'all';
const host = process.argv[2] ?? '127.0.0.1';
const edge = await startEdge<undefined>({
  port: 9_000,
  host,
  acceptLink: () => true,
  handlers: {
    onOpen: (link, { remoteAddress }) => {
      link.attach(TOPIC);
      process.send?.({ event: 'opened', remoteAddress });
    },
    onMessage: (link, bytes) => link.send(bytes),
    onWritable: () => undefined,
    onOverflow: () => process.send?.({ event: 'overflown' }),
    onClose: (_link, code) => process.send?.({ event: 'closed', code }),
  },
});

const publish = ({ count, byteLength, gapMs }: PublishOrder): void => {
  let sent = 0;
  const timer = setInterval(() => {
    const bytes = Buffer.alloc(byteLength, sent);
    bytes[0] = 1;
    bytes.writeDoubleBE(Date.now(), 2);
    edge.publish(TOPIC, bytes);
    sent += 1;
    if (sent === count) clearInterval(timer);
  }, gapMs);
};

process.on('message', (order: PublishOrder) => publish(order));
process.on('disconnect', () => process.exit(0));
process.send?.({ event: 'ready', address: edge.addressAt(host) });
