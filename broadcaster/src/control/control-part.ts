/** What the control room is put together from. */

import type { Route } from '@freshet/relay-node';
import type { WebSocket } from 'ws';

/** One concern of the control room: the studio, the dashboard, WHIP. */
export type ControlPart = {
  /** Behind the control room's lock. */
  readonly routes?: readonly Route[];
  /** Routes that check for themselves who may use them, such as by a bearer token; any origin may call them. */
  readonly openRoutes?: readonly Route[];
  /** WebSockets by their path, behind the lock. The socket is open; its errors are held, its messages bounded. */
  readonly sockets?: Readonly<Record<string, (socket: WebSocket) => void>>;
  /** Paths shown by a page of the built folder: `/studio` by `/studio.html`. */
  readonly pages?: Readonly<Record<string, string>>;
};
