/**
 * Who may use the control room. Without a password it is for this machine's own browser: the address in the request
 * must be this machine's (a page elsewhere could otherwise come in by a name of its own that points here, DNS
 * rebinding), and what changes something must come from the control room's own pages. With a password, whoever has
 * typed it holds a cookie.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from '@freshet/relay-node';

/** Wrong passwords taken at once, from all addresses together, and then one more each {@link TRY_EVERY_MS}. */
export const TRIES_MAX = 10;

/** See {@link TRIES_MAX}. Whoever guesses locks others out of the login for as long, not out of what they have open. */
export const TRY_EVERY_MS = 3_000;

/** Browsers logged in at once; with more, the one that logged in first is logged out. */
export const LOGINS_MAX = 64;

const COOKIE = 'freshet_control';
const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** What a lock makes of a request. */
export type Entry = 'open' | 'login' | 'foreign';

/** The lock. */
export class ControlLock {
  readonly #digest: Buffer | undefined;
  readonly #now: () => number;
  readonly #logins = new Set<string>();
  #tries = TRIES_MAX;
  #triesAt = 0;

  /** `now` in milliseconds, of any clock that does not go back. */
  constructor(password: string | undefined, now: () => number) {
    this.#digest = password === undefined ? undefined : digestOf(password);
    this.#now = now;
  }

  /** Whether there is a password to ask for. */
  get hasPassword(): boolean {
    return this.#digest !== undefined;
  }

  /** What becomes of a request: let in, asked for the password, or refused because of where it comes from. */
  judge(request: Pick<HttpRequest, 'header' | 'method'>, isSocket = false): Entry {
    const host = request.header('host') ?? '';
    if (this.#digest === undefined && !LOCAL_HOSTS.has(host.replace(/:\d+$/, '').toLowerCase()))
      return 'foreign';
    const changes = isSocket || (request.method !== 'GET' && request.method !== 'HEAD');
    if (changes && !isOwnOrigin(request.header('origin'), host)) return 'foreign';
    if (this.#digest === undefined) return 'open';
    return this.#logins.has(cookieOf(request.header('cookie'))) ? 'open' : 'login';
  }

  /** Tries a password: the `Set-Cookie` value when it is right, `wrong`, or `later` when there were too many tries. */
  login(
    password: string,
    isSecure: boolean,
  ): { readonly kind: 'in'; readonly cookie: string } | { readonly kind: 'wrong' | 'later' } {
    const now = this.#now();
    this.#tries = Math.min(TRIES_MAX, this.#tries + (now - this.#triesAt) / TRY_EVERY_MS);
    this.#triesAt = now;
    if (this.#tries < 1) return { kind: 'later' };
    if (this.#digest === undefined || !timingSafeEqual(digestOf(password), this.#digest)) {
      this.#tries--;
      return { kind: 'wrong' };
    }
    const token = randomBytes(24).toString('base64url');
    this.#logins.add(token);
    const [oldest] = this.#logins;
    if (this.#logins.size > LOGINS_MAX && oldest !== undefined) this.#logins.delete(oldest);
    const secure = isSecure ? '; Secure' : '';
    return { kind: 'in', cookie: `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict${secure}` };
  }
}

const digestOf = (password: string): Buffer =>
  createHash('sha256').update('freshet control v1\n').update(password).digest();

/** Programs send no origin; browsers do, and what they send names the page. */
function isOwnOrigin(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return true;
  return origin === `http://${host}` || origin === `https://${host}`;
}

function cookieOf(header: string | undefined): string {
  for (const pair of (header ?? '').split(';')) {
    const [name, value] = pair.trim().split('=');
    if (name === COOKIE && value !== undefined) return value;
  }
  return '';
}
