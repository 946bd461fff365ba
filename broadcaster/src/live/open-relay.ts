/** Opens the embedded relay's port. */

import { ListenError, type Relay, type RelayOptions, startRelay } from '@freshet/relay-node';

/** Port that is tried first when none was asked for. */
export const PORT_DEFAULT = 8080;

/** Ports tried in a row when none was asked for. */
const PORTS_TRIED = 10;

/**
 * Opens the relay on the port asked for, or else on the first free one from {@link PORT_DEFAULT} on. Rejects with a
 * ListenError.
 */
export async function openRelay(
  options: Omit<RelayOptions, 'port'>,
  port: number | undefined,
): Promise<Relay> {
  if (port !== undefined) return startRelay({ ...options, port });
  for (let candidate = PORT_DEFAULT; ; candidate++) {
    try {
      return await startRelay({ ...options, port: candidate });
    } catch (cause) {
      const isTaken = cause instanceof ListenError && cause.kind === 'port-taken';
      if (!isTaken || candidate >= PORT_DEFAULT + PORTS_TRIED - 1) throw cause;
    }
  }
}
