/** One WHIP client: its transport and its place at the gate. */

import { randomBytes } from 'node:crypto';
import type { Publisher, PublisherGate } from './publisher-gate.js';
import type { AnswerPlan, LocalEnd } from './sdp-answer.js';
import type { EndpointEnd, WebrtcEndpoint } from './webrtc-endpoint.js';
import type { WebrtcPort } from './webrtc-port.js';

/** What a session is made of. */
export type WhipSessionOptions = {
  readonly id: string;
  readonly port: WebrtcPort;
  readonly gate: PublisherGate;
  readonly plan: AnswerPlan;
  /** It is over, in whatever way. */
  readonly onGone: () => void;
};

/** A client from its offer until it goes. */
export class WhipSession implements Publisher {
  readonly via = 'WHIP';
  readonly id: string;
  readonly plan: AnswerPlan;
  readonly #options: WhipSessionOptions;
  #endpoint: WebrtcEndpoint | undefined;
  #remoteUfrag: string;
  #etag = newTag();

  private constructor(options: WhipSessionOptions) {
    this.id = options.id;
    this.plan = options.plan;
    this.#options = options;
    this.#remoteUfrag = options.plan.remoteUfrag;
  }

  /** `undefined` when there are too many transports. */
  static open(options: WhipSessionOptions): WhipSession | undefined {
    const { gate, plan, port } = options;
    const session = new WhipSession(options);
    const endpoint = port.createEndpoint({
      onOpen: () => {
        const answer = gate.enter(session);
        if (!answer.ok) session.stop();
      },
      onFrame: (frame) => gate.push(session, frame),
      onEnd: (why) => session.#finish(ENDS[why]),
    });
    if (!endpoint) return undefined;
    endpoint.expect(plan.fingerprints);
    endpoint.receiveTracks(plan);
    session.#endpoint = endpoint;
    return session;
  }

  /** Names the ICE session (RFC 9725 §4.3.1). */
  get etag(): string {
    return this.#etag;
  }

  /** The client's ICE name at the moment. */
  get remoteUfrag(): string {
    return this.#remoteUfrag;
  }

  /** This end, for answers. */
  get local(): LocalEnd {
    const { port } = this.#options;
    const credentials = this.#endpoint?.credentials ?? { ufrag: '', password: '' };
    return { credentials, fingerprint: port.fingerprint, candidates: port.candidates };
  }

  /** Begins a new ICE session for a client that has one of this name. */
  restart(remoteUfrag: string): void {
    this.#remoteUfrag = remoteUfrag;
    this.#endpoint?.restartIce();
    this.#etag = newTag();
  }

  /** The client wants no more. */
  stop(): void {
    this.#finish('the WHIP client stopped');
  }

  dismiss(): void {
    this.#finish('somebody else took over');
  }

  requestKeyframe(): void {
    this.#endpoint?.requestKeyframe();
  }

  #finish(why: string): void {
    const endpoint = this.#endpoint;
    if (!endpoint) return;
    this.#endpoint = undefined;
    endpoint.close();
    this.#options.gate.leave(performance.now(), this, why);
    this.#options.onGone();
  }
}

const newTag = (): string => `"${randomBytes(8).toString('hex')}"`;

const ENDS: Readonly<Record<EndpointEnd, string>> = {
  left: 'the WHIP client left',
  silent: 'the connection to the WHIP client broke off',
  'never-came': 'no media connection to the WHIP client came about',
  'not-the-one': 'the WHIP client is not who it said it was',
  'no-media': 'the WHIP client agreed on no media encryption',
};
