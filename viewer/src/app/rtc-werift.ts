import type { RTCDataChannel, RTCPeerConnection } from 'werift';
import type {
  CreateConnection,
  DataChannelLike,
  PeerConnectionLike,
  RtcChannelOptions,
  RtcDescription,
  RtcListener,
} from '../link/rtc-connection.js';

/**
 * Bytes given to werift and not yet in flight. Its own queue is one for all channels of a connection and gets slow
 * when it is long, so that the rest waits here: a control message has at most this much in front of it.
 */
const HANDED_BYTES_MAX = 24 * 1024;

/** A candidate whose address is a multicast DNS name (draft-ietf-mmusic-mdns-ice-candidates). */
const HIDDEN_ADDRESS = /\.local \d+ typ /i;

type Waiting = { readonly bytes: Uint8Array<ArrayBuffer>; readonly expiresAt: number };

/**
 * A channel with its queue. A piece that grows old in it is dropped: werift itself gives up no message, since it adds
 * a lifetime in seconds to a time in milliseconds (0.24.4).
 */
class WeriftChannel implements DataChannelLike {
  binaryType = 'arraybuffer';
  bufferedAmountLowThreshold = 0;
  readonly #channel: RTCDataChannel;
  readonly #lifeMs: number;
  readonly #onLow: RtcListener[] = [];
  #waiting: Waiting[] = [];
  #waitingBytes = 0;

  constructor(channel: RTCDataChannel, lifeMs: number) {
    this.#channel = channel;
    this.#lifeMs = lifeMs;
    channel.bufferedAmountLowThreshold = 0;
    channel.addEventListener('bufferedamountlow', () => this.#pump());
  }

  get readyState(): string {
    return this.#channel.readyState;
  }

  get bufferedAmount(): number {
    return this.#waitingBytes + this.#channel.bufferedAmount;
  }

  addEventListener(type: string, listener: RtcListener): void {
    if (type === 'bufferedamountlow') this.#onLow.push(listener);
    else if (type === 'message') {
      this.#channel.addEventListener(type, ({ data }: { data: unknown }) => listener({ type, data }));
    } else this.#channel.addEventListener(type, () => listener({ type }));
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#waiting.length === 0 && this.#hasRoom(bytes)) return this.#hand(bytes);
    this.#waiting.push({ bytes, expiresAt: performance.now() + this.#lifeMs });
    this.#waitingBytes += bytes.length;
  }

  /** werift counts a message until the last of its queue is in flight, and then all of them off at once. */
  #pump(): void {
    const before = this.#waitingBytes + this.#handedBytes;
    this.#handedBytes = 0;
    const now = performance.now();
    let count = 0;
    for (const { bytes, expiresAt } of this.#waiting) {
      const isExpired = expiresAt < now;
      if (!isExpired && !this.#hasRoom(bytes)) break;
      count += 1;
      this.#waitingBytes -= bytes.length;
      if (!isExpired && this.#channel.readyState === 'open') this.#hand(bytes);
    }
    this.#waiting.splice(0, count);
    const after = this.bufferedAmount;
    if (before <= this.bufferedAmountLowThreshold || after > this.bufferedAmountLowThreshold) return;
    for (const listener of this.#onLow) listener({ type: 'bufferedamountlow' });
  }

  /** Bytes handed to werift since it was last empty. */
  #handedBytes = 0;

  #hasRoom(bytes: Uint8Array): boolean {
    const handed = this.#channel.bufferedAmount;
    return handed === 0 || handed + bytes.length <= HANDED_BYTES_MAX;
  }

  #hand(bytes: Uint8Array<ArrayBuffer>): void {
    this.#handedBytes += bytes.length;
    this.#channel.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  }
}

class WeriftConnection implements PeerConnectionLike {
  readonly #connection: RTCPeerConnection;
  readonly #hasStun: boolean;

  constructor(connection: RTCPeerConnection, hasStun: boolean) {
    this.#connection = connection;
    this.#hasStun = hasStun;
  }

  get connectionState(): string {
    return this.#connection.connectionState;
  }

  addEventListener(type: string, listener: RtcListener): void {
    if (type === 'icecandidate') {
      this.#connection.onIceCandidate.subscribe((found) => {
        listener({ type, candidate: found?.candidate ? { candidate: found.candidate } : null });
      });
    } else if (type === 'connectionstatechange') {
      this.#connection.connectionStateChange.subscribe(() => listener({ type }));
    }
  }

  createDataChannel(label: string, options: RtcChannelOptions): DataChannelLike {
    const { negotiated, id, ordered } = options;
    const channel = this.#connection.createDataChannel(label, { negotiated, id, ordered });
    return new WeriftChannel(channel, options.maxPacketLifeTime ?? Number.POSITIVE_INFINITY);
  }

  createOffer(): Promise<RtcDescription | { sdp: string }> {
    return this.#connection.createOffer();
  }

  createAnswer(): Promise<RtcDescription | { sdp: string }> {
    return this.#connection.createAnswer();
  }

  async setLocalDescription(description: RtcDescription): Promise<void> {
    // Without a server of ours werift asks a public one, even if its list is empty (0.24.4).
    if (!this.#hasStun)
      for (const { connection } of this.#connection.iceTransports) delete connection.stunServer;
    await this.#connection.setLocalDescription(description);
  }

  setRemoteDescription(description: RtcDescription): Promise<void> {
    return this.#connection.setRemoteDescription(description);
  }

  /**
   * A name that hides a browser's address is passed over: werift would open a multicast socket and ask for ten
   * seconds, and the browser, which sees the addresses of this end, comes to it anyway.
   */
  async addIceCandidate(candidate: {
    candidate: string;
    sdpMid: string;
    sdpMLineIndex: number;
  }): Promise<void> {
    if (!HIDDEN_ADDRESS.test(candidate.candidate)) await this.#connection.addIceCandidate(candidate);
  }

  close(): void {
    // It rejects when a transport was half open; everything is let go of all the same.
    this.#connection.close().catch(() => undefined);
  }
}

/** Loads werift, which needs no binary. */
export async function createWeriftConnection(): Promise<CreateConnection> {
  const { RTCPeerConnection } = await import('werift');
  return (stunUrls) => {
    const iceServers = stunUrls.map((urls) => ({ urls }));
    const connection = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    return new WeriftConnection(connection, iceServers.length > 0);
  };
}
