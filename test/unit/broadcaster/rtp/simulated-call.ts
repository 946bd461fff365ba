/** A sender, a lossy way and the receiver, all from a seed, in steps of one millisecond. */

import { Prng } from '@freshet/proto';
import {
  type MediaFrame,
  RtpReceiver,
  type RtpStats,
  type RtpTrack,
} from '../../../../broadcaster/src/ingest/rtp/index.js';
import { packetise, ppsUnit, sliceUnit, spsUnit, withLengths } from './h264-units.js';
import { readNack, rtcpKind, rtpBytes, senderReportBytes } from './rtp-bytes.js';

/** The negotiated id of the transport-wide sequence number. */
export const TRANSPORT_ID = 3;

/** The picture as Chrome sends it. */
export const VIDEO: RtpTrack = {
  ...({ kind: 'video', codec: 'h264', clockRate: 90_000 } as const),
  ...{ payloadType: 102, ssrc: 1111, rtxPayloadType: 103, rtxSsrc: 1112, hasNack: true, hasPli: true },
};

/** The sound. */
export const AUDIO: RtpTrack = {
  ...({ kind: 'audio', codec: 'opus', clockRate: 48_000, channels: 2 } as const),
  ...{ payloadType: 111, ssrc: 2222, hasNack: true, hasPli: false },
};

/** How a call goes; times in ms. */
export type CallOptions = {
  readonly seed: string;
  readonly tracks?: readonly RtpTrack[];
  readonly loss?: number;
  readonly roundTripMs?: number;
  /** Of the way as a whole: packets keep their order. */
  readonly jitterMs?: number;
  /** Of each packet: they overtake each other. */
  readonly overtakingMs?: number;
  readonly videoBitsPerSecond?: number;
  /** The pictures of a real encoder, one group after the other; key frames are then not made on request. */
  readonly pictures?: readonly { readonly units: readonly Uint8Array[]; readonly isKeyframe: boolean }[];
  /** Opus packets of 20 ms. */
  readonly sounds?: readonly Uint8Array[];
  /** No packet of this kind is sent at this time of the sender. */
  readonly isSilent?: (kind: 'video' | 'audio', now: number) => boolean;
  /** The track's RTP clock stands still while it is silent. */
  readonly doesClockStop?: boolean;
  /** How much faster the sender's clocks run, in millionths. */
  readonly clockPpm?: { readonly video: number; readonly audio: number };
  readonly reportsFrom?: { readonly video: number; readonly audio: number };
  readonly size?: (now: number) => { width: number; height: number };
  readonly firstSequence?: number;
  readonly firstTimestamp?: number;
  readonly groupMs?: number;
  readonly firstSsrcOffset?: number;
};

/** What was sent, by the frame's number. */
export type SentFrame = {
  readonly capturedAt: number;
  readonly bytes: Uint8Array;
  readonly isKeyframe: boolean;
};

type Sending = {
  readonly track: RtpTrack;
  readonly ssrc: number;
  sequence: number;
  rtxSequence: number;
  frame: number;
  nextAt: number;
  reportAt: number;
  stoppedMs: number;
  readonly history: Map<number, Uint8Array>;
  readonly lostAt: Map<number, number>;
};

const FRAME_MS = { video: 1000 / 30, audio: 20 };
const WALL_MS = 3_900_000_000_000;
const HEAD_BYTES = 20;

/** Runs a call; look at its public fields afterwards. */
export class SimulatedCall {
  readonly receiver: RtpReceiver;
  readonly frames: (MediaFrame & { readonly at: number })[] = [];
  readonly sent: Record<'video' | 'audio', SentFrame[]> = { video: [], audio: [] };
  readonly rtcp: { readonly at: number; readonly packet: Uint8Array }[] = [];
  readonly recoveryMs: number[] = [];
  bytesReceived = 0;
  now = 1000;
  readonly #options: CallOptions;
  readonly #prng: Prng;
  readonly #network: Prng;
  readonly #due = new Map<number, (() => void)[]>();
  readonly #sendings: Sending[];
  #transportSequence = 65_000;
  #wantsKeyframe = true;
  #lastArrivalAt = 0;

  constructor(options: CallOptions) {
    this.#options = options;
    this.#prng = new Prng(options.seed);
    this.#network = this.#prng.fork('network');
    const tracks = options.tracks ?? [VIDEO, AUDIO];
    this.receiver = new RtpReceiver({
      ...{ tracks, transportCcExtensionId: TRANSPORT_ID, localSsrc: 99, groupMs: options.groupMs ?? 1000 },
    });
    this.#sendings = tracks.map((track, index) => ({
      track,
      ssrc: track.ssrc ?? 7000 + index,
      sequence: options.firstSequence ?? 65_500,
      ...{ rtxSequence: 10, frame: 0, nextAt: this.now, stoppedMs: 0 },
      reportAt: this.now + (options.reportsFrom?.[track.kind] ?? (track.kind === 'video' ? 500 : 2500)),
      history: new Map(),
      lostAt: new Map(),
    }));
  }

  get stats(): RtpStats {
    return this.receiver.stats();
  }

  /** Lets `ms` pass. */
  run(ms: number): this {
    for (const end = this.now + ms; this.now < end; this.now += 1) {
      for (const sending of this.#sendings) this.#send(sending);
      const due = this.#due.get(this.now) ?? [];
      this.#due.delete(this.now);
      for (const act of due) act();
      const timeout = this.receiver.nextTimeout();
      if (timeout !== undefined && timeout <= this.now) this.receiver.handleTimeout(this.now);
      this.#drain();
    }
    return this;
  }

  /** Frames of one kind that came out. */
  of(kind: 'video' | 'audio'): (MediaFrame & { readonly at: number })[] {
    return this.frames.filter((frame) => frame.kind === kind);
  }

  #send(sending: Sending): void {
    const { kind } = sending.track;
    if (this.#options.reportsFrom?.[kind] !== Number.POSITIVE_INFINITY && this.now >= sending.reportAt) {
      sending.reportAt += 1000;
      const timestamp = this.#timestamp(sending, this.now);
      const report = senderReportBytes({ ssrc: sending.ssrc, wallMs: WALL_MS + this.now, timestamp });
      this.#later(this.#delay(), () => this.receiver.handleRtcp(this.now, report));
    }
    while (this.now >= sending.nextAt) {
      const capturedAt = sending.nextAt;
      sending.nextAt += FRAME_MS[kind];
      if (this.#options.isSilent?.(kind, this.now) === true) {
        if (this.#options.doesClockStop === true) sending.stoppedMs += FRAME_MS[kind];
        continue;
      }
      if (kind === 'video') this.#sendPicture(sending, capturedAt);
      else this.#sendSound(sending, capturedAt);
      sending.frame += 1;
    }
  }

  #sendPicture(sending: Sending, capturedAt: number): void {
    const { units, isKeyframe } = this.#picture(sending.frame);
    const slices = units.filter((unit) => ![7, 8, 9].includes((unit[0] ?? 0) & 31));
    this.sent.video.push({ capturedAt, bytes: withLengths(slices), isKeyframe });
    const payloads = packetise(units);
    payloads.forEach((payload, index) => {
      // The encoder takes 5 ms, the pacer sends two packets a millisecond.
      const hasMarker = index === payloads.length - 1;
      this.#later(5 + (index >> 1), () => this.#sendPacket(sending, { payload, hasMarker, capturedAt }));
    });
  }

  #picture(frame: number): { units: readonly Uint8Array[]; isKeyframe: boolean } {
    const { pictures, size } = this.#options;
    const given = pictures?.[frame];
    if (given !== undefined) return given;
    const isKeyframe = this.#wantsKeyframe;
    this.#wantsKeyframe = false;
    const bytes = (this.#options.videoBitsPerSecond ?? 2_500_000) / 8 / 30;
    const slice = sliceUnit(frame, {
      isKeyframe,
      size: Math.round(bytes * (isKeyframe ? 4 : 0.7 + 0.4 * this.#prng.next())),
    });
    const { width, height } = size?.(this.now) ?? { width: 1280, height: 720 };
    return { units: isKeyframe ? [spsUnit(width, height), ppsUnit(), slice] : [slice], isKeyframe };
  }

  #sendSound(sending: Sending, capturedAt: number): void {
    const bytes = this.#options.sounds?.[sending.frame] ?? new Uint8Array(120).fill(sending.frame & 0xff);
    this.sent.audio.push({ capturedAt, bytes, isKeyframe: true });
    // A packet can leave when its 20 ms are over.
    this.#later(22, () => this.#sendPacket(sending, { payload: bytes, hasMarker: false, capturedAt }));
  }

  #timestamp({ track, stoppedMs }: Sending, at: number): number {
    const ppm = this.#options.clockPpm?.[track.kind] ?? 0;
    const ticks = ((at - stoppedMs) * (1 + ppm / 1e6) * track.clockRate) / 1000;
    return ((this.#options.firstTimestamp ?? 2 ** 32 - 200_000) + Math.round(ticks)) % 2 ** 32;
  }

  #sendPacket(
    sending: Sending,
    { payload, hasMarker, capturedAt }: { payload: Uint8Array; hasMarker: boolean; capturedAt: number },
  ): void {
    const { track, ssrc } = sending;
    const sequence = sending.sequence & 0xffff;
    sending.sequence += 1;
    this.#transportSequence += 1;
    const timestamp = this.#timestamp(sending, capturedAt);
    const transport = { id: TRANSPORT_ID, sequence: this.#transportSequence };
    const fields = { payloadType: track.payloadType, sequence, timestamp, ssrc, hasMarker, payload };
    const bytes = rtpBytes({ ...fields, transport });
    sending.history.set(sequence, bytes);
    sending.history.delete((sequence - 2000) & 0xffff);
    if (!this.#transmit(bytes)) sending.lostAt.set(sequence, this.now);
  }

  #transmit(bytes: Uint8Array, onArrival?: () => void): boolean {
    const isLost = this.#network.next() < (this.#options.loss ?? 0);
    const overtaking = this.#network.next() * (this.#options.overtakingMs ?? 0);
    this.#lastArrivalAt = Math.max(this.#lastArrivalAt, this.now + this.#delay());
    if (isLost) return false;
    this.#later(this.#lastArrivalAt - this.now + Math.round(overtaking), () => {
      this.bytesReceived += bytes.length;
      onArrival?.();
      this.receiver.handleRtp(this.now, bytes);
      this.#drain();
    });
    return true;
  }

  #delay(): number {
    const jitter = this.#options.jitterMs ?? 0;
    return Math.round((this.#options.roundTripMs ?? 50) / 2 + this.#network.next() * jitter);
  }

  #later(ms: number, act: () => void): void {
    const at = this.now + Math.max(1, ms);
    const due = this.#due.get(at);
    if (due === undefined) this.#due.set(at, [act]);
    else due.push(act);
  }

  #drain(): void {
    for (let packet = this.receiver.pollRtcp(); packet !== undefined; packet = this.receiver.pollRtcp()) {
      const sent = packet;
      this.rtcp.push({ at: this.now, packet: sent });
      if (this.#network.next() >= (this.#options.loss ?? 0))
        this.#later(this.#delay(), () => this.#answer(sent));
    }
    for (let frame = this.receiver.pollFrame(); frame !== undefined; frame = this.receiver.pollFrame())
      this.frames.push({ ...frame, at: this.now });
  }

  #answer(packet: Uint8Array): void {
    const kind = rtcpKind(packet);
    if (kind === 'pli') this.#wantsKeyframe = true;
    if (kind !== 'nack') return;
    const ssrc = new DataView(packet.buffer).getUint32(8);
    const sending = this.#sendings.find((each) => each.ssrc === ssrc);
    if (sending !== undefined) for (const sequence of readNack(packet)) this.#resend(sending, sequence);
  }

  #resend(sending: Sending, sequence: number): void {
    const original = sending.history.get(sequence);
    if (original === undefined) return;
    const noteRecovery = (): void => {
      const lostAt = sending.lostAt.get(sequence);
      // From when it would have come to when it came.
      if (lostAt !== undefined)
        this.recoveryMs.push(this.now - lostAt - (this.#options.roundTripMs ?? 50) / 2);
      sending.lostAt.delete(sequence);
    };
    const { rtxSsrc, rtxPayloadType } = sending.track;
    if (rtxSsrc === undefined || rtxPayloadType === undefined) {
      this.#transmit(original, noteRecovery);
      return;
    }
    const payload = Uint8Array.from([sequence >> 8, sequence & 0xff, ...original.subarray(HEAD_BYTES)]);
    const view = new DataView(original.buffer);
    sending.rtxSequence += 1;
    this.#transmit(
      rtpBytes({
        ...{ payloadType: rtxPayloadType, ssrc: rtxSsrc, sequence: sending.rtxSequence, payload },
        ...{ timestamp: view.getUint32(4), hasMarker: view.getUint8(1) >= 0x80 },
      }),
      noteRecovery,
    );
  }
}
