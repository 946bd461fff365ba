/** Gives each run of the broadcast its epoch, its certificate and the key that signs in it. */

import type { SignEffect, SignedCertificate } from '@freshet/proto';
import { KeyError } from './key-error.js';
import { certifySessionKey, type HeldKey } from './key-file.js';

/** What signs in one epoch. */
export type EpochSigner = {
  readonly epoch: number;
  readonly certificate: SignedCertificate;
  readonly sign: SignEffect;
};

/**
 * Signers in rising epochs. With the channel key at hand each epoch gets a session key of its own, certified for
 * that epoch alone; with a session key only, every epoch uses that one while its certificate lasts.
 */
export class EpochSigners {
  readonly #key: HeldKey;
  #epochLast = 0;

  constructor(key: HeldKey) {
    this.#key = key;
  }

  /** The signer of a new epoch that begins at `wallMs`. Throws a KeyError when the certificate has run out. */
  next(wallMs: number): EpochSigner {
    const epoch = Math.max(Math.floor(wallMs), this.#epochLast + 1);
    this.#epochLast = epoch;
    if (this.#key.kind === 'channel-key') {
      const { session, signed } = certifySessionKey(this.#key.channel, { first: epoch, last: epoch });
      return { epoch, certificate: signed, sign: session.sign };
    }
    const { certificate, signed, session } = this.#key;
    if (epoch < certificate.epochFirst || epoch > certificate.epochLast)
      throw new KeyError(
        'expired',
        `This session key was certified until ${new Date(certificate.epochLast).toISOString()}. Certify a new one with "npx freshet keys session" where the channel key is.`,
      );
    return { epoch, certificate: signed, sign: session.sign };
  }
}
