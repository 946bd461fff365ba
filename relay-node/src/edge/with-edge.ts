import type { LinkServer } from '../link/link-server.js';
import type { Edge } from './edge.js';

/** A port and an edge as one server: what is published goes to the links of both, and both close together. */
export function withEdge(server: LinkServer, edge: Edge): LinkServer {
  return {
    engine: server.engine,
    get connectsRefused() {
      return server.connectsRefused;
    },
    get linkCount() {
      return server.linkCount + edge.linkCount;
    },
    burstBytesMax: Math.min(server.burstBytesMax, edge.burstBytesMax),
    listen: () => server.listen(),
    publish(topic, bytes) {
      server.publish(topic, bytes);
      edge.publish(topic, bytes);
    },
    async close() {
      await Promise.all([server.close(), edge.close()]);
    },
  };
}
