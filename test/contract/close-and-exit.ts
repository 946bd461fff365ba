/** Run as a process of its own: serves a link, closes, and must then end by itself. */

import { WebSocket } from 'ws';
import { textReply } from '../../relay-node/src/http/http-message.js';
import { createLinkServer } from '../../relay-node/src/link/create-link-server.js';

const engine = process.argv[2] === 'ws' ? 'ws' : 'uWebSockets.js';
const server = createLinkServer({
  engine,
  host: '127.0.0.1',
  port: 0,
  acceptLink: () => true,
  handlers: {
    onOpen: () => undefined,
    onMessage: () => undefined,
    onWritable: () => undefined,
    onOverflow: () => undefined,
    onClose: (_link, code) => process.stdout.write(`owner told ${code}\n`),
  },
  handleHttp: () => textReply(200, 'hello'),
  log: () => undefined,
});
const { port } = await server.listen();
await (await fetch(`http://127.0.0.1:${port}/`)).text();
const client = new WebSocket(`ws://127.0.0.1:${port}/link`);
client.on('close', (code) => process.stdout.write(`client told ${code}\n`));
await new Promise((resolve) => client.once('open', resolve));
await server.close();
await server.close();
process.stdout.write('closed\n');
