/** The UDP socket of the edge. */

import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { EdgeError, systemCodeOf } from './edge-error.js';

/** What the kernel may hold for us each way, where it allows as much: a burst to many viewers at once. */
const SOCKET_BUFFER_BYTES: number = 2 * 1024 * 1024;

/** Where to listen. */
export type EdgePlace = {
  /** UDP port; 0 for a free one. */
  readonly port: number;
  /** IP address to listen on; all of them, IPv4 and IPv6, unless given. */
  readonly host?: string | undefined;
};

/** Opens the socket; rejects with an EdgeError. */
export async function bindEdgeSocket({ port, host }: EdgePlace): Promise<Socket> {
  if (host !== undefined) return bind(isIPv4(host) ? 'udp4' : 'udp6', port, host);
  try {
    return await bind('udp6', port, undefined);
  } catch (cause) {
    // A machine without IPv6.
    if (systemCodeOf(cause instanceof EdgeError ? cause.cause : cause) !== 'EAFNOSUPPORT') throw cause;
    return bind('udp4', port, undefined);
  }
}

function bind(type: 'udp4' | 'udp6', port: number, host: string | undefined): Promise<Socket> {
  const socket = createSocket({
    type,
    recvBufferSize: SOCKET_BUFFER_BYTES,
    sendBufferSize: SOCKET_BUFFER_BYTES,
    // Only addresses are sent to: Node would put each datagram off by a turn to look them up.
    lookup: (address, _options, callback) => callback(null, address, type === 'udp4' ? 4 : 6),
  });
  return new Promise((resolve, reject) => {
    socket.once('error', (cause) => {
      socket.close();
      reject(edgeErrorFrom(cause, port, host));
    });
    socket.bind({ port, ...(host === undefined ? {} : { address: host }) }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

function edgeErrorFrom(cause: unknown, port: number, host: string | undefined): EdgeError {
  const code = systemCodeOf(cause);
  if (code === 'EADDRINUSE')
    return new EdgeError(
      'port-taken',
      `UDP port ${port} is already in use. Choose another for WebRTC.`,
      cause,
    );
  if (code === 'EACCES') {
    const message = `UDP port ${port} needs rights this user does not have. Choose one above 1023 for WebRTC.`;
    return new EdgeError('port-denied', message, cause);
  }
  const where = host === undefined ? '' : ` of ${host}`;
  const message = `UDP port ${port}${where} could not be opened for WebRTC. Choose another address or port.`;
  return new EdgeError('listen-failed', message, cause);
}
