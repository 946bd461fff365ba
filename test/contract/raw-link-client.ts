/** A WebSocket client made by hand, which can break every rule that a library would keep. */

import { connect, type Socket } from 'node:net';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** The request that asks for a WebSocket at this path. */
export const upgradeRequest = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`;

/** One masked frame, as a client must send it; the header may lie about the length. */
export const clientFrame = (options: {
  opcode: number;
  payload: Uint8Array;
  isFinal?: boolean;
  claimedBytes?: number;
}): Uint8Array => {
  const claimed = options.claimedBytes ?? options.payload.length;
  const headerBytes = claimed < 126 ? 2 : claimed < 65_536 ? 4 : 10;
  const frame = Buffer.alloc(headerBytes + 4 + options.payload.length);
  frame[0] = (options.isFinal === false ? 0 : 0x80) | options.opcode;
  if (headerBytes === 2) frame[1] = 0x80 | claimed;
  else if (headerBytes === 4) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(claimed, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeUIntBE(claimed, 4, 6);
  }
  // A mask of zeros leaves the payload as it is.
  frame.set(options.payload, headerBytes + 4);
  return frame;
};

/** A raw connection, its text and whether the other end has closed it. */
export class RawClient {
  readonly socket: Socket;
  isClosed = false;
  readonly #parts: Buffer[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
    });
  }

  /** Connects, and reads only when `isReading`. A stubborn one does not hang up because the other end does. */
  static async open(port: number, isReading: boolean, isStubborn = false): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: isStubborn });
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    if (isReading) client.read();
    return client;
  }

  /** Begins to read. */
  read(): void {
    this.socket.on('data', (part) => this.#parts.push(part));
    this.socket.resume();
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Everything read so far. */
  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  get text(): string {
    return this.bytes.toString('latin1');
  }

  /** The whole binary messages after the handshake; fails the test when the stream is not one of unmasked frames. */
  get messages(): Buffer[] {
    const all = this.bytes;
    const messages: Buffer[] = [];
    let at = all.indexOf('\r\n\r\n') + 4;
    while (at + 2 <= all.length) {
      const opcode = all.readUInt8(at) & 0x0f;
      const short = all.readUInt8(at + 1);
      const headerBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + headerBytes > all.length) break;
      const length =
        headerBytes === 2 ? short : headerBytes === 4 ? all.readUInt16BE(at + 2) : all.readUIntBE(at + 4, 6);
      if (at + headerBytes + length > all.length) break;
      if (opcode === 2) messages.push(all.subarray(at + headerBytes, at + headerBytes + length));
      else if (opcode < 8) throw new Error(`a frame with opcode ${opcode} at ${at} of ${all.length}`);
      at += headerBytes + length;
    }
    return messages;
  }

  close(): void {
    this.socket.destroy();
  }
}
