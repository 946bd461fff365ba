/** The certificate of a port, from files of one's own or ordered, kept fresh while the port is open. */

import type { Log } from '../log/log.js';
import { AcmeKeeper } from './acme-keeper.js';
import type { AcmeSettings } from './acme-order.js';
import { CertificateKeeper } from './certificate-keeper.js';
import type { TlsFiles } from './tls-identity.js';

/** What keeps the certificate of a port fresh. */
export type Certificates = { readonly keeper: CertificateKeeper; start(): void; close(): void };

/** The certificate that the settings name or order, if any. Rejects when there is none that can be served. */
export async function openCertificates(
  { tls, acme: ordered }: { readonly tls: TlsFiles | undefined; readonly acme: AcmeSettings | undefined },
  log: Log,
): Promise<Certificates | undefined> {
  const nowMs = (): number => Date.now();
  if (tls !== undefined) {
    const keeper = new CertificateKeeper({ files: tls, log, nowMs });
    return { keeper, start: () => keeper.start(), close: () => keeper.close() };
  }
  if (ordered === undefined) return undefined;
  let keeper: CertificateKeeper | undefined;
  const acme = new AcmeKeeper({ settings: ordered, log, nowMs, onObtained: () => keeper?.check() });
  await acme.ensure();
  const opened = new CertificateKeeper({ files: acme.files, log, nowMs });
  keeper = opened;
  return {
    keeper: opened,
    start: () => {
      opened.start();
      acme.start();
    },
    close: () => {
      opened.close();
      acme.close();
    },
  };
}
