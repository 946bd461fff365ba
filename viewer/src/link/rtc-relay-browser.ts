/** Links to a relay's edge by the browser's own WebRTC. */

import { CloseCode } from '@freshet/proto';
import type { DialEffect, ViewerLink, ViewerLinkHandlers } from './link.js';
import { createEdgeDial } from './rtc-relay-link.js';

/**
 * The dial effect of this browser for edge addresses; `undefined` where WebRTC is missing or switched off. A page that
 * goes away says so: the browser itself just falls silent, which a relay notices after 20 seconds.
 */
export function createBrowserEdgeDial(): DialEffect | undefined {
  if (typeof RTCPeerConnection !== 'function') return undefined;
  const dial = createEdgeDial(() => new RTCPeerConnection({ iceServers: [], bundlePolicy: 'max-bundle' }));
  /** Links that have not closed, with how to tell their owners that the page has closed them. */
  const live = new Map<ViewerLink, ViewerLinkHandlers>();
  addEventListener('pagehide', () => {
    const ended = [...live];
    live.clear();
    for (const [link, handlers] of ended) {
      link.close(CloseCode.goingAway, 'the page is gone');
      // A page that comes back from the browser's cache must know that its links have not.
      handlers.onClose(CloseCode.goingAway, 'the page was away');
    }
  });
  return (url, handlers) => {
    const inner = dial(url, {
      onOpen: () => handlers.onOpen(),
      onMessage: (bytes) => handlers.onMessage(bytes),
      onClose: (code, reason) => {
        live.delete(link);
        handlers.onClose(code, reason);
      },
    });
    const link: ViewerLink = {
      get bufferedBytes() {
        return inner.bufferedBytes;
      },
      send: (bytes) => inner.send(bytes),
      close: (code, reason) => {
        live.delete(link);
        inner.close(code, reason);
      },
    };
    live.set(link, handlers);
    return link;
  };
}
