/** The certificate of a port, from files of one's own or ordered, kept fresh while the port is open. */

import { createServer } from 'node:net';
import { listenErrorFrom } from '../link/listen-error.js';
import type { Log } from '../log/log.js';
import { AcmeKeeper } from './acme-keeper.js';
import type { AcmeSettings } from './acme-order.js';
import { CertificateKeeper } from './certificate-keeper.js';
import type { TlsFiles } from './tls-identity.js';

/** What keeps the certificate of a port fresh. */
export type Certificates = { readonly keeper: CertificateKeeper; start(): void; close(): void };

/** What the certificate is for, and where it comes from. */
export type CertificateSettings = {
  readonly tls: TlsFiles | undefined;
  readonly acme: AcmeSettings | undefined;
  /** Where the relay is going to listen. */
  readonly host: string | undefined;
  readonly port: number;
};

/** The certificate that the settings name or order, if any. Rejects when there is none that can be served. */
export async function openCertificates(
  { tls, acme: ordered, host, port }: CertificateSettings,
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
  // Authorities count orders: none is made for a port that turns out to be taken.
  const letGo = acme.isDue ? await holdPort(host, port) : undefined;
  try {
    await acme.ensure();
  } finally {
    await letGo?.();
  }
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

/** Opens the port, so that nobody else does, and turns everybody away; resolves with what frees it. Rejects with a ListenError. */
function holdPort(host: string | undefined, port: number): Promise<() => Promise<void>> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(listenErrorFrom(cause, { host, port })));
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () =>
      resolve(() => new Promise((freed) => server.close(() => freed()))),
    );
  });
}
