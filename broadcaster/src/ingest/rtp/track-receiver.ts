/** One track from packets in any order to whole frames in order, with what is to be asked for on the way. */

import { u16, unwrap16 } from './byte-read.js';
import { H264Assembler } from './h264-assembler.js';
import { mayStartKeyframe, surelyStartsPicture } from './h264-payload.js';
import { KeyframeAsker } from './keyframe-asker.js';
import {
  AUDIO_GAP_MS_MAX,
  GAP_BASE_MS,
  GAP_MS_MAX,
  GAP_MS_MIN,
  HEDGE_SHARE,
  NACK_ENTRIES_MAX,
  PACKETS_WAITING_MAX,
  REORDER_MS,
  START_MARGIN,
} from './limits.js';
import type { TrackClock } from './media-clock.js';
import { MissingPackets, type RoundTrip } from './missing-packets.js';
import { PacketWindow, type WaitingPacket } from './packet-window.js';
import type { VideoFormat } from './parameter-sets.js';
import { RateMeter, Reception } from './reception.js';
import type { ReportBlock, SenderReport } from './rtcp-packet.js';
import type { RtpPacket } from './rtp-packet.js';
import type { RtpTrack, TrackStats } from './track.js';

/** A frame of one track, with the track's own time. */
export type TrackFrame = {
  /** 32 bits, in the track's clock rate. */
  readonly timestamp: number;
  /** When its last packet arrived, ms. */
  readonly arrivedAt: number;
  readonly bytes: Uint8Array;
  readonly isKeyframe: boolean;
  readonly format: VideoFormat | undefined;
};

/** What a track shares with its transport. */
export type TrackParts = {
  readonly clock: TrackClock;
  readonly roundTrip: RoundTrip;
  readonly groupMs: number;
};

/** Behind the newest packet, a packet this far back is a late one; farther ones are from a new start (RFC 3550 A.1). */
const MISORDER_MAX = PACKETS_WAITING_MAX;

/** Drain rule: after every `handle…`, `pollFrame` until it is empty. */
export class TrackReceiver {
  readonly #track: RtpTrack;
  readonly #clock: TrackClock;
  readonly #roundTrip: RoundTrip;
  readonly #missing: MissingPackets;
  readonly #asker: KeyframeAsker | undefined;
  readonly #assembler: H264Assembler | undefined;
  readonly #reception: Reception;
  readonly #bytesRate = new RateMeter();
  readonly #framesRate = new RateMeter();
  readonly #ready: TrackFrame[] = [];
  #window: PacketWindow | undefined;
  /** The packet that came first; those in front of it may never have been sent. */
  #firstSequence = 0;
  /** The packet that would confirm a new start of the sequence numbers. */
  #restartAt: number | undefined;
  #lastPacketAt = Number.NEGATIVE_INFINITY;
  #lastFrameAt: number | undefined;
  #isFrozen = false;
  #hasEnded = false;
  #counts = {
    recovered: 0,
    lostForGood: 0,
    late: 0,
    framesOut: 0,
    freezeCount: 0,
    frozenMs: 0,
    freezeMsMax: 0,
  };

  /** Of one track of a transport. */
  constructor(track: RtpTrack, parts: TrackParts) {
    this.#track = track;
    this.#clock = parts.clock;
    this.#roundTrip = parts.roundTrip;
    this.#missing = new MissingPackets(parts.roundTrip);
    this.#reception = new Reception(track.clockRate);
    if (track.kind === 'audio') return;
    this.#assembler = new H264Assembler();
    if (track.hasPli) this.#asker = new KeyframeAsker(parts.groupMs);
  }

  /** When the last packet came, ms. */
  get lastPacketAt(): number {
    return this.#lastPacketAt;
  }

  /** A packet of the track itself. */
  handlePacket(now: number, packet: RtpPacket): void {
    this.#bytesRate.add(now, packet.payload.length);
    const sequence = this.#place(now, packet.sequence);
    if (sequence === undefined) return;
    this.#lastPacketAt = now;
    this.#hasEnded = false;
    this.#asker?.handlePacket(now);
    this.#reception.handlePacket(now, sequence, packet.timestamp);
    // Padding repeats the time of the last frame, long after it.
    if (packet.payload.length > 0) this.#clock.handleArrival(now, packet.timestamp);
    this.#insert(now, sequence, packet, true);
    this.#drain(now);
  }

  /** A packet of the track's retransmission stream (RFC 4588 §4); probes for bandwidth carry old ones or nothing. */
  handleRetransmission(now: number, packet: RtpPacket): void {
    this.#bytesRate.add(now, packet.payload.length);
    const window = this.#window;
    if (packet.payload.length < 2 || window === undefined) return;
    const sequence = unwrap16(u16(packet.payload, 0), window.highest);
    if (sequence > window.highest) return;
    this.#insert(now, sequence, { ...packet, payload: packet.payload.subarray(2) }, false);
    this.#drain(now);
  }

  /** The sender's clock, and what the next report answers. */
  handleSenderReport(now: number, report: SenderReport): void {
    this.#reception.handleSenderReport(now, report);
    this.#clock.handleSenderReport(report.ntpUs, report.rtpTimestamp);
  }

  /** The sender says that the track has ended; a packet takes that back. */
  handleGoodbye(): void {
    this.#hasEnded = true;
  }

  /** Another stream takes the track's place: sequence numbers begin anew. */
  restart(): void {
    this.#window = undefined;
    this.#restartAt = undefined;
    this.#missing.clear();
    this.#assembler?.handleGap();
  }

  /** Gaps whose time is over are given up. */
  handleTimeout(now: number): void {
    this.#drain(now);
  }

  /** When something is due that no packet causes. */
  nextTimeout(): number | undefined {
    const times = [this.#gapTimeout(), this.#asker?.nextDue()];
    if (this.#track.hasNack) times.push(this.#missing.nextDue());
    const due = times.filter((time) => time !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Sequence numbers (16 bits) to be asked for now; call until it is empty. */
  takeNack(now: number): number[] {
    if (!this.#track.hasNack || this.#missing.size === 0) return [];
    return this.#missing.takeDue(now, NACK_ENTRIES_MAX).map((sequence) => sequence & 0xffff);
  }

  /** Whether to ask for a key frame now; counts as asked. */
  takePli(now: number): boolean {
    return this.#asker?.takeDue(now) ?? false;
  }

  /** The block of the next receiver report. */
  takeReport(now: number, ssrc: number): ReportBlock | undefined {
    return this.#reception.takeReport(now, ssrc);
  }

  /** The next whole frame. */
  pollFrame(): TrackFrame | undefined {
    return this.#ready.shift();
  }

  /** Sums since the start, and rates of the last second. */
  stats(now: number, ssrc: number | undefined): TrackStats {
    return {
      kind: this.#track.kind,
      ssrc,
      received: this.#reception.received,
      lost: this.#reception.lost,
      ...this.#counts,
      framesDropped: this.#assembler?.droppedCount ?? 0,
      jitterMs: this.#reception.jitterMs,
      bitsPerSecond: this.#bytesRate.perSecond(now) * 8,
      framesPerSecond: this.#framesRate.perSecond(now),
      driftPpm: this.#clock.driftPpm,
      followsReports: this.#clock.followsReports,
      rebaseCount: this.#clock.rebaseCount,
      hasEnded: this.#hasEnded,
    };
  }

  /** The unwrapped number; `undefined` for a packet that is far from the others and not confirmed by a second. */
  #place(now: number, sequence: number): number | undefined {
    const window = this.#window ?? this.#open(now, sequence);
    const place = unwrap16(sequence, window.highest);
    const ahead = place - window.highest;
    if (ahead < PACKETS_WAITING_MAX && ahead > -MISORDER_MAX) {
      this.#restartAt = undefined;
      return place;
    }
    if (sequence !== this.#restartAt) {
      this.#restartAt = (sequence + 1) & 0xffff;
      return undefined;
    }
    this.restart();
    this.#isFrozen = this.#assembler !== undefined;
    this.#reception.restart(sequence);
    this.#open(now, sequence);
    return sequence;
  }

  #open(now: number, sequence: number): PacketWindow {
    const window = new PacketWindow(sequence - START_MARGIN, sequence - 1);
    this.#window = window;
    this.#firstSequence = sequence;
    this.#missing.addUnsure(now, window.head, sequence);
    return window;
  }

  #insert(now: number, sequence: number, packet: RtpPacket, isOwn: boolean): void {
    const window = this.#window;
    if (window === undefined) return;
    while (window.isBeyond(sequence)) this.#giveUpTo(window.firstWaiting() ?? sequence);
    const end = window.highest + 1;
    const waiting: WaitingPacket = {
      timestamp: packet.timestamp,
      hasMarker: packet.hasMarker,
      payload: packet.payload,
      arrivedAt: now,
    };
    if (!window.insert(sequence, waiting)) {
      this.#counts.late += 1;
      return;
    }
    if (sequence > end) this.#missing.add(now, end, sequence);
    if (sequence >= end || !this.#missing.remove(now, sequence, isOwn)) return;
    if (sequence > this.#firstSequence) this.#counts.recovered += 1;
  }

  #drain(now: number): void {
    const window = this.#window;
    if (window === undefined) return;
    for (;;) {
      const packet = window.take();
      if (packet !== undefined) this.#consume(now, packet);
      else if (window.head > window.highest || !this.#passGap(now, window)) return;
    }
  }

  #consume(now: number, packet: WaitingPacket): void {
    const assembler = this.#assembler;
    if (assembler === undefined) {
      if (packet.payload.length === 0) return;
      const { timestamp, arrivedAt, payload } = packet;
      // The copy lets go of the datagram.
      this.#emit(now, { timestamp, arrivedAt, bytes: payload.slice(), isKeyframe: true, format: undefined });
      return;
    }
    assembler.handlePacket(packet);
    for (let frame = assembler.pollFrame(); frame !== undefined; frame = assembler.pollFrame()) {
      if (frame.isKeyframe) this.#asker?.handleKeyframe(now);
      this.#emit(now, frame);
    }
    if (assembler.waitsForKeyframe) this.#asker?.handleNeed();
  }

  #emit(now: number, frame: TrackFrame): void {
    if (this.#isFrozen) {
      const frozenMs = now - (this.#lastFrameAt ?? now);
      this.#isFrozen = false;
      this.#counts.freezeCount += 1;
      this.#counts.frozenMs += frozenMs;
      this.#counts.freezeMsMax = Math.max(this.#counts.freezeMsMax, frozenMs);
    }
    this.#lastFrameAt = now;
    this.#counts.framesOut += 1;
    this.#framesRate.add(now, 1);
    this.#ready.push(frame);
  }

  /** Whether the gap at the head has been given up. */
  #passGap(now: number, window: PacketWindow): boolean {
    const ageMs = now - (this.#missing.since(window.head) ?? Number.NEGATIVE_INFINITY);
    const gapMs = this.#gapMs(window);
    if (this.#assembler !== undefined) {
      const waits = this.#assembler.waitsForKeyframe;
      const isOld = ageMs >= gapMs * HEDGE_SHARE;
      if (isOld) this.#asker?.handleNeed();
      // What lies in front of a key frame is of no use any more, or soon will not be.
      const start = waits || isOld ? this.#findKeyframe(window, !waits) : undefined;
      if (start !== undefined) {
        this.#giveUpTo(start);
        return true;
      }
    }
    if (ageMs < gapMs) return false;
    this.#giveUpTo(window.firstWaiting() ?? window.highest + 1);
    return true;
  }

  #giveUpTo(sequence: number): void {
    const window = this.#window;
    if (window === undefined) return;
    const skipped = sequence - Math.max(window.head, Math.min(sequence, this.#firstSequence));
    this.#counts.lostForGood += Math.max(0, skipped - window.skipTo(sequence));
    this.#missing.dropBelow(sequence);
    if (this.#assembler === undefined) return;
    this.#assembler.handleGap();
    this.#isFrozen = this.#lastFrameAt !== undefined;
    this.#asker?.handleNeed();
  }

  /** Where a key frame begins behind the gap; with `isWhole`, one of which nothing is missing. */
  #findKeyframe(window: PacketWindow, isWhole: boolean): number | undefined {
    for (let sequence = window.head + 1; sequence <= window.highest; sequence++) {
      const packet = window.at(sequence);
      if (packet === undefined || !mayStartKeyframe(packet.payload)) continue;
      if (!surelyStartsPicture(packet.payload)) continue;
      if (!isWhole || isWholePicture(window, sequence, packet.timestamp)) return sequence;
    }
    return undefined;
  }

  #gapMs(window: PacketWindow): number {
    if (!this.#track.hasNack || window.head < this.#firstSequence) return REORDER_MS;
    const ms = Math.min(GAP_MS_MAX, Math.max(GAP_MS_MIN, GAP_BASE_MS + 3 * this.#roundTrip.ms));
    return this.#assembler === undefined ? Math.min(ms, AUDIO_GAP_MS_MAX) : ms;
  }

  #gapTimeout(): number | undefined {
    const window = this.#window;
    if (window === undefined || window.head > window.highest) return undefined;
    const since = this.#missing.since(window.head);
    return since === undefined ? this.#lastPacketAt : since + this.#gapMs(window);
  }
}

function isWholePicture(window: PacketWindow, start: number, timestamp: number): boolean {
  for (let sequence = start; sequence <= window.highest; sequence++) {
    const packet = window.at(sequence);
    if (packet === undefined || packet.timestamp !== timestamp) return false;
    if (packet.hasMarker) return true;
  }
  return false;
}
