/** One studio page: its requests, its transport, its place at the gate. */

import type { WebSocket } from 'ws';
import type { Publisher, PublisherGate } from './publisher-gate.js';
import { ROUTER_RTP_CAPABILITIES } from './router-capabilities.js';
import { type ProducedTrack, readRtpParameters } from './rtp-parameters.js';
import { decodeSignal, type SignalRequest } from './signal-message.js';
import type { EndpointEnd, WebrtcEndpoint } from './webrtc-endpoint.js';
import type { WebrtcPort } from './webrtc-port.js';

/** What the studio's pages are told about the broadcast. */
export type StudioInfo = {
  readonly title: string;
  /** Link for viewers. */
  readonly share: string | undefined;
  readonly watch: string;
  readonly viewers: number;
  readonly state: 'waiting' | 'live' | 'ended';
};

/** What all sessions share. */
export type StudioHome = {
  readonly port: WebrtcPort;
  readonly gate: PublisherGate;
  readonly info: () => StudioInfo;
};

/** Requests of one page in a second; a page that sends more is cut off. Going live takes six. */
const REQUESTS_PER_SECOND_MAX = 50;

/** Between two words about the broadcast. */
const STATE_EVERY_MS = 1_000;

class RequestRefused extends Error {
  readonly kind = 'request-refused';
}

/** Serves a page until its socket closes. */
export function serveStudio(home: StudioHome, socket: WebSocket): void {
  new StudioSession(home, socket).start();
}

class StudioSession implements Publisher {
  readonly via = 'studio';
  readonly #home: StudioHome;
  readonly #socket: WebSocket;
  #publisherId = '';
  #endpoint: WebrtcEndpoint | undefined;
  #kinds: readonly string[] = [];
  readonly #produced = new Map<string, ProducedTrack>();
  #requests = 0;
  #secondAt = 0;

  constructor(home: StudioHome, socket: WebSocket) {
    this.#home = home;
    this.#socket = socket;
  }

  get id(): string {
    return this.#publisherId;
  }

  start(): void {
    const unwatch = this.#home.gate.watch(() => this.#tellState());
    const timer = setInterval(() => this.#tellState(), STATE_EVERY_MS);
    this.#socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#handleMessage(String(data));
    });
    this.#socket.once('close', () => {
      unwatch();
      clearInterval(timer);
      this.#release('the studio page was closed');
    });
    this.#tellState();
  }

  dismiss(why: string): void {
    this.#closeEndpoint();
    this.#tell('dismissed', { why });
  }

  requestKeyframe(): void {
    this.#endpoint?.requestKeyframe();
  }

  #handleMessage(text: string): void {
    const now = performance.now();
    if (now - this.#secondAt > 1_000) {
      this.#secondAt = now;
      this.#requests = 0;
    }
    this.#requests += 1;
    if (this.#requests > REQUESTS_PER_SECOND_MAX) return this.#socket.terminate();
    const message = decodeSignal(text);
    if (!message.ok) return this.#say({ id: message.id ?? null, ok: false, error: message.why });
    try {
      this.#say({ id: message.id, ok: true, data: this.#answer(message.request) });
    } catch (cause) {
      if (!(cause instanceof RequestRefused)) throw cause;
      this.#say({ id: message.id, ok: false, error: cause.message });
    }
  }

  #answer(request: SignalRequest): object {
    switch (request.method) {
      case 'hello':
        this.#publisherId = `studio-${request.publisherId}`;
        return { rtpCapabilities: ROUTER_RTP_CAPABILITIES, ...this.#state() };
      case 'createTransport':
        return this.#createTransport(request.kinds);
      case 'connectTransport':
        this.#needEndpoint().expect(request.fingerprints);
        return {};
      case 'produce':
        return this.#produce(request.kind, request.rtpParameters);
      case 'restartIce': {
        const { ufrag, password } = this.#needEndpoint().restartIce();
        return { iceParameters: { usernameFragment: ufrag, password, iceLite: true } };
      }
      case 'keyframe':
        this.#needEndpoint().requestKeyframe();
        return {};
      case 'closeTransport':
        this.#release('the studio stopped');
        return {};
      case 'pauseProducer':
      case 'resumeProducer':
        // A paused track sends nothing; silence and the still picture are made where they are needed.
        this.#needProducer(request.producerId);
        return {};
      case 'closeProducer':
        this.#needProducer(request.producerId);
        this.#release('the studio stopped');
        return {};
    }
  }

  #createTransport(kinds: readonly string[]): object {
    if (this.#publisherId === '') throw new RequestRefused('The page has not said hello. Reload it.');
    const { gate, port } = this.#home;
    const admitted = gate.admits(this.#publisherId);
    if (!admitted.ok) throw new RequestRefused(admitted.why);
    this.#closeEndpoint();
    const endpoint = port.createEndpoint({
      onOpen: () => this.#enter(),
      onFrame: (frame) => gate.push(this, frame),
      onEnd: (why) => this.#handleEnd(endpoint, why),
    });
    if (!endpoint) throw new RequestRefused('Too many are connecting at once. Try again in a few seconds.');
    this.#endpoint = endpoint;
    this.#kinds = kinds;
    this.#produced.clear();
    const { ufrag, password } = endpoint.credentials;
    return {
      id: ufrag,
      iceParameters: { usernameFragment: ufrag, password, iceLite: true },
      iceCandidates: port.candidates,
      dtlsParameters: {
        role: 'server',
        fingerprints: [{ algorithm: 'sha-256', value: port.fingerprint }],
      },
    };
  }

  #produce(kind: 'audio' | 'video', rtpParameters: unknown): object {
    const endpoint = this.#needEndpoint();
    if (!this.#kinds.includes(kind) || this.#produced.has(kind))
      throw new RequestRefused(
        `The transport was not made for ${kind === 'audio' ? 'this sound' : 'this picture'}.`,
      );
    const produced = readRtpParameters(kind, rtpParameters);
    if (!produced.ok) throw new RequestRefused(produced.why);
    this.#produced.set(kind, produced);
    if (this.#produced.size === this.#kinds.length) {
      const all = [...this.#produced.values()];
      const transportCcExtensionId = all.find((each) => each.transportCcExtensionId)?.transportCcExtensionId;
      endpoint.receiveTracks({ tracks: all.map(({ track }) => track), transportCcExtensionId });
    }
    return { id: kind };
  }

  #enter(): void {
    const answer = this.#home.gate.enter(this);
    if (!answer.ok) this.dismiss(answer.why);
  }

  #handleEnd(endpoint: WebrtcEndpoint | undefined, why: EndpointEnd): void {
    if (!endpoint || this.#endpoint !== endpoint) return;
    this.#endpoint = undefined;
    this.#home.gate.leave(performance.now(), this, ENDS[why]);
    this.#tell('lost', { why: ENDS[why] });
  }

  #release(why: string): void {
    this.#closeEndpoint();
    this.#home.gate.leave(performance.now(), this, why);
  }

  #closeEndpoint(): void {
    const endpoint = this.#endpoint;
    this.#endpoint = undefined;
    endpoint?.close();
  }

  #needEndpoint(): WebrtcEndpoint {
    if (!this.#endpoint) throw new RequestRefused('There is no connection for media. Go live again.');
    return this.#endpoint;
  }

  #needProducer(producerId: string): void {
    if (!this.#produced.has(producerId)) throw new RequestRefused('There is no such track.');
  }

  #state(): object {
    const { gate, info } = this.#home;
    return { gate: gate.status(performance.now()), isOurs: gate.current === this, broadcast: info() };
  }

  #tellState(): void {
    this.#tell('state', this.#state());
  }

  #tell(event: string, data: object): void {
    this.#say({ event, data });
  }

  #say(message: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

const ENDS: Readonly<Record<EndpointEnd, string>> = {
  left: 'the studio page left',
  silent: 'the connection to the studio page broke off',
  'never-came': 'no media connection to the studio page came about',
  'not-the-one': 'the studio page is not who it said it was',
  'no-media': 'the studio page agreed on no media encryption',
};
