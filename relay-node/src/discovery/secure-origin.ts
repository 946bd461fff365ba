/**
 * The origin of a relay that speaks TLS, where only an address and a port are known: announcements carry no names, and
 * a certificate speaks for names. So the relay is asked for its certificate.
 */

import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { canonicalOrigin, isPublicHost } from '@freshet/proto';

/** Time for connection and handshake; who takes longer is left as it was. */
export const HANDSHAKE_MS_MAX = 2_000;

/** Names of one certificate that are looked at; further ones are passed over. */
const NAMES_MAX = 16;

/** What is asked, and whom one trusts. */
export type SecureOriginOptions = {
  /** Origin without TLS, as it was announced. */
  readonly origin: string;
  /** Gives up. */
  readonly signal: AbortSignal;
  /** Authorities in PEM in place of those that the process trusts. */
  readonly ca?: string | undefined;
};

/**
 * `https://name:port` of the relay there, by the first name in its certificate that others could reach; `undefined` if nobody
 * speaks TLS there, or nobody vouches for the certificate: one can only announce names that one has proven to an authority.
 */
export function secureOriginOf({ origin, signal, ca }: SecureOriginOptions): Promise<string | undefined> {
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? 80 : Number(url.port);
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const stop = AbortSignal.any([signal, AbortSignal.timeout(HANDSHAKE_MS_MAX)]);
    // The chain is verified as ever; the name cannot be, since it is what is asked for.
    const socket = connect({
      host,
      port,
      ...(ca !== undefined && { ca }),
      checkServerIdentity: () => undefined,
    });
    const settle = (found: string | undefined): void => {
      stop.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(found);
    };
    const giveUp = (): void => settle(undefined);
    stop.addEventListener('abort', giveUp);
    socket.on('error', giveUp);
    socket.on('close', giveUp);
    socket.once('secureConnect', () => settle(nameOf(socket, host, port)));
  });
}

function nameOf(socket: TLSSocket, host: string, port: number): string | undefined {
  const entries = (socket.getPeerCertificate().subjectaltname ?? '').split(', ').slice(0, NAMES_MAX);
  const valuesOf = (kind: string): string[] =>
    entries.filter((entry) => entry.startsWith(kind)).map((entry) => entry.slice(kind.length));
  // Within a house names of the house are fine.
  const isFit = (name: string): boolean => !name.includes('*') && (isPublicHost(name) || !isPublicHost(host));
  const [name = valuesOf('IP Address:').find((address) => address === host)] = valuesOf('DNS:').filter(isFit);
  if (name === undefined) return undefined;
  return canonicalOrigin(`https://${isIP(name) === 6 ? `[${name}]` : name}:${port}`);
}
