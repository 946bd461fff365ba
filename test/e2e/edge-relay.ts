/** A relay of one channel that takes viewers by WebSocket and at an edge, put together as the real one is. */

import { encodeAddress, Prng, socketUrl } from '@freshet/proto';
import { ChannelHost } from '@freshet/relay-node';
import { type Edge, startEdge } from '../../relay-node/src/edge/edge.js';
import { withEdge } from '../../relay-node/src/edge/with-edge.js';
import { textReply } from '../../relay-node/src/http/http-message.js';
import { createLinkServer } from '../../relay-node/src/link/create-link-server.js';
import type { LinkHandlers } from '../../relay-node/src/link/link-server.js';

/** A running one. */
export type EdgeRelay = {
  readonly edge: Edge;
  /** Where it takes WebSockets. */
  readonly origin: string;
  readonly edgeAddress: string;
  close(): Promise<void>;
};

/** Starts it on loopback; it takes the channel from the relay at `parentOrigin`. */
export async function startEdgeRelay(channelKey: Uint8Array, parentOrigin: string): Promise<EdgeRelay> {
  let host: ChannelHost | undefined;
  const acceptLink = (path: string): boolean => path === `/channel/${encodeAddress(channelKey)}`;
  const handlers: LinkHandlers<ChannelHost> = {
    onOpen: (link) => {
      link.context = host;
      host?.open(link, 'test', '127.0.0.1');
    },
    onMessage: (link, bytes) => link.context?.receive(link, bytes),
    onWritable: (link, bufferedBytes) => link.context?.writable(link, bufferedBytes),
    onOverflow: (link) => link.context?.overflowed(link),
    onClose: (link, code, reason) => link.context?.closed(link, code, reason),
  };
  const edge = await startEdge({ port: 0, host: '127.0.0.1', acceptLink, handlers });
  const sockets = createLinkServer({
    port: 0,
    host: '127.0.0.1',
    acceptLink,
    handlers,
    handleHttp: () => textReply(404, 'Only links are served here.'),
    log: () => undefined,
  });
  const server = withEdge(sockets, edge);
  const { port } = await server.listen();
  host = new ChannelHost({
    address: encodeAddress(channelKey),
    channelKey,
    role: 'relay',
    parents: [socketUrl(parentOrigin, channelKey)],
    agent: 'edge test',
    prng: new Prng('edge'),
    server,
    onEvent: () => undefined,
  });
  return {
    edge,
    origin: `http://127.0.0.1:${port}`,
    edgeAddress: edge.addressAt('127.0.0.1'),
    async close() {
      host?.close();
      await server.close();
    },
  };
}
