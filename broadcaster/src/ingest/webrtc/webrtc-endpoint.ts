/** One client at the WebRTC port: its ICE, DTLS and SRTP, and the frames that come out of its media. */

import { createHash, randomBytes, randomInt } from 'node:crypto';
import { DtlsSession, type EdgeCertificate, type IceCredentials } from '@freshet/relay-node';
import { type MediaFrame, RtpReceiver, type RtpStats, type RtpTrack } from '../rtp/index.js';
import { encodePli } from '../rtp/rtcp-packet.js';
import { isRtcp, MediaCipher } from './media-cipher.js';

/** Where datagrams come from and go to, as Node's dgram has it. */
export type Route = { readonly address: string; readonly port: number };

/** A client that has not shaken hands within this is given up. */
export const CONNECT_MS_MAX = 15_000;

/** A client of which nothing was heard for this long is gone: browsers check their path once or twice a second. */
export const CLIENT_SILENT_MS = 5_000;

/** A path that was silent for this long may be left on the word of a check alone. */
const PATH_SILENT_MS = 2_000;

/** Addresses that may lead to one client: its interfaces, and what NATs make of them. */
const ROUTES_MAX = 16;

/** Time from one keyframe to the next that is asked for: viewers join at keyframes. */
const GROUP_MS = 1_000;

/** Why an endpoint ended. */
export type EndpointEnd = 'left' | 'silent' | 'never-came' | 'not-the-one' | 'no-media';

/** What an endpoint does to its owner. None may throw. */
export type EndpointHandlers = {
  /** The transport stands; media may come. */
  onOpen(): void;
  onFrame(frame: MediaFrame): void;
  /** It is over, and not by `close`. Nothing follows. */
  onEnd(why: EndpointEnd): void;
};

/** What all endpoints share. */
export type EndpointHome = {
  readonly werift: typeof import('werift');
  readonly certificate: EdgeCertificate;
  readonly emit: (datagram: Uint8Array, to: Route) => void;
  readonly onFreed: (endpoint: WebrtcEndpoint) => void;
};

/** A certificate's fingerprint as SDP and mediasoup have it. */
export type Fingerprint = { readonly algorithm: string; readonly value: string };

/** What the client will send. */
export type ReceivePlan = {
  readonly tracks: readonly RtpTrack[];
  /** Of the header extension for transport-wide feedback, where it was agreed on. */
  readonly transportCcExtensionId?: number | undefined;
};

/** One client. Methods of one that has ended do nothing. */
export class WebrtcEndpoint {
  readonly #home: EndpointHome;
  readonly #handlers: EndpointHandlers;
  readonly #dtls: DtlsSession;
  readonly #startedAtMs: number;
  readonly #localSsrc = randomInt(1, 2 ** 32);
  #credentials = createIceCredentials();
  /** Still valid until the client checks with the new ones. */
  #oldCredentials: IceCredentials | undefined;
  readonly #routeKeys = new Set<string>();
  #route: Route | undefined;
  #heardAtMs: number;
  #pathHeardAtMs = 0;
  #fingerprints: readonly Fingerprint[] = [];
  #cipher: MediaCipher | undefined;
  #receiver: RtpReceiver | undefined;
  #hasPli = false;
  #state: 'new' | 'open' | 'ended' = 'new';

  /** Use `WebrtcPort.createEndpoint`. */
  constructor(home: EndpointHome, handlers: EndpointHandlers, nowMs: number) {
    this.#home = home;
    this.#handlers = handlers;
    this.#startedAtMs = nowMs;
    this.#heardAtMs = nowMs;
    this.#dtls = new DtlsSession(home.werift, home.certificate, {
      emit: (datagram) => this.#route && home.emit(datagram, this.#route),
      onOpen: () => this.#open(),
      // Data channels are not offered.
      onData: () => undefined,
      onEnd: () => this.#end('left'),
    });
  }

  /** What the client must know to check its path here. */
  get credentials(): IceCredentials {
    return this.#credentials;
  }

  /** The credentials that hold at the moment. */
  get credentialsHeld(): readonly IceCredentials[] {
    return this.#oldCredentials ? [this.#credentials, this.#oldCredentials] : [this.#credentials];
  }

  /** Media can flow. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Figures of the receive path; `undefined` before media was agreed on. */
  stats(): RtpStats | undefined {
    return this.#receiver?.stats();
  }

  /** Whose certificate the client has to show. To be called before its handshake. */
  expect(fingerprints: readonly Fingerprint[]): void {
    this.#fingerprints = fingerprints;
  }

  /** What will come; media of before is dropped. */
  receiveTracks({ tracks, transportCcExtensionId }: ReceivePlan): void {
    this.#hasPli = tracks.some(({ kind, hasPli }) => kind === 'video' && hasPli);
    this.#receiver = new RtpReceiver({
      tracks,
      ...(transportCcExtensionId !== undefined && { transportCcExtensionId }),
      localSsrc: this.#localSsrc,
      groupMs: GROUP_MS,
    });
  }

  /** Asks the client for a keyframe, soon. */
  requestKeyframe(): void {
    // One that was not announced is learned from the first packet.
    const ssrc = this.stats()?.tracks.find(({ kind }) => kind === 'video')?.ssrc;
    if (this.#hasPli && ssrc !== undefined) this.#sendRtcp(encodePli(this.#localSsrc, ssrc));
  }

  /** New credentials for an ICE restart (RFC 8445 §2.4); the ones of before hold until the client uses the new. */
  restartIce(): IceCredentials {
    this.#oldCredentials = this.#credentials;
    this.#credentials = createIceCredentials();
    return this.#credentials;
  }

  /** Takes note of a check that held; false when it came from one address too many. */
  handleCheck(nowMs: number, from: Route, isNominated: boolean): boolean {
    const key = `${from.address} ${from.port}`;
    if (!this.#routeKeys.has(key) && this.#routeKeys.size >= ROUTES_MAX) return false;
    this.#routeKeys.add(key);
    this.#heardAtMs = nowMs;
    const isSame = this.#route?.address === from.address && this.#route.port === from.port;
    const mayMove = this.#state === 'new' || nowMs - this.#pathHeardAtMs > PATH_SILENT_MS;
    if (isSame || !this.#route || (isNominated && mayMove)) {
      this.#route = from;
      this.#pathHeardAtMs = nowMs;
    }
    return true;
  }

  /** Takes a datagram from an address that has passed a check. */
  receive(nowMs: number, datagram: Buffer, from: Route): void {
    if (this.#state === 'ended') return;
    const first = datagram[0] ?? 0;
    if (first >= 20 && first <= 63) {
      if (this.#state === 'new') this.#route = from;
      this.#dtls.receive(datagram, () => this.#hear(nowMs, from));
    } else if (first >= 128 && first <= 191) this.#receiveMedia(nowMs, datagram, from);
  }

  /** Does what is due. */
  handleTime(nowMs: number): void {
    if (this.#state === 'new' && nowMs - this.#startedAtMs > CONNECT_MS_MAX) return this.#end('never-came');
    if (this.#state === 'open' && nowMs - this.#heardAtMs > CLIENT_SILENT_MS) return this.#end('silent');
    const due = this.#receiver?.nextTimeout();
    if (due === undefined || due > nowMs) return;
    this.#receiver?.handleTimeout(nowMs);
    this.#flush();
  }

  /** Tells the client and ends. No handler runs afterwards. */
  close(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#dtls.close();
    this.#home.onFreed(this);
  }

  #receiveMedia(nowMs: number, datagram: Buffer, from: Route): void {
    const receiver = this.#receiver;
    if (!this.#cipher) return;
    const isControl = isRtcp(datagram);
    const plain = isControl ? this.#cipher.openRtcp(datagram) : this.#cipher.openRtp(datagram);
    if (!plain) return;
    this.#hear(nowMs, from);
    if (isControl) receiver?.handleRtcp(nowMs, plain);
    else receiver?.handleRtp(nowMs, plain);
    this.#flush();
  }

  #hear(nowMs: number, from: Route): void {
    this.#route = from;
    this.#heardAtMs = nowMs;
    this.#pathHeardAtMs = nowMs;
  }

  #flush(): void {
    const receiver = this.#receiver;
    if (!receiver) return;
    for (let rtcp = receiver.pollRtcp(); rtcp; rtcp = receiver.pollRtcp()) this.#sendRtcp(rtcp);
    for (let frame = receiver.pollFrame(); frame; frame = receiver.pollFrame()) this.#handlers.onFrame(frame);
  }

  #sendRtcp(packet: Uint8Array): void {
    if (this.#cipher && this.#route) this.#home.emit(this.#cipher.sealRtcp(packet), this.#route);
  }

  #open(): void {
    if (this.#state !== 'new') return;
    const keys = this.#dtls.srtpKeys();
    if (!this.#isTheOne()) return this.#end('not-the-one');
    if (!keys) return this.#end('no-media');
    this.#cipher = new MediaCipher(this.#home.werift, keys);
    this.#oldCredentials = undefined;
    this.#state = 'open';
    this.#handlers.onOpen();
  }

  /** RFC 8122 §5: the certificate must have one of the fingerprints that were announced. */
  #isTheOne(): boolean {
    const certificate = this.#dtls.peerCertificate;
    if (!certificate) return false;
    return this.#fingerprints.some(({ algorithm, value }) => {
      const name = HASHES.get(algorithm.toLowerCase());
      if (name === undefined) return false;
      const digest = createHash(name).update(certificate).digest('hex');
      return digest === value.replaceAll(':', '').toLowerCase();
    });
  }

  #end(why: EndpointEnd): void {
    if (this.#state === 'ended') return;
    this.close();
    this.#handlers.onEnd(why);
  }
}

/** New names for an ICE end: 48 and 144 bits of chance (RFC 8445 §5.3 asks for 24 and 128). */
function createIceCredentials(): IceCredentials {
  return { ufrag: randomBytes(6).toString('hex'), password: randomBytes(18).toString('hex') };
}

/** Hashes that are taken for a fingerprint; SHA-1 and MD5 are too weak for it. */
const HASHES: ReadonlyMap<string, string> = new Map([
  ['sha-256', 'sha256'],
  ['sha-384', 'sha384'],
  ['sha-512', 'sha512'],
]);
