/** A WebRTC engine in memory: connections of one network meet by the ICE user name in their descriptions. */

import type {
  DataChannelLike,
  PeerConnectionLike,
  RtcChannelOptions,
  RtcDescription,
  RtcEvent,
  RtcListener,
} from '../../../../viewer/src/link/rtc-connection.js';

const FINGERPRINT = Array.from({ length: 32 }, () => 'AB').join(':');

class Emitter {
  readonly #listeners = new Map<string, RtcListener[]>();

  addEventListener(type: string, listener: RtcListener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  emit(event: RtcEvent): void {
    for (const listener of this.#listeners.get(event.type) ?? []) listener(event);
  }
}

/** A channel of which the test can hold back what was sent. */
export class MemoryChannel extends Emitter implements DataChannelLike {
  readonly options: RtcChannelOptions;
  readyState = 'connecting';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  binaryType = 'blob';
  /** Messages stay queued while this is set; see `flush`. */
  isHeld = false;
  far: MemoryChannel | undefined;
  #queue: Uint8Array[] = [];

  constructor(options: RtcChannelOptions) {
    super();
    this.options = options;
  }

  open(): void {
    this.readyState = 'open';
    this.emit({ type: 'open' });
  }

  shut(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.#queue = [];
    this.emit({ type: 'close' });
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.readyState !== 'open') throw new Error('InvalidStateError');
    this.#queue.push(bytes);
    this.bufferedAmount += bytes.length;
    if (!this.isHeld) queueMicrotask(() => this.flush(1));
  }

  /** Lets so many queued messages go. */
  flush(count: number = this.#queue.length): void {
    for (const bytes of this.#queue.splice(0, count)) {
      const before = this.bufferedAmount;
      this.bufferedAmount -= bytes.length;
      const low = this.bufferedAmountLowThreshold;
      if (before > low && this.bufferedAmount <= low) this.emit({ type: 'bufferedamountlow' });
      this.far?.emit({ type: 'message', data: bytes.slice().buffer });
    }
  }
}

/** A connection that opens once both descriptions and a candidate of each end are known. */
export class MemoryConnection extends Emitter implements PeerConnectionLike {
  connectionState = 'new';
  readonly channels: MemoryChannel[] = [];
  /** Everything that was asked of the engine to add. */
  readonly candidates: string[] = [];
  readonly stunUrls: readonly string[];
  isClosed = false;
  readonly #ufrag: string;
  readonly #network: MemoryNetwork;
  #far: MemoryConnection | undefined;
  #hasLocal = false;

  constructor(network: MemoryNetwork, ufrag: string, stunUrls: readonly string[]) {
    super();
    this.#network = network;
    this.#ufrag = ufrag;
    this.stunUrls = stunUrls;
  }

  createDataChannel(_label: string, options: RtcChannelOptions): MemoryChannel {
    const channel = new MemoryChannel(options);
    this.channels.push(channel);
    return channel;
  }

  async createOffer(): Promise<{ sdp: string }> {
    return { sdp: this.#describe('actpass') };
  }

  async createAnswer(): Promise<{ sdp: string }> {
    return { sdp: this.#describe('active') };
  }

  async setLocalDescription(_description: RtcDescription): Promise<void> {
    this.#hasLocal = true;
    const candidate = `candidate:1 1 udp 2122260223 192.0.2.1 ${this.#network.port()} typ host generation 0`;
    this.emit({ type: 'icecandidate', candidate: { candidate } });
    this.emit({ type: 'icecandidate', candidate: null });
    this.#tryOpen();
  }

  async setRemoteDescription({ sdp }: RtcDescription): Promise<void> {
    this.#far = this.#network.find(/a=ice-ufrag:(\S+)/.exec(sdp)?.[1] ?? '');
    if (this.#far === undefined) throw new Error('nobody of that name');
    this.#tryOpen();
  }

  async addIceCandidate({ candidate }: { candidate: string }): Promise<void> {
    if (this.#far === undefined) throw new Error('InvalidStateError');
    this.candidates.push(candidate);
    this.#tryOpen();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.connectionState = 'closed';
    for (const channel of this.channels) channel.readyState = 'closed';
    const far = this.#far;
    queueMicrotask(() => {
      for (const channel of far?.channels ?? []) channel.shut();
    });
  }

  /** Says a new state. */
  changeState(state: string): void {
    this.connectionState = state;
    this.emit({ type: 'connectionstatechange' });
  }

  #describe(setup: string): string {
    return [
      `a=ice-ufrag:${this.#ufrag}`,
      'a=ice-pwd:0123456789012345678901',
      `a=fingerprint:sha-256 ${FINGERPRINT}`,
      `a=setup:${setup}`,
      '',
    ].join('\r\n');
  }

  #isReady(): boolean {
    return this.#hasLocal && this.#far !== undefined && this.candidates.length > 0;
  }

  #tryOpen(): void {
    const far = this.#far;
    if (far === undefined || !this.#isReady() || !far.#isReady() || this.connectionState !== 'new') return;
    for (const [index, channel] of this.channels.entries()) {
      const other = far.channels[index];
      if (other === undefined) continue;
      channel.far = other;
      other.far = channel;
    }
    this.changeState('connected');
    far.changeState('connected');
    for (const channel of [...this.channels, ...far.channels]) channel.open();
  }
}

/** Connections that can find each other. */
export class MemoryNetwork {
  readonly connections: MemoryConnection[] = [];

  /** Makes a connection; give this to `createRtcDial`. */
  readonly create = (stunUrls: readonly string[]): MemoryConnection => {
    const connection = new MemoryConnection(this, `user${this.connections.length}`, stunUrls);
    this.connections.push(connection);
    return connection;
  };

  find(ufrag: string): MemoryConnection | undefined {
    return this.connections[ufrag.startsWith('user') ? Number(ufrag.slice(4)) : -1];
  }

  port(): number {
    return 10_000 + this.connections.length;
  }
}
