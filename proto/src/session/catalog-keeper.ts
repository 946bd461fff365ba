/** Takes signed catalogs, has them verified, and keeps the one in force. */

import { equalBytes } from '../bytes.js';
import { type Catalog, decodeCatalog } from '../catalog.js';
import { type Certificate, decodeCertificate } from '../identity/certificate.js';
import { signedMessage } from '../identity/signing.js';
import { PENDING_CATALOGS_MAX } from '../limits.js';
import { encodeControl, type SignedCatalog } from '../wire/control.js';
import type { SessionContext } from './context.js';
import type { LinkId, VerifyRequest } from './io.js';

/** The catalog in force, with what is needed to verify its pieces and to pass it on. */
export type KeptCatalog = {
  readonly catalog: Catalog;
  readonly sessionKey: Uint8Array;
  /** The whole control message, to be sent to children as it is. */
  readonly message: Uint8Array;
};

/** Called when a verified, newer catalog comes into force. */
export type CatalogListener = (kept: KeptCatalog, isNewEpoch: boolean) => void;

/** Called when a catalog's certificate or signature does not hold. */
export type ForgeryListener = (link: LinkId) => void;

/**
 * A catalog is taken when its certificate is signed by the channel key and covers the epoch, when the session key
 * signed it, and when it is newer than the one in force: a higher epoch, or a higher revision of the same one.
 */
export class CatalogKeeper {
  readonly #context: SessionContext;
  readonly #onCatalog: CatalogListener;
  readonly #onForgery: ForgeryListener;
  /** No catalog is being verified any more. */
  readonly #onSettled: () => void;
  #kept: KeptCatalog | undefined;
  /** Encoded certificate that was verified last: the next catalog mostly carries the same one. */
  #verifiedCertificate: Uint8Array | undefined;
  #verifying = 0;

  constructor(
    context: SessionContext,
    onCatalog: CatalogListener,
    onForgery: ForgeryListener,
    onSettled: () => void,
  ) {
    this.#context = context;
    this.#onCatalog = onCatalog;
    this.#onForgery = onForgery;
    this.#onSettled = onSettled;
  }

  /** The catalog in force. */
  get kept(): KeptCatalog | undefined {
    return this.#kept;
  }

  /** Whether a catalog is being verified. */
  get isVerifying(): boolean {
    return this.#verifying > 0;
  }

  /** Takes a catalog that came over a link. `false` when it is malformed; a forgery is reported later. */
  receive(link: LinkId, signed: SignedCatalog): boolean {
    const certificate = decodeCertificate(signed.certificate);
    const catalog = decodeCatalog(signed.catalog);
    if (!certificate || !catalog) return false;
    if (!this.#isNewer(catalog)) return true;
    if (this.#verifying >= PENDING_CATALOGS_MAX) {
      this.#context.refuse(link, 'overflow');
      return true;
    }
    const isOurs = equalBytes(certificate.channelKey, this.#context.options.channelKey);
    if (!isOurs || catalog.epoch < certificate.epochFirst || catalog.epoch > certificate.epochLast) {
      this.#forged(link, 'bad-certificate');
      return true;
    }
    if (this.#verifiedCertificate && equalBytes(this.#verifiedCertificate, signed.certificate)) {
      this.#verifyCatalog(link, signed, catalog, certificate);
      return true;
    }
    const request = {
      publicKey: certificate.channelKey,
      message: signedMessage('certificate', signed.certificate),
      signature: signed.certificateSignature,
    };
    this.#verify(request, (ok) => {
      if (!ok) return this.#forged(link, 'bad-certificate');
      this.#verifiedCertificate = signed.certificate;
      this.#verifyCatalog(link, signed, catalog, certificate);
    });
    return true;
  }

  /** Takes the publisher's own catalog, which needs no verification. `false` when it does not decode. */
  publish(signed: SignedCatalog): boolean {
    const certificate = decodeCertificate(signed.certificate);
    const catalog = decodeCatalog(signed.catalog);
    if (!certificate || !catalog) return false;
    this.#keep(signed, catalog, certificate);
    return true;
  }

  #verifyCatalog(link: LinkId, signed: SignedCatalog, catalog: Catalog, certificate: Certificate): void {
    const request = {
      publicKey: certificate.sessionKey,
      message: signedMessage('catalog', signed.catalog),
      signature: signed.signature,
    };
    this.#verify(request, (ok) => {
      if (ok) this.#keep(signed, catalog, certificate);
      else this.#forged(link, 'bad-signature');
    });
  }

  #verify(request: VerifyRequest, then: (ok: boolean) => void): void {
    this.#verifying++;
    this.#context.verify(request, (ok) => {
      this.#verifying--;
      then(ok);
      if (this.#verifying === 0) this.#onSettled();
    });
  }

  #keep(signed: SignedCatalog, catalog: Catalog, certificate: Certificate): void {
    // While it was being verified another one may have come into force.
    if (!this.#isNewer(catalog)) return;
    const isNewEpoch = catalog.epoch !== this.#kept?.catalog.epoch;
    const message = encodeControl({ kind: 'catalog', signed });
    this.#kept = { catalog, sessionKey: certificate.sessionKey, message };
    this.#onCatalog(this.#kept, isNewEpoch);
  }

  #isNewer(catalog: Catalog): boolean {
    const kept = this.#kept?.catalog;
    if (!kept || catalog.epoch > kept.epoch) return true;
    return catalog.epoch === kept.epoch && catalog.revision > kept.revision;
  }

  #forged(link: LinkId, why: 'bad-certificate' | 'bad-signature'): void {
    this.#context.refuse(link, why);
    this.#onForgery(link);
  }
}
