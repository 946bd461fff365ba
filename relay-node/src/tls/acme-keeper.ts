/** Keeps a certificate from an authority in a folder, from where the port takes it as from any other file. */

import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListenError } from '../link/listen-error.js';
import type { Log } from '../log/log.js';
import { AcmeError } from './acme-error.js';
import { type AcmeOutcome, type AcmeSettings, createAccountKey, orderCertificate } from './acme-order.js';
import { CertificateError } from './certificate-error.js';
import { readTlsIdentity, type TlsFiles } from './tls-identity.js';

/** How often the keeper looks whether it is time. */
const LOOK_MS = 60 * 60 * 1_000;

/** After a failure the next order waits for an hour, then for twice as long each time, to spare the authority. */
const RETRY_MS_MIN = LOOK_MS;
const RETRY_MS_MAX = 12 * LOOK_MS;

/** A certificate is renewed when less than this share of its life is left. */
const RENEW_SHARE = 1 / 3;

/** What a keeper needs from outside. */
export type AcmeKeeperOptions = {
  readonly settings: AcmeSettings;
  readonly log: Log;
  /** Unix milliseconds. */
  readonly nowMs: () => number;
  /** Called when new files have been written. */
  readonly onObtained: () => void;
};

/** See the file's header. {@link ensure} first, then {@link start}, and {@link close} at the end. */
export class AcmeKeeper {
  /** Where the certificate lies; there after {@link ensure}. */
  readonly files: TlsFiles;
  readonly #options: AcmeKeeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #retryAtMs = 0;
  #failuresInARow = 0;
  #isOrdering = false;

  constructor(options: AcmeKeeperOptions) {
    const { folder } = options.settings;
    this.#options = options;
    this.files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  }

  /** Whether {@link ensure} has to order one. */
  get isDue(): boolean {
    return this.#leftShare() <= 0;
  }

  /** Resolves when there is a certificate that can be served. Rejects with an AcmeError or a ListenError. */
  async ensure(): Promise<void> {
    if (this.isDue) await this.#order();
  }

  /** Renews from time to time, without keeping the process alive. */
  start(): void {
    this.#timer ??= setInterval(() => void this.look(), LOOK_MS).unref();
    void this.look();
  }

  /** Renews now, if it is time. A failure is logged, and tried again later. */
  async look(): Promise<void> {
    const { log, nowMs } = this.#options;
    if (this.#isOrdering || this.#leftShare() > RENEW_SHARE || nowMs() < this.#retryAtMs) return;
    try {
      await this.#order();
      this.#failuresInARow = 0;
    } catch (cause) {
      if (!(cause instanceof AcmeError || cause instanceof ListenError)) throw cause;
      const waitMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** this.#failuresInARow);
      this.#failuresInARow += 1;
      this.#retryAtMs = nowMs() + waitMs;
      log('warn', `${cause.message} It is tried again in ${waitMs / LOOK_MS} h.`);
    }
  }

  /** Orders nothing more by itself. Idempotent. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** The share of its life that the certificate still has; 0 when there is none for all the domains. */
  #leftShare(): number {
    try {
      const { names, notAfterMs, notBeforeMs } = readTlsIdentity(this.files);
      const isForAll = this.#options.settings.domains.every((domain) => names.includes(`DNS:${domain}`));
      const share = (notAfterMs - this.#options.nowMs()) / (notAfterMs - notBeforeMs);
      return isForAll ? Math.max(0, share) : 0;
    } catch (cause) {
      if (!(cause instanceof CertificateError)) throw cause;
      return 0;
    }
  }

  async #order(): Promise<void> {
    const { log, onObtained, settings } = this.#options;
    this.#isOrdering = true;
    try {
      log('info', 'A certificate is ordered.', { domains: settings.domains.join(' ') });
      this.#write(await orderCertificate(settings, await this.#accountKey()));
      onObtained();
    } finally {
      this.#isOrdering = false;
    }
  }

  async #accountKey(): Promise<string> {
    const path = join(this.#options.settings.folder, 'account.pem');
    try {
      if (existsSync(path)) return readFileSync(path, 'utf8');
      const key = await createAccountKey();
      this.#put(path, key);
      return key;
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  #write({ certPem, keyPem }: AcmeOutcome): void {
    try {
      this.#put(this.files.keyFile, keyPem);
      this.#put(this.files.certFile, certPem);
    } catch (cause) {
      throw unwritable(this.#options.settings.folder, cause);
    }
  }

  /** Whole or not at all, for the owner's eyes only. */
  #put(path: string, text: string): void {
    mkdirSync(this.#options.settings.folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    chmodSync(`${path}.new`, 0o600);
    renameSync(`${path}.new`, path);
  }
}

function unwritable(path: string, cause: unknown): AcmeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AcmeError(`${path} cannot be used (${why}). Choose another folder with --acme-folder.`, {
    cause,
  });
}
