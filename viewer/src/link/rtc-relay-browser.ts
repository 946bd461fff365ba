/** Links to a relay's edge by the browser's own WebRTC. */

import type { DialEffect, ViewerLink, ViewerLinkHandlers } from './link.js';
import { PageLinks } from './page-links.js';
import { createEdgeDial } from './rtc-relay-link.js';

/**
 * The dial effect of this browser for edge addresses; `undefined` where WebRTC is missing or switched off. A page that
 * goes away says so: the browser itself just falls silent, which a relay notices after 20 seconds.
 */
export function createBrowserEdgeDial(): DialEffect | undefined {
  if (typeof RTCPeerConnection !== 'function') return undefined;
  const dial = createEdgeDial(() => new RTCPeerConnection({ iceServers: [], bundlePolicy: 'max-bundle' }));
  const live = new PageLinks<ViewerLink, ViewerLinkHandlers>();
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
    live.add(link, handlers);
    return link;
  };
}
