/** Finds out whether a port is free before anything else depends on it. */

import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { SourceError } from './source-error.js';

/** Where a source listens. */
export type ListenPlace = {
  readonly transport: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  /** For messages: `RTMP`. */
  readonly name: string;
};

/** Binds the port and lets it go again; rejects with one sentence that names it when it cannot be had. */
export async function checkPort(place: ListenPlace): Promise<void> {
  if (!Number.isInteger(place.port) || place.port < 1 || place.port > 65_535) {
    const message = `${place.name} port ${place.port} is not a port number; choose one from 1 to 65535.`;
    throw new SourceError('bad-option', message);
  }
  try {
    await (place.transport === 'tcp' ? bindTcp(place) : bindUdp(place));
  } catch (cause) {
    throw portTaken(place, cause);
  }
}

/** The error of a port that cannot be had. */
export function portTaken(place: ListenPlace, cause?: unknown): SourceError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : 'EADDRINUSE';
  const option = `--${place.name.toLowerCase()}`;
  const problem =
    code === 'EACCES'
      ? `may not be used by this account; choose one above 1023 with ${option} PORT`
      : code === 'EADDRNOTAVAIL'
        ? `cannot be opened at ${place.host}, which is not an address of this machine; choose another address`
        : `is already in use by another program; stop that one or choose another port with ${option} PORT`;
  return new SourceError('port-taken', `${place.name} port ${place.port} ${problem}.`, cause);
}

async function bindTcp(place: ListenPlace): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: place.host, port: place.port, exclusive: true }, () =>
      server.close(() => resolve()),
    );
  });
}

async function bindUdp(place: ListenPlace): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = createSocket(place.host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: place.host, port: place.port, exclusive: true }, () =>
      socket.close(() => resolve()),
    );
  });
}
