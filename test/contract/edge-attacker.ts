/** Who sends an edge what it should not get: raw datagrams, and somebody on the way between a guest and the edge. */

import { createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { crc32 } from 'node:zlib';
import { edgeCredentials } from '@freshet/proto';
import type { Edge } from '../../relay-node/src/edge/edge.js';

/** A UDP socket on loopback. */
export async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket;
}

/** A check of a page that calls itself so, as browsers send it. */
export function encodeCheck(edge: Edge, peerUfrag: string, isNominated: boolean = true): Buffer {
  const { ufrag, password } = edgeCredentials(edge.certificate.fingerprint);
  const name = Buffer.from(`${ufrag}:${peerUfrag}`);
  const padded = Buffer.alloc((name.length + 3) & ~3);
  name.copy(padded);
  const nomination = isNominated ? [attribute(0x0025, Buffer.alloc(0), 0)] : [];
  const attributes = Buffer.concat([
    attribute(0x0006, padded, name.length),
    attribute(0x802a, randomBytes(8), 8),
    ...nomination,
  ]);
  const head = Buffer.alloc(20);
  head.writeUInt16BE(1, 0);
  head.writeUInt16BE(attributes.length + 24, 2);
  head.writeUInt32BE(0x2112_a442, 4);
  randomBytes(12).copy(head, 8);
  const digest = createHmac('sha1', password).update(head).update(attributes).digest();
  const body = Buffer.concat([head, attributes, attribute(0x0008, digest, 20)]);
  body.writeUInt16BE(body.length - 20 + 8, 2);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((crc32(body) ^ 0x5354_554e) >>> 0);
  return Buffer.concat([body, attribute(0x8028, sum, 4)]);
}

function attribute(type: number, value: Buffer, length: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(length, 2);
  return Buffer.concat([head, value]);
}

/** Somebody on the way: what a guest sends to its port goes on to the edge, and back. */
export class Middle {
  /** Datagrams of the guest so far. */
  readonly fromGuest: Buffer[] = [];
  /** Nothing passes towards the guest, or towards the edge, while these are set. */
  isDeafToEdge = false;
  isDeafToGuest = false;
  readonly #front: Socket;
  readonly #edgePort: number;
  #back: Socket;
  #guestPort = 0;

  private constructor(front: Socket, back: Socket, edgePort: number) {
    this.#front = front;
    this.#back = back;
    this.#edgePort = edgePort;
    front.on('message', (datagram, { port }) => {
      this.#guestPort = port;
      if (this.isDeafToGuest) return;
      this.fromGuest.push(datagram);
      this.inject(datagram);
    });
    this.#listen();
  }

  /** Opens one in front of an edge. */
  static async open(edge: Edge): Promise<Middle> {
    return new Middle(await openSocket(), await openSocket(), edge.port);
  }

  /** What a guest dials to come this way. */
  urlOf(url: string, edge: Edge): string {
    return url.replace(`:${edge.port}/`, `:${this.#front.address().port}/`);
  }

  /** Sends a datagram as if it were the guest's. */
  inject(datagram: Uint8Array): void {
    this.#back.send(datagram, this.#edgePort, '127.0.0.1');
  }

  /** From now on the edge sees the guest at another port, as when a NAT has forgotten it. */
  async move(): Promise<void> {
    const left = this.#back;
    this.#back = await openSocket();
    this.#listen();
    left.close();
  }

  /** Frees both ports. */
  close(): void {
    this.#front.close();
    this.#back.close();
  }

  #listen(): void {
    this.#back.on('message', (datagram) => {
      if (!this.isDeafToEdge && this.#guestPort !== 0)
        this.#front.send(datagram, this.#guestPort, '127.0.0.1');
    });
  }
}
