/** Writes what a sender sends. */

/** An RTP packet's fields. */
export type RtpFields = {
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly hasMarker?: boolean;
  readonly payload: Uint8Array;
  /** With the extension id. */
  readonly transport?: { readonly id: number; readonly sequence: number };
};

/** An RTP packet, with a one-byte header extension where `transport` is given. */
export function rtpBytes(fields: RtpFields): Uint8Array {
  const { transport, payload } = fields;
  const headBytes = transport === undefined ? 12 : 20;
  const bytes = new Uint8Array(headBytes + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, transport === undefined ? 0x80 : 0x90);
  view.setUint8(1, fields.payloadType | (fields.hasMarker === true ? 0x80 : 0));
  view.setUint16(2, fields.sequence & 0xffff);
  view.setUint32(4, fields.timestamp >>> 0);
  view.setUint32(8, fields.ssrc);
  if (transport !== undefined) {
    view.setUint16(12, 0xbede);
    view.setUint16(14, 1);
    view.setUint8(16, (transport.id << 4) | 1);
    view.setUint16(17, transport.sequence & 0xffff);
  }
  bytes.set(payload, headBytes);
  return bytes;
}

/** A sender report without blocks; `wallMs` since 1900. */
export function senderReportBytes(report: { ssrc: number; wallMs: number; timestamp: number }): Uint8Array {
  const bytes = new Uint8Array(28);
  const view = new DataView(bytes.buffer);
  const seconds = Math.floor(report.wallMs / 1000);
  view.setUint8(0, 0x80);
  view.setUint8(1, 200);
  view.setUint16(2, 6);
  view.setUint32(4, report.ssrc);
  view.setUint32(8, seconds);
  view.setUint32(12, Math.floor(((report.wallMs % 1000) / 1000) * 2 ** 32));
  view.setUint32(16, report.timestamp >>> 0);
  return bytes;
}

/** The sequence numbers that a NACK asks for. */
export function readNack(packet: Uint8Array): number[] {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const sequences: number[] = [];
  for (let at = 12; at + 4 <= packet.length; at += 4) {
    const first = view.getUint16(at);
    const mask = view.getUint16(at + 2);
    sequences.push(first);
    for (let bit = 0; bit < 16; bit++) if ((mask >> bit) & 1) sequences.push((first + bit + 1) & 0xffff);
  }
  return sequences;
}

/** What an RTCP packet is, as far as a sender cares. */
export function rtcpKind(packet: Uint8Array): 'nack' | 'pli' | 'report' | 'feedback' | 'other' {
  const count = (packet[0] ?? 0) & 31;
  const type = packet[1];
  if (type === 205) return count === 1 ? 'nack' : count === 15 ? 'feedback' : 'other';
  if (type === 206 && count === 1) return 'pli';
  return type === 201 ? 'report' : 'other';
}
