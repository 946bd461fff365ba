import type {
  CreateConnection,
  DataChannelLike,
  PeerConnectionLike,
  RtcChannelOptions,
  RtcListener,
} from '../link/rtc-connection.js';

type ConnectionConstructor = new (configuration: {
  readonly iceServers: readonly { readonly urls: readonly string[] }[];
  readonly bundlePolicy: 'max-bundle';
}) => PeerConnectionLike;

/**
 * A channel that says when it is writable. wrtc's own `bufferedAmount` is always 0 and its `bufferedamountlow` never
 * comes (0.10.0): its queue, up to 2 MB, is not to be seen. So a message counts as buffered until the next turn of
 * the event loop, which bounds what is sent in one go; what waits longer inside is given up after its lifetime.
 */
class WrtcChannel implements DataChannelLike {
  bufferedAmountLowThreshold = 0;
  readonly #channel: DataChannelLike;
  readonly #onLow: RtcListener[] = [];
  #fresh = 0;

  constructor(channel: DataChannelLike) {
    this.#channel = channel;
  }

  get readyState(): string {
    return this.#channel.readyState;
  }

  get bufferedAmount(): number {
    return this.#fresh + this.#channel.bufferedAmount;
  }

  get binaryType(): string {
    return this.#channel.binaryType;
  }

  set binaryType(type: string) {
    this.#channel.binaryType = type;
  }

  addEventListener(type: string, listener: RtcListener): void {
    if (type === 'bufferedamountlow') this.#onLow.push(listener);
    else this.#channel.addEventListener(type, listener);
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#channel.send(bytes);
    if (this.#fresh === 0) setImmediate(this.#settle);
    this.#fresh += bytes.length;
  }

  readonly #settle = (): void => {
    this.#fresh = 0;
    for (const listener of this.#onLow) listener({ type: 'bufferedamountlow' });
  };
}

/** Loads the native engine; rejects where its binary is missing or does not fit the machine. */
export async function loadWrtc(): Promise<CreateConnection> {
  const loaded: unknown = await import('@roamhq/wrtc');
  const Connection = connectionOf(loaded) ?? connectionOf(propertyOf(loaded, 'default'));
  if (Connection === undefined) throw new Error('@roamhq/wrtc has no RTCPeerConnection');
  return (stunUrls) => {
    const connection = new Connection({
      iceServers: stunUrls.length === 0 ? [] : [{ urls: stunUrls }],
      bundlePolicy: 'max-bundle',
    });
    const create = connection.createDataChannel.bind(connection);
    connection.createDataChannel = (label: string, options: RtcChannelOptions) =>
      new WrtcChannel(create(label, options));
    return connection;
  };
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** The package's types need those of a browser, which this program is not compiled with. */
function connectionOf(value: unknown): ConnectionConstructor | undefined {
  const found = propertyOf(value, 'RTCPeerConnection');
  return typeof found === 'function' ? (found as ConnectionConstructor) : undefined;
}
