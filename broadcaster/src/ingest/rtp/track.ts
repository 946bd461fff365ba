/** What is known of a track before its first packet, and what is counted while it runs. */

import type { ParameterSets } from './parameter-sets.js';

/** A track as it was negotiated. */
export type RtpTrack = {
  readonly kind: 'video' | 'audio';
  readonly codec: 'h264' | 'opus';
  /** 7 bits. */
  readonly payloadType: number;
  /** `undefined` where the sender does not announce it: it is learned from the payload type. */
  readonly ssrc?: number;
  readonly rtxPayloadType?: number;
  /** Likewise learned from `rtxPayloadType`. */
  readonly rtxSsrc?: number;
  /** Hz: 90,000 for video, 48,000 for Opus. */
  readonly clockRate: number;
  readonly channels?: number;
  /** Lost packets may be asked for. */
  readonly hasNack: boolean;
  /** Key frames may be asked for. */
  readonly hasPli: boolean;
};

/** A whole frame on the media clock. */
export type MediaFrame = {
  readonly kind: 'video' | 'audio';
  /** Microseconds; 0 at the first frame, rising by at least a millisecond within a track. */
  readonly timeUs: number;
  /** When the last of its packets arrived, ms of the caller's clock. */
  readonly arrivedAt: number;
  /** H.264: NAL units behind four bytes of length each, without parameter sets; Opus: one packet. */
  readonly bytes: Uint8Array;
  /** Always true for sound. */
  readonly isKeyframe: boolean;
  /** On the first key frame and on every one that needs a new decoder configuration. */
  readonly parameterSets?: ParameterSets;
  /** Pixels; given together with `parameterSets`. */
  readonly width?: number;
  /** Pixels; given together with `parameterSets`. */
  readonly height?: number;
};

/** Figures of one track. */
export type TrackStats = {
  readonly kind: 'video' | 'audio';
  /** `undefined` while it has not been learned. */
  readonly ssrc: number | undefined;
  /** Packets that came by themselves. */
  readonly received: number;
  /** Packets that did not, before any recovery. */
  readonly lost: number;
  /** Packets that came because they were asked for. */
  readonly recovered: number;
  /** Packets that were given up. */
  readonly lostForGood: number;
  /** Packets that came twice, or after they had been given up. */
  readonly late: number;
  readonly framesOut: number;
  /** Pictures dropped because something of them, or of one before them, was missing. */
  readonly framesDropped: number;
  /** Times that pictures were dropped and a key frame had to be waited for. */
  readonly freezeCount: number;
  /** Sum of these times. */
  readonly frozenMs: number;
  readonly freezeMsMax: number;
  readonly jitterMs: number;
  /** With retransmissions, without headers. */
  readonly bitsPerSecond: number;
  readonly framesPerSecond: number;
  /** By how much the sender's clock is faster than ours, in millionths; `undefined` at first. */
  readonly driftPpm: number | undefined;
  /** Whether sound and picture are aligned by the sender's reports rather than by arrival. */
  readonly followsReports: boolean;
  /** Times that the track's clock stood still or jumped. */
  readonly rebaseCount: number;
  /** The sender said goodbye. */
  readonly hasEnded: boolean;
};

/** Figures of a transport. */
export type RtpStats = {
  readonly tracks: readonly TrackStats[];
  /** From a request to its answer, smoothed. */
  readonly roundTripMs: number;
  /** Datagrams that were no RTP. */
  readonly malformed: number;
  /** Packets of streams that nobody negotiated. */
  readonly unknown: number;
  /** Frames older than the start, or too many for the queue. */
  readonly framesLeftOut: number;
};
