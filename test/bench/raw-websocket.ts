/** What a client of a WebSocket server says, as bytes: for crowds that are too large for a library. */

/** The request that opens a link (RFC 6455 §4.1). */
export const upgradeRequest = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** Ends the head of the answer. */
export const HEAD_END: Buffer = Buffer.from('\r\n\r\n');

/** A binary message as a client frames it, masked with zeros, which is a valid mask and costs nothing. */
export const maskedFrame = (payload: Uint8Array): Buffer => {
  const headerBytes = payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10;
  const frame = Buffer.alloc(headerBytes + 4 + payload.length);
  frame[0] = 0x82;
  if (headerBytes === 2) frame[1] = 0x80 | payload.length;
  else if (headerBytes === 4) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(payload.length, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeUIntBE(payload.length, 4, 6);
  }
  frame.set(payload, headerBytes + 4);
  return frame;
};

/** An empty pong, masked with zeros: unasked for, it keeps a link alive as well (RFC 6455 §5.5.3). */
export const PONG: Buffer = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** Between two of them: shorter than any idle time that a server keeps. */
export const PONG_MS = 5_000;
