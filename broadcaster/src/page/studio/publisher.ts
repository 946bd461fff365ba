/** Publishes two tracks by mediasoup-client, and comes back by itself when the connection breaks. */

import { Device, type types } from 'mediasoup-client';
import { RefusedError, SignalSocket, type StudioState } from './signal-socket.js';

/** Where the publisher stands. */
export type PublisherState =
  | { readonly kind: 'off' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly sinceMs: number }
  | { readonly kind: 'retrying'; readonly atMs: number; readonly why: string };

/** What it tells the page. */
export type PublisherEvents = {
  onState(state: PublisherState): void;
  onStudio(state: StudioState): void;
  /** It has stopped, and does not try again. */
  onStopped(why: string): void;
};

/** What is published, asked for each time a connection begins. */
export type Publication = {
  readonly video: MediaStreamTrack;
  readonly audio: MediaStreamTrack;
  /** Bits per second of video at most. */
  readonly bitrateMax: number;
};

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 10_000;

/** A transport that does not get through within this is tried anew. */
const CONNECT_MS_MAX = 12_000;

/** A transport that is interrupted for longer than this is given up. */
const INTERRUPTED_MS_MAX = 3_000;

/** Where the estimate of the uplink starts; it finds the truth within seconds, from below or above. */
const START_KBPS = 2_000;

/** Keeps one publication going. */
export class Publisher {
  readonly #events: PublisherEvents;
  readonly #publication: () => Publication | undefined;
  readonly #publisherId: string;
  #socket: SignalSocket | undefined;
  #device: Device | undefined;
  #transport: types.Transport | undefined;
  #video: types.Producer | undefined;
  #isWanted = false;
  #liveSince: number | undefined;
  #retryMs = RETRY_MS_MIN;
  #timers = new Set<number>();

  /** `publisherId` is the same after a reload, so that the page takes its own place again. */
  constructor(publisherId: string, publication: () => Publication | undefined, events: PublisherEvents) {
    this.#publisherId = publisherId;
    this.#publication = publication;
    this.#events = events;
  }

  /** Opens the line for news of the broadcast; tries again for ever. */
  async listen(): Promise<void> {
    if (this.#socket) return;
    try {
      await this.#open();
    } catch {
      if (!this.#isWanted) this.#later(RETRY_MS_MAX / 2, () => void this.listen());
    }
  }

  /** Goes live and stays it until `stop`. */
  start(): void {
    this.#isWanted = true;
    this.#retryMs = RETRY_MS_MIN;
    void this.#connect();
  }

  /** Ends the publication. */
  stop(): void {
    this.#isWanted = false;
    this.#liveSince = undefined;
    this.#clear();
    this.#socket?.request('closeTransport').catch(() => undefined);
    this.#drop();
    this.#events.onState({ kind: 'off' });
    void this.listen();
  }

  /** Tries now instead of after the countdown. */
  retryNow(): void {
    this.#clear();
    void this.#connect();
  }

  /** Puts another picture on air, without a break. */
  async replaceVideo(track: MediaStreamTrack): Promise<void> {
    await this.#video?.replaceTrack({ track });
  }

  /** Limits the picture's bitrate from now on. */
  async limit(bitrateMax: number): Promise<void> {
    await this.#video?.setRtpEncodingParameters({ maxBitrate: bitrateMax });
  }

  /** Figures of the connection; `undefined` when there is none. */
  async stats(): Promise<RTCStatsReport | undefined> {
    return this.#transport?.getStats();
  }

  async #open(): Promise<SignalSocket> {
    if (this.#socket) return this.#socket;
    const socket = await SignalSocket.open({
      onState: (state) => this.#events.onStudio(state),
      onDismissed: (why) => this.#giveUp(why),
      onLost: (why) => this.#fail(why),
      onClose: () => {
        if (this.#socket === socket) this.#socket = undefined;
        if (this.#isWanted) this.#fail('The connection to Freshet broke off.');
        else this.#later(RETRY_MS_MIN, () => void this.listen());
      },
    });
    this.#socket = socket;
    await socket.request('hello', { publisherId: this.#publisherId });
    return socket;
  }

  async #connect(): Promise<void> {
    this.#events.onState({ kind: 'connecting' });
    try {
      const publication = this.#publication();
      if (!publication) return this.#giveUp('There is nothing to publish yet.');
      const socket = await this.#open();
      const device = await this.#loadDevice(socket);
      const transport = device.createSendTransport(
        await socket.request<types.TransportOptions>('createTransport', { kinds: ['video', 'audio'] }),
      );
      this.#transport = transport;
      this.#wire(transport, socket);
      await this.#produce(transport, device, publication);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      if (cause instanceof RefusedError) this.#giveUp(why);
      else this.#fail(why);
    }
  }

  async #loadDevice(socket: SignalSocket): Promise<Device> {
    if (this.#device) return this.#device;
    const device = await makeDevice();
    const { rtpCapabilities } = await socket.request<{ rtpCapabilities: types.RtpCapabilities }>('hello', {
      publisherId: this.#publisherId,
    });
    await device.load({ routerRtpCapabilities: rtpCapabilities });
    if (!device.canProduce('video'))
      throw new RefusedError('This browser cannot send H.264. Use Chrome, Edge or Safari.');
    this.#device = device;
    return device;
  }

  #wire(transport: types.Transport, socket: SignalSocket): void {
    transport.on('connect', ({ dtlsParameters }, done, fail) => {
      socket.request('connectTransport', { dtlsParameters }).then(done, fail);
    });
    transport.on('produce', ({ kind, rtpParameters }, done, fail) => {
      socket.request<{ id: string }>('produce', { kind, rtpParameters }).then(done, fail);
    });
    const timeout = this.#later(CONNECT_MS_MAX, () => {
      if (transport.connectionState !== 'connected') this.#fail('No media connection came about.');
    });
    transport.on('connectionstatechange', (state) => {
      if (this.#transport !== transport) return;
      if (state === 'connected') {
        clearTimeout(timeout);
        this.#retryMs = RETRY_MS_MIN;
        this.#liveSince ??= Date.now();
        this.#events.onState({ kind: 'live', sinceMs: this.#liveSince });
      } else if (state === 'failed') this.#fail('The media connection broke off.');
      else if (state === 'disconnected')
        this.#later(INTERRUPTED_MS_MAX, () => {
          if (this.#transport === transport && transport.connectionState !== 'connected')
            this.#fail('The media connection broke off.');
        });
    });
  }

  async #produce(transport: types.Transport, device: Device, publication: Publication): Promise<void> {
    const { video, audio, bitrateMax } = publication;
    const codec = device.sendRtpCapabilities.codecs?.find(({ mimeType }) => /h264/i.test(mimeType));
    const common = { stopTracks: false, disableTrackOnPause: false, zeroRtpOnPause: false };
    this.#video = await transport.produce({
      ...common,
      track: video,
      ...(codec && { codec }),
      encodings: [{ maxBitrate: bitrateMax, maxFramerate: 30 }],
      codecOptions: { videoGoogleStartBitrate: START_KBPS },
    });
    await keepResolution(this.#video.rtpSender);
    await transport.produce({
      ...common,
      track: audio,
      codecOptions: { opusStereo: true, opusFec: true, opusNack: true, opusMaxAverageBitrate: 128_000 },
    });
  }

  #fail(why: string): void {
    if (!this.#isWanted) return;
    this.#clear();
    this.#drop();
    const waitMs = this.#retryMs;
    this.#retryMs = Math.min(RETRY_MS_MAX, this.#retryMs * 2);
    this.#events.onState({ kind: 'retrying', atMs: Date.now() + waitMs, why });
    this.#later(waitMs, () => void this.#connect());
  }

  #giveUp(why: string): void {
    const wasWanted = this.#isWanted;
    this.#isWanted = false;
    this.#liveSince = undefined;
    this.#clear();
    this.#drop();
    this.#events.onState({ kind: 'off' });
    if (wasWanted) this.#events.onStopped(why);
    void this.listen();
  }

  #drop(): void {
    const transport = this.#transport;
    this.#transport = undefined;
    this.#video = undefined;
    transport?.close();
  }

  #later(delayMs: number, work: () => void): number {
    const timer = window.setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, delayMs);
    this.#timers.add(timer);
    return timer;
  }

  #clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

/** Browsers that mediasoup-client does not know by name are mostly Chromium. */
async function makeDevice(): Promise<Device> {
  try {
    return await Device.factory();
  } catch {
    return Device.factory({ handlerName: 'Chrome111' });
  }
}

/** A smaller picture would be a new run for every viewer; fewer frames are not. */
async function keepResolution(sender: RTCRtpSender | undefined): Promise<void> {
  if (!sender) return;
  const parameters = sender.getParameters();
  await sender.setParameters({ ...parameters, degradationPreference: 'maintain-resolution' });
}
