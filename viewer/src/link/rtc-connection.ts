/**
 * What a peer link needs of a WebRTC engine: a part of the W3C interfaces, so that a browser's RTCPeerConnection fits
 * as it is. Free of DOM types, so that engines outside a browser can be written against it.
 */

/** An event of a connection or a channel; each kind fills in its own part. */
export interface RtcEvent {
  readonly type: string;
  /** Of `icecandidate`; `null` or absent when there are no more. */
  readonly candidate?: { readonly candidate: string } | null;
  /** Of `message`. */
  readonly data?: unknown;
}

/** Called for each event of the kind it was added for. */
export type RtcListener = (event: RtcEvent) => void;

/** A session description (RFC 8866) as engines make and take it. */
export type RtcDescription = { readonly type: 'offer' | 'answer'; readonly sdp: string };

/** How a channel treats its messages. */
export type RtcChannelOptions = {
  readonly negotiated: true;
  readonly id: number;
  readonly ordered: boolean;
  /** A message that has not left, or not arrived, after this time is given up. */
  readonly maxPacketLifeTime?: number;
};

/** A data channel. */
export interface DataChannelLike {
  readonly readyState: string;
  readonly bufferedAmount: number;
  bufferedAmountLowThreshold: number;
  binaryType: string;
  /** Events: `open`, `close`, `message`, `bufferedamountlow`. */
  addEventListener(type: string, listener: RtcListener): void;
  send(bytes: Uint8Array<ArrayBuffer>): void;
}

/** A connection to one other viewer. */
export interface PeerConnectionLike {
  readonly connectionState: string;
  /** Events: `icecandidate`, `connectionstatechange`. */
  addEventListener(type: string, listener: RtcListener): void;
  createDataChannel(label: string, options: RtcChannelOptions): DataChannelLike;
  createOffer(): Promise<{ readonly sdp?: string | undefined }>;
  createAnswer(): Promise<{ readonly sdp?: string | undefined }>;
  setLocalDescription(description: RtcDescription): Promise<void>;
  setRemoteDescription(description: RtcDescription): Promise<void>;
  addIceCandidate(candidate: { candidate: string; sdpMid: string; sdpMLineIndex: number }): Promise<void>;
  /** Frees everything at once; what is queued may be lost. */
  close(): void;
}

/** Makes a connection that knows these STUN servers (`stun:host:port`). May throw when there are too many. */
export type CreateConnection = (stunUrls: readonly string[]) => PeerConnectionLike;
