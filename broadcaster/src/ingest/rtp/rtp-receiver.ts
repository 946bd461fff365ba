/** The receiving end of one transport: packets in, whole frames on one clock and RTCP out. */

import { FrameOrder } from './frame-order.js';
import { FEEDBACK_INTERVAL_MS, REPORT_INTERVAL_MS, RTCP_WAITING_MAX, TRACK_IDLE_MS } from './limits.js';
import { MediaClock, type TrackClock } from './media-clock.js';
import { RoundTrip } from './missing-packets.js';
import { decodeRtcp, encodeNack, encodePli, encodeReceiverReport } from './rtcp-packet.js';
import { decodeRtp, type RtpPacket } from './rtp-packet.js';
import type { MediaFrame, RtpStats, RtpTrack } from './track.js';
import { type TrackFrame, TrackReceiver } from './track-receiver.js';
import { TransportFeedback } from './transport-feedback.js';

/** Groups last this long unless told otherwise, ms. */
export const GROUP_MS_DEFAULT = 1_000;

/** How to receive. */
export type RtpReceiverOptions = {
  /** At most one of a kind is of use; all share one media clock. */
  readonly tracks: readonly RtpTrack[];
  /** The negotiated id of the transport-wide sequence number; only then is feedback sent. */
  readonly transportCcExtensionId?: number;
  /** The SSRC that our RTCP is sent under. */
  readonly localSsrc: number;
  /** A key frame is asked for when this much has passed since the last, ms; `GROUP_MS_DEFAULT`. */
  readonly groupMs?: number;
  /** Our name in receiver reports. */
  readonly cname?: string;
};

type Route = {
  readonly track: RtpTrack;
  readonly clock: TrackClock;
  readonly receiver: TrackReceiver;
  ssrc: number | undefined;
  rtxSsrc: number | undefined;
};

/**
 * A state machine without sockets or clock. Times are milliseconds of any monotonic clock, with fractions.
 *
 * Drain rule: after every `handle…` call, `pollRtcp` and `pollFrame` until they give `undefined`, then call
 * `handleTimeout` no later than at `nextTimeout()`. Bytes from the network never throw. It keeps views of the
 * datagrams handed to `handleRtp` for a while: they must not be written to afterwards.
 */
export class RtpReceiver {
  readonly #options: RtpReceiverOptions;
  readonly #routes: readonly Route[];
  readonly #roundTrip = new RoundTrip();
  readonly #order: FrameOrder<MediaFrame>;
  readonly #feedback: TransportFeedback | undefined;
  readonly #rtcp: Uint8Array[] = [];
  #now = 0;
  #reportAt: number | undefined;
  #feedbackAt = 0;
  #malformed = 0;
  #unknown = 0;

  /** Nothing is sent before the first packet. */
  constructor(options: RtpReceiverOptions) {
    this.#options = options;
    const clock = new MediaClock();
    const groupMs = options.groupMs ?? GROUP_MS_DEFAULT;
    this.#routes = options.tracks.map((track) => {
      const trackClock = clock.addTrack(track.clockRate);
      const parts = { clock: trackClock, roundTrip: this.#roundTrip, groupMs };
      const receiver = new TrackReceiver(track, parts);
      return { track, clock: trackClock, receiver, ssrc: track.ssrc, rtxSsrc: track.rtxSsrc };
    });
    this.#order = new FrameOrder(options.tracks.some((track) => track.kind === 'video'));
    if (options.transportCcExtensionId !== undefined)
      this.#feedback = new TransportFeedback(options.localSsrc);
  }

  /** A decrypted RTP packet. */
  handleRtp(now: number, bytes: Uint8Array): void {
    this.#advance(now);
    const packet = decodeRtp(bytes, this.#options.transportCcExtensionId);
    if (packet === undefined) {
      this.#malformed += 1;
      return;
    }
    if (packet.transportSequence !== undefined)
      this.#feedback?.handleArrival(this.#now, packet.transportSequence);
    this.#reportAt ??= this.#now + REPORT_INTERVAL_MS;
    this.#route(packet);
    this.#run();
  }

  /** A decrypted compound RTCP packet. */
  handleRtcp(now: number, bytes: Uint8Array): void {
    this.#advance(now);
    for (const part of decodeRtcp(bytes)) {
      if (part.kind === 'sender-report') {
        const route = this.#routes.find(({ ssrc }) => ssrc === part.ssrc);
        route?.receiver.handleSenderReport(this.#now, part);
      } else {
        for (const { ssrc, receiver } of this.#routes)
          if (ssrc !== undefined && part.ssrcs.includes(ssrc)) receiver.handleGoodbye();
      }
    }
  }

  /** Time has passed. */
  handleTimeout(now: number): void {
    this.#advance(now);
    for (const route of this.#routes) {
      route.receiver.handleTimeout(this.#now);
      this.#takeFrames(route);
    }
    this.#run();
  }

  /** When to call `handleTimeout`; may be in the past, then call it at once. */
  nextTimeout(): number | undefined {
    let next = this.#order.nextTimeout() ?? Number.POSITIVE_INFINITY;
    for (const { receiver } of this.#routes)
      next = Math.min(next, receiver.nextTimeout() ?? Number.POSITIVE_INFINITY);
    if (this.#feedback?.hasNews === true) next = Math.min(next, this.#feedbackAt);
    next = Math.min(next, this.#reportAt ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(next) ? next : undefined;
  }

  /** The next RTCP packet to encrypt and send. */
  pollRtcp(): Uint8Array | undefined {
    return this.#rtcp.shift();
  }

  /** The next frame, in nearly rising time over both tracks. */
  pollFrame(): MediaFrame | undefined {
    const frame = this.#order.poll(this.#now);
    return frame && { ...frame, timeUs: frame.timeUs - (this.#order.startTimeUs ?? 0) };
  }

  /** Figures as of the last call. */
  stats(): RtpStats {
    return {
      tracks: this.#routes.map(({ receiver, ssrc }) => receiver.stats(this.#now, ssrc)),
      roundTripMs: this.#roundTrip.ms,
      malformed: this.#malformed,
      unknown: this.#unknown,
      framesLeftOut: this.#order.droppedCount,
    };
  }

  #advance(now: number): void {
    this.#now = Math.max(this.#now, now);
  }

  #route(packet: RtpPacket): void {
    const { ssrc } = packet;
    const known = this.#routes.find((route) => route.ssrc === ssrc || route.rtxSsrc === ssrc);
    const route = known ?? this.#learn(packet);
    if (route === undefined) {
      this.#unknown += 1;
      return;
    }
    const isOwn = route.ssrc === ssrc;
    if (packet.payloadType !== (isOwn ? route.track.payloadType : route.track.rtxPayloadType)) {
      this.#unknown += 1;
      return;
    }
    if (isOwn) route.receiver.handlePacket(this.#now, packet);
    else route.receiver.handleRetransmission(this.#now, packet);
    this.#takeFrames(route);
  }

  /** Takes a stream for a track whose SSRC was not announced; in place of another only when that is silent. */
  #learn({ ssrc, payloadType }: RtpPacket): Route | undefined {
    for (const route of this.#routes) {
      const { track, receiver } = route;
      if (track.ssrc === undefined && track.payloadType === payloadType) {
        if (route.ssrc !== undefined && this.#now - receiver.lastPacketAt < TRACK_IDLE_MS) return undefined;
        if (route.ssrc !== undefined) receiver.restart();
        route.ssrc = ssrc;
        if (track.rtxSsrc === undefined) route.rtxSsrc = undefined;
        return route;
      }
      const isRtx = track.rtxPayloadType !== undefined && track.rtxPayloadType === payloadType;
      if (track.rtxSsrc === undefined && isRtx && route.rtxSsrc === undefined) {
        route.rtxSsrc = ssrc;
        return route;
      }
    }
    return undefined;
  }

  #takeFrames({ receiver, clock, track }: Route): void {
    for (let frame = receiver.pollFrame(); frame !== undefined; frame = receiver.pollFrame()) {
      const timeUs = clock.timeOf(this.#now, frame.timestamp);
      this.#order.push(this.#now, mediaFrame(track.kind, timeUs, frame));
    }
  }

  #run(): void {
    const now = this.#now;
    const { localSsrc } = this.#options;
    for (const { receiver, ssrc } of this.#routes) {
      if (ssrc === undefined) continue;
      for (let due = receiver.takeNack(now); due.length > 0; due = receiver.takeNack(now))
        this.#send(encodeNack(localSsrc, ssrc, due));
      if (receiver.takePli(now)) this.#send(encodePli(localSsrc, ssrc));
    }
    if (this.#reportAt !== undefined && now >= this.#reportAt) this.#report();
    if (now >= this.#feedbackAt) this.#sendFeedback();
  }

  #report(): void {
    this.#reportAt = this.#now + REPORT_INTERVAL_MS;
    const blocks = this.#routes
      .map(({ receiver, ssrc }) => (ssrc === undefined ? undefined : receiver.takeReport(this.#now, ssrc)))
      .filter((block) => block !== undefined);
    this.#send(encodeReceiverReport(this.#options.localSsrc, blocks, this.#options.cname ?? 'freshet'));
  }

  #sendFeedback(): void {
    const feedback = this.#feedback;
    if (feedback === undefined || !feedback.hasNews) return;
    this.#feedbackAt = this.#now + FEEDBACK_INTERVAL_MS;
    const mediaSsrc = this.#routes.find(({ ssrc }) => ssrc !== undefined)?.ssrc ?? 0;
    for (let packet = feedback.poll(mediaSsrc); packet !== undefined; packet = feedback.poll(mediaSsrc))
      this.#send(packet);
  }

  #send(packet: Uint8Array): void {
    this.#rtcp.push(packet);
    if (this.#rtcp.length > RTCP_WAITING_MAX) this.#rtcp.shift();
  }
}

function mediaFrame(kind: 'video' | 'audio', timeUs: number, frame: TrackFrame): MediaFrame {
  const { arrivedAt, bytes, isKeyframe, format } = frame;
  const plain = { kind, timeUs, arrivedAt, bytes, isKeyframe };
  if (format === undefined) return plain;
  return { ...plain, parameterSets: format.parameterSets, width: format.width, height: format.height };
}
