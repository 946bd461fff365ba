/** Bytes of header before a payload of this length in a frame from a server (RFC 6455 §5.2, unmasked). */
export const frameHeaderBytes = (payloadBytes: number): number =>
  payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;

/** One whole binary message as a server puts it on the wire; the same bytes serve every link. */
export const frameBinary = (payload: Uint8Array): Uint8Array => {
  const headerBytes = frameHeaderBytes(payload.length);
  const frame = Buffer.allocUnsafeSlow(headerBytes + payload.length);
  // FIN and opcode 2 (binary).
  frame[0] = 0x82;
  if (headerBytes === 2) {
    frame[1] = payload.length;
  } else if (headerBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(payload.length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt16BE(0, 2);
    frame.writeUIntBE(payload.length, 4, 6);
  }
  frame.set(payload, headerBytes);
  return frame;
};
