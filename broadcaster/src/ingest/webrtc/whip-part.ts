/** WHIP (RFC 9725): OBS, GStreamer and other clients publish with one HTTP request. */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type HttpReply, type HttpRequest, type Route, SourceLimiter, textReply } from '@freshet/relay-node';
import type { ControlPart } from '../../control/control-part.js';
import type { PublisherGate } from './publisher-gate.js';
import { planAnswer, writeAnswer, writeIceFragment } from './sdp-answer.js';
import { parseOffer, SDP_CHARS_MAX } from './sdp-offer.js';
import type { WebrtcPort } from './webrtc-port.js';
import { WhipSession } from './whip-session.js';

/** Where clients send their offers. */
export const WHIP_PATH = '/whip';

/** Wrong tokens of one address at once, and then one more each three seconds; more are answered 429 unread. */
export const WRONG_TOKENS = { burst: 10, perSecond: 1 / 3, totalPerSecond: 50 } as const;

/** What WHIP needs. */
export type WhipHome = {
  readonly port: WebrtcPort;
  readonly gate: PublisherGate;
  /** The bearer token. */
  readonly streamKey: string;
};

const SDP = 'application/sdp';
const ICE_FRAGMENT = 'application/trickle-ice-sdpfrag';

/** Any page may publish that knows the token: no cookie is involved. */
const CROSS_ORIGIN: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After',
};

const PREFLIGHT: Readonly<Record<string, string>> = {
  ...CROSS_ORIGIN,
  'Access-Control-Allow-Methods': 'POST, PATCH, DELETE, OPTIONS',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match',
  'Access-Control-Max-Age': '600',
  'Accept-Post': SDP,
};

/** WHIP as a part of the control room; it is open to whoever knows the stream key. */
export function createWhipPart(home: WhipHome): ControlPart {
  const desk = new WhipDesk(home);
  const sessionPattern = `${WHIP_PATH}/*`;
  const preflight = (): HttpReply => ({ status: 204, headers: PREFLIGHT, body: '' });
  const routes: Route[] = [
    { method: 'OPTIONS', pattern: WHIP_PATH, handler: preflight },
    { method: 'OPTIONS', pattern: sessionPattern, handler: preflight },
    { method: 'POST', pattern: WHIP_PATH, handler: (request) => desk.publish(request) },
    { method: 'PATCH', pattern: sessionPattern, handler: (request) => desk.patch(request) },
    { method: 'DELETE', pattern: sessionPattern, handler: (request) => desk.stop(request) },
  ];
  return { openRoutes: routes };
}

class WhipDesk {
  readonly #home: WhipHome;
  readonly #digest: Buffer;
  readonly #sessions = new Map<string, WhipSession>();
  readonly #wrongTokens = new SourceLimiter(WRONG_TOKENS);
  readonly #barred = new Map<string, number>();

  constructor(home: WhipHome) {
    this.#home = home;
    this.#digest = digestOf(home.streamKey);
  }

  publish(request: HttpRequest): HttpReply {
    const refusal = this.#check(request) ?? checkType(request, SDP);
    if (refusal) return refusal;
    const text = textOf(request);
    const offer = text === undefined ? undefined : parseOffer(text);
    if (!offer) return reply(400, 'The body is not a session description (SDP).');
    const answer = planAnswer(offer);
    if (!answer.ok) return reply(422, answer.why);
    const id = randomBytes(16).toString('hex');
    const { port, gate } = this.#home;
    const admitted = gate.admits(id);
    if (!admitted.ok) return reply(409, admitted.why);
    const session = WhipSession.open({
      id,
      port,
      gate,
      plan: answer.plan,
      onGone: () => this.#sessions.delete(id),
    });
    if (!session)
      return reply(503, 'Too many clients are connecting at once. Try again soon.', { 'Retry-After': '5' });
    this.#sessions.set(id, session);
    return {
      status: 201,
      headers: {
        ...CROSS_ORIGIN,
        'Content-Type': SDP,
        'Cache-Control': 'no-store',
        'Accept-Patch': ICE_FRAGMENT,
        Location: `${WHIP_PATH}/${id}`,
        ETag: session.etag,
      },
      body: writeAnswer(answer.plan, session.local),
    };
  }

  /** Trickle ICE and ICE restart (RFC 9725 §4.3). */
  patch(request: HttpRequest): HttpReply {
    const refusal = this.#check(request) ?? checkType(request, ICE_FRAGMENT);
    if (refusal) return refusal;
    const session = this.#sessionOf(request);
    if (!session) return reply(404, 'There is no such session any more. Publish anew.');
    const match = request.header('if-match');
    if (match === undefined) return reply(428, 'Say which ICE session is meant: send If-Match.');
    const text = textOf(request) ?? '';
    const ufrag = /^a=ice-ufrag:(\S{4,256})\s*$/m.exec(text)?.[1];
    const isRestart = ufrag !== undefined && ufrag !== session.remoteUfrag;
    const isKnown = match.split(',').some((tag) => tag.trim() === session.etag);
    if (match.trim() !== '*' && !isKnown)
      return reply(412, 'The ICE session has been restarted since. Use its newest ETag.');
    // An ICE-lite end learns the client's addresses from its checks: candidates need not be kept.
    if (!isRestart) return { status: 204, headers: { ...CROSS_ORIGIN }, body: '' };
    session.restart(ufrag);
    return {
      status: 200,
      headers: {
        ...CROSS_ORIGIN,
        'Content-Type': ICE_FRAGMENT,
        'Cache-Control': 'no-store',
        ETag: session.etag,
      },
      body: writeIceFragment(session.plan, session.local),
    };
  }

  stop(request: HttpRequest): HttpReply {
    const refusal = this.#check(request);
    if (refusal) return refusal;
    const session = this.#sessionOf(request);
    if (!session) return reply(404, 'There is no such session any more.');
    session.stop();
    return reply(200, 'The session is over.');
  }

  #sessionOf({ path }: HttpRequest): WhipSession | undefined {
    return this.#sessions.get(path.slice(WHIP_PATH.length + 1));
  }

  #check(request: HttpRequest): HttpReply | undefined {
    const now = performance.now();
    const barredUntil = this.#barred.get(request.remoteAddress) ?? 0;
    if (now < barredUntil) return tooMany();
    const [, token = ''] = /^Bearer +(\S{1,200})$/i.exec(request.header('authorization') ?? '') ?? [];
    if (token !== '' && timingSafeEqual(digestOf(token), this.#digest)) return undefined;
    if (!this.#wrongTokens.allow(now, request.remoteAddress)) {
      this.#bar(now, request.remoteAddress);
      return tooMany();
    }
    return reply(401, 'The stream key is missing or wrong: send it as a bearer token.', {
      'WWW-Authenticate': 'Bearer realm="freshet"',
    });
  }

  /** While it lasts not even the right token counts, so that guessing on gains nothing. */
  #bar(now: number, address: string): void {
    for (const [held, untilMs] of this.#barred) if (untilMs <= now) this.#barred.delete(held);
    if (this.#barred.size < BARRED_MAX) this.#barred.set(address, now + BARRED_MS);
  }
}

/** Addresses that are barred at once; with more, the newest is only slowed down. */
const BARRED_MAX = 1_000;

/** How long an address is barred. */
const BARRED_MS = 3_000;

const tooMany = (): HttpReply =>
  reply(429, 'Too many wrong stream keys: wait a few seconds.', { 'Retry-After': '3' });

function reply(status: number, text: string, headers: Readonly<Record<string, string>> = {}): HttpReply {
  return textReply(status, text, { ...CROSS_ORIGIN, ...headers });
}

function checkType(request: HttpRequest, wanted: string): HttpReply | undefined {
  const type = (request.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === wanted) return undefined;
  const name = wanted === SDP ? 'Accept-Post' : 'Accept-Patch';
  return reply(415, `The body must be ${wanted}.`, { [name]: wanted });
}

function textOf({ body }: HttpRequest): string | undefined {
  return body.length > SDP_CHARS_MAX ? undefined : Buffer.from(body).toString('utf8');
}

const digestOf = (token: string): Buffer =>
  createHash('sha256').update('freshet whip v1\n').update(token).digest();
