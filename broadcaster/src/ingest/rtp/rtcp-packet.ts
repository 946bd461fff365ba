/** Reads the sender's RTCP and writes the receiver's (RFC 3550 §6, RFC 4585 §6). */

import { u16, u32 } from './byte-read.js';
import { NACK_ENTRIES_MAX, RTCP_PACKETS_MAX } from './limits.js';

/** What a sender says about its clock (RFC 3550 §6.4.1). */
export type SenderReport = {
  readonly kind: 'sender-report';
  /** Of the track. */
  readonly ssrc: number;
  /** The sender's wall clock, microseconds since 1900. */
  readonly ntpUs: number;
  /** The middle 32 bits of the NTP timestamp, which receiver reports send back. */
  readonly ntpMiddle: number;
  /** The same moment in the track's RTP clock, 32 bits. */
  readonly rtpTimestamp: number;
};

/** Tracks that have ended (RFC 3550 §6.6). */
export type Goodbye = { readonly kind: 'goodbye'; readonly ssrcs: readonly number[] };

/** One track's part of a receiver report (RFC 3550 §6.4.1). */
export type ReportBlock = {
  readonly ssrc: number;
  /** Share of the packets lost since the last report, in 1/256. */
  readonly fractionLost: number;
  /** Packets lost since the start; negative when duplicates outnumber them. */
  readonly lost: number;
  /** With its cycles, 32 bits. */
  readonly highestSequence: number;
  /** In the track's clock rate. */
  readonly jitter: number;
  /** `ntpMiddle` of the last sender report; 0 for none. */
  readonly lastReport: number;
  /** Since that report, in 1/65536 s. */
  readonly sinceLastReport: number;
};

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const DESCRIPTION = 202;
const GOODBYE = 203;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;
const GENERIC_NACK = 1;
const PICTURE_LOSS = 1;
const CNAME = 1;
const BLOCK_BYTES = 24;

/** Reads what this receiver uses of a compound packet; what is malformed or unknown is left out. */
export function decodeRtcp(bytes: Uint8Array): (SenderReport | Goodbye)[] {
  const found: (SenderReport | Goodbye)[] = [];
  let at = 0;
  for (let count = 0; count < RTCP_PACKETS_MAX && at + 8 <= bytes.length; count++) {
    const first = bytes[at] ?? 0;
    const end = at + (u16(bytes, at + 2) + 1) * 4;
    if (first >> 6 !== 2 || end > bytes.length) break;
    const type = bytes[at + 1];
    if (type === SENDER_REPORT && end - at >= 28) found.push(readSenderReport(bytes, at));
    if (type === GOODBYE) {
      const ssrcs: number[] = [];
      for (let i = 0; i < (first & 0x1f) && at + 8 + i * 4 <= end; i++)
        ssrcs.push(u32(bytes, at + 4 + i * 4));
      found.push({ kind: 'goodbye', ssrcs });
    }
    at = end;
  }
  return found;
}

function readSenderReport(bytes: Uint8Array, at: number): SenderReport {
  const seconds = u32(bytes, at + 8);
  const fraction = u32(bytes, at + 12);
  return {
    kind: 'sender-report',
    ssrc: u32(bytes, at + 4),
    ntpUs: seconds * 1e6 + (fraction * 1e6) / 2 ** 32,
    ntpMiddle: u32(bytes, at + 10),
    rtpTimestamp: u32(bytes, at + 16),
  };
}

/** A receiver report with the name of its sender, as RFC 3550 §6.1 wants every compound packet. */
export function encodeReceiverReport(
  localSsrc: number,
  blocks: readonly ReportBlock[],
  cname: string,
): Uint8Array {
  const name = new TextEncoder().encode(cname).subarray(0, 255);
  const reportBytes = 8 + blocks.length * BLOCK_BYTES;
  // The item, and at least one zero that ends the list.
  const descriptionBytes = 8 + Math.ceil((2 + name.length + 1) / 4) * 4;
  const packet = new Uint8Array(reportBytes + descriptionBytes);
  const view = new DataView(packet.buffer);
  writeHead(view, 0, { count: blocks.length, type: RECEIVER_REPORT, bytes: reportBytes, ssrc: localSsrc });
  blocks.forEach((block, index) => {
    const at = 8 + index * BLOCK_BYTES;
    const lost = Math.max(-0x800000, Math.min(0x7fffff, block.lost));
    view.setUint32(at, block.ssrc);
    view.setUint32(at + 4, ((block.fractionLost << 24) | (lost & 0xffffff)) >>> 0);
    view.setUint32(at + 8, block.highestSequence);
    view.setUint32(at + 12, block.jitter);
    view.setUint32(at + 16, block.lastReport);
    view.setUint32(at + 20, block.sinceLastReport);
  });
  writeHead(view, reportBytes, { count: 1, type: DESCRIPTION, bytes: descriptionBytes, ssrc: localSsrc });
  view.setUint8(reportBytes + 8, CNAME);
  view.setUint8(reportBytes + 9, name.length);
  packet.set(name, reportBytes + 10);
  return packet;
}

/** Asks for the lost packets `sequences` (16 bits each, ascending) again; takes at most `NACK_ENTRIES_MAX` entries. */
export function encodeNack(localSsrc: number, mediaSsrc: number, sequences: readonly number[]): Uint8Array {
  const entries: { first: number; mask: number }[] = [];
  for (const sequence of sequences) {
    const last = entries.at(-1);
    const after = last === undefined ? 0 : (sequence - last.first) & 0xffff;
    if (last !== undefined && after >= 1 && after <= 16) last.mask |= 1 << (after - 1);
    else if (entries.length < NACK_ENTRIES_MAX) entries.push({ first: sequence, mask: 0 });
    else break;
  }
  const packet = new Uint8Array(12 + entries.length * 4);
  const view = new DataView(packet.buffer);
  writeHead(view, 0, {
    count: GENERIC_NACK,
    type: TRANSPORT_FEEDBACK,
    bytes: packet.length,
    ssrc: localSsrc,
  });
  view.setUint32(8, mediaSsrc);
  entries.forEach((entry, index) => {
    view.setUint16(12 + index * 4, entry.first & 0xffff);
    view.setUint16(14 + index * 4, entry.mask);
  });
  return packet;
}

/** Asks for a key frame (picture loss indication, RFC 4585 §6.3.1). */
export function encodePli(localSsrc: number, mediaSsrc: number): Uint8Array {
  const packet = new Uint8Array(12);
  const view = new DataView(packet.buffer);
  writeHead(view, 0, { count: PICTURE_LOSS, type: PAYLOAD_FEEDBACK, bytes: 12, ssrc: localSsrc });
  view.setUint32(8, mediaSsrc);
  return packet;
}

type Head = {
  readonly count: number;
  readonly type: number;
  readonly bytes: number;
  readonly ssrc: number;
};

function writeHead(view: DataView, at: number, head: Head): void {
  view.setUint8(at, 0x80 | head.count);
  view.setUint8(at + 1, head.type);
  view.setUint16(at + 2, head.bytes / 4 - 1);
  view.setUint32(at + 4, head.ssrc);
}
