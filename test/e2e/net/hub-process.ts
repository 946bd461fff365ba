/**
 * The network between the hosts, as a process of its own so that a busy test does not disturb its clock. Each host's
 * IP packets come and go by UDP on loopback, carried from and to its TUN device by socat.
 */

import { createSocket, type Socket } from 'node:dgram';
import { Prng } from '../../../proto/src/prng.js';
import { type HubHost, HubModel } from './hub-model.js';

/** What the hub is started with, as JSON in its first argument. */
export type HubSetup = {
  readonly seed: string;
  /** Each with its address in the network between. */
  readonly hosts: readonly (HubHost & { readonly address: string })[];
};

/** What the hub says once it runs: where it listens for each host, and where that host's socat must listen. */
export type HubReady = { readonly ports: readonly { readonly hub: number; readonly tun: number }[] };

type Due = {
  readonly atMs: number;
  readonly to: number;
  readonly packet: Buffer;
  readonly isArrived: boolean;
};

const setup: HubSetup = JSON.parse(process.argv[2] ?? '');
const model = new HubModel(setup.hosts, new Prng(setup.seed));
const indexByAddress = new Map(setup.hosts.map(({ address }, index) => [address, index]));
const due: Due[] = [];
let timer: NodeJS.Timeout | undefined;

const bind = (): Promise<Socket> => {
  const socket = createSocket('udp4');
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket)));
};

/** Ports that are free now and that socat can take; all held before the first is let go, so that none comes twice. */
const findFreePorts = async (count: number): Promise<number[]> => {
  const held = await Promise.all(Array.from({ length: count }, bind));
  const ports = held.map((socket) => socket.address().port);
  await Promise.all(held.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  return ports;
};

const sockets = await Promise.all(setup.hosts.map(bind));
const tunPorts = await findFreePorts(setup.hosts.length);

/** Keeps the list in order of time; what is new mostly belongs near its end. */
const schedule = (next: Due): void => {
  let index = due.length;
  while (index > 0 && (due[index - 1]?.atMs ?? 0) > next.atMs) index -= 1;
  due.splice(index, 0, next);
  if (index === 0) arm();
};

const arm = (): void => {
  clearTimeout(timer);
  const first = due[0];
  timer = first && setTimeout(drain, Math.max(0, first.atMs - performance.now()));
};

const drain = (): void => {
  const nowMs = performance.now();
  for (let first = due[0]; first !== undefined && first.atMs <= nowMs; first = due[0]) {
    due.shift();
    if (first.isArrived) sockets[first.to]?.send(first.packet, tunPorts[first.to], '127.0.0.1');
    else {
      const atMs = model.arrive(first.atMs, first.to, first.packet.length);
      if (atMs !== undefined) schedule({ ...first, atMs, isArrived: true });
    }
  }
  arm();
};

const receive = (from: number, packet: Buffer): void => {
  // IPv4 only: version in the first half byte, destination in bytes 16 to 19 (RFC 791).
  if (packet.length < 20 || packet.readUInt8(0) >>> 4 !== 4) return;
  const to = indexByAddress.get(packet.subarray(16, 20).join('.'));
  if (to === undefined) return;
  const atMs = model.leave(performance.now(), { from, to }, packet.length);
  if (atMs !== undefined) schedule({ atMs, to, packet, isArrived: false });
};

for (const [from, socket] of sockets.entries()) {
  socket.on('message', (packet) => receive(from, packet));
  // A device that is gone refuses; so does a network card that was unplugged.
  socket.on('error', () => undefined);
}
process.once('disconnect', () => process.exit(0));
const ready: HubReady = {
  ports: sockets.map((socket, index) => ({ hub: socket.address().port, tun: tunPorts[index] ?? 0 })),
};
process.send?.(ready);
