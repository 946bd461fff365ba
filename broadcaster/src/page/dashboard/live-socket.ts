/** The page's line to the control room: comes back by itself. */

import type { DashboardMessage } from '../../audience/dashboard-wire.js';

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 8_000;

/** What the line tells. */
export type LiveHandlers = {
  readonly onMessage: (message: DashboardMessage) => void;
  readonly onOpen: () => void;
  /** The control room is not reached; it is tried again. */
  readonly onLost: () => void;
};

/** Opens the line and keeps it open for as long as the page lasts. */
export function openLiveSocket(path: string, handlers: LiveHandlers): void {
  const address = new URL(path, location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  let waitMs = RETRY_MS_MIN;
  const dial = (): void => {
    const socket = new WebSocket(address);
    socket.addEventListener('open', () => {
      waitMs = RETRY_MS_MIN;
      handlers.onOpen();
    });
    socket.addEventListener('message', ({ data }) => {
      const message: unknown = JSON.parse(String(data));
      // From the page's own server, which speaks this language.
      handlers.onMessage(message as DashboardMessage);
    });
    socket.addEventListener('close', () => {
      handlers.onLost();
      setTimeout(dial, waitMs);
      waitMs = Math.min(RETRY_MS_MAX, waitMs * 2);
    });
  };
  dial();
}
