/** Why a port could not be opened. */
export type ListenErrorKind = 'port-taken' | 'port-denied' | 'host-unknown' | 'listen-failed';

/** The port could not be opened; the message says so in one sentence, with the way out. */
export class ListenError extends Error {
  readonly kind: ListenErrorKind;
  constructor(kind: ListenErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ListenError';
    this.kind = kind;
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';

/** Translates what the system said about listening on `host` and `port`. */
export const listenErrorFrom = (
  cause: unknown,
  where: { readonly host: string | undefined; readonly port: number },
): ListenError => {
  const { host, port } = where;
  switch (codeOf(cause)) {
    case 'EADDRINUSE':
      return new ListenError(
        'port-taken',
        `Port ${port} is already in use. Choose another with --port.`,
        cause,
      );
    case 'EACCES':
      return new ListenError(
        'port-denied',
        `Port ${port} needs rights this user does not have. Choose one above 1023 with --port.`,
        cause,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ListenError(
        'host-unknown',
        `${host ?? 'The address'} is not an address of this machine. Choose another with --host, or leave --host out.`,
        cause,
      );
    default: {
      const why = cause instanceof Error ? ` (${cause.message})` : '';
      return new ListenError(
        'listen-failed',
        `Port ${port} could not be opened${why}. Choose another with --port.`,
        cause,
      );
    }
  }
};
