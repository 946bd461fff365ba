/** Keeps a port's certificate fresh: looks at its files, takes a new pair that is in order, warns about an old one. */

import type { Log } from '../log/log.js';
import { CertificateError } from './certificate-error.js';
import {
  dayOf,
  expiryOf,
  readTlsIdentity,
  type TlsFiles,
  type TlsIdentity,
  type TlsSource,
} from './tls-identity.js';

/** How often the files are looked at. They are read, since links that point elsewhere have no date of their own. */
export const CERTIFICATE_CHECK_MS = 10_000;

/** A complaint is not said again before this. */
const COMPLAINT_REPEAT_MS = 24 * 60 * 60 * 1_000;

/** It expires soon when less than this is left, or than a quarter of its life, for those that live for days only. */
const SOON_MS = 10 * 24 * 60 * 60 * 1_000;

/** What a keeper needs from outside. */
export type CertificateKeeperOptions = {
  readonly files: TlsFiles;
  readonly log: Log;
  /** Unix milliseconds. */
  readonly nowMs: () => number;
};

/** One sentence about a certificate that runs out within days, or `undefined`. */
export function expiresSoon(identity: TlsIdentity, nowMs: number): string | undefined {
  const { certFile, notBeforeMs, notAfterMs } = identity;
  if (notAfterMs - nowMs > Math.min(SOON_MS, (notAfterMs - notBeforeMs) / 4)) return undefined;
  return `The certificate in ${certFile} expires on ${dayOf(notAfterMs)}. Renew it; it is read again by itself.`;
}

/** See the file's header. Call {@link start} once, and {@link close} at the end. */
export class CertificateKeeper implements TlsSource {
  readonly #options: CertificateKeeperOptions;
  readonly #listeners: ((identity: TlsIdentity) => void)[] = [];
  #current: TlsIdentity;
  #timer: NodeJS.Timeout | undefined;
  #complaint = '';
  #complainedAtMs = 0;

  /** Reads the files; throws a CertificateError when they cannot be served at all. */
  constructor(options: CertificateKeeperOptions) {
    this.#options = options;
    this.#current = readTlsIdentity(options.files);
    this.#judge();
  }

  get current(): TlsIdentity {
    return this.#current;
  }

  /** What keeps browsers from connecting, as one sentence; `undefined` while all is well. */
  get problem(): string | undefined {
    return expiryOf(this.#current, this.#options.nowMs());
  }

  onRenewed(listener: (identity: TlsIdentity) => void): void {
    this.#listeners.push(listener);
  }

  /** Looks at the files from time to time, without keeping the process alive. */
  start(): void {
    this.#timer ??= setInterval(() => this.check(), CERTIFICATE_CHECK_MS).unref();
  }

  /** Looks at the files now. Files that are not in order change nothing: the one in use goes on serving. */
  check(): void {
    const { files, log, nowMs } = this.#options;
    let read: TlsIdentity;
    try {
      read = readTlsIdentity(files);
    } catch (cause) {
      if (!(cause instanceof CertificateError)) throw cause;
      return this.#complain('warn', `${cause.message} The one read before goes on serving.`);
    }
    if (isSame(read, this.#current)) return this.#judge();
    const expired = expiryOf(read, nowMs());
    if (expired !== undefined && expiryOf(this.#current, nowMs()) === undefined)
      return this.#complain('warn', `${expired} The one read before goes on serving.`);
    this.#current = read;
    for (const listener of this.#listeners) listener(read);
    this.#complaint = '';
    log('info', 'A new certificate is served.', {
      names: read.names.join(' '),
      validUntil: dayOf(read.notAfterMs),
    });
    this.#judge();
  }

  /** Looks no more. Idempotent. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #judge(): void {
    const nowMs = this.#options.nowMs();
    const expired = expiryOf(this.#current, nowMs);
    const soon = expired ?? expiresSoon(this.#current, nowMs);
    if (soon !== undefined) this.#complain(expired === undefined ? 'warn' : 'error', soon);
  }

  #complain(level: 'warn' | 'error', sentence: string): void {
    const nowMs = this.#options.nowMs();
    if (sentence === this.#complaint && nowMs - this.#complainedAtMs < COMPLAINT_REPEAT_MS) return;
    this.#complaint = sentence;
    this.#complainedAtMs = nowMs;
    this.#options.log(level, sentence);
  }
}

function isSame(a: TlsIdentity, b: TlsIdentity): boolean {
  return a.certPem.equals(b.certPem) && a.keyPem.equals(b.keyPem);
}
