/** Peer links by the browser's own WebRTC. */

import { PageLinks } from './page-links.js';
import type { PeerDialEffect, PeerLink, PeerLinkHandlers } from './peer-link.js';
import { createRtcDial } from './rtc-link.js';

/**
 * The dial effect of this browser; `undefined` where WebRTC is missing or switched off. A page that goes away says
 * so on every link: the browser itself just falls silent, which an engine notices after 5 to 30 seconds.
 */
export function createBrowserPeerDial(): PeerDialEffect | undefined {
  if (typeof RTCPeerConnection !== 'function') return undefined;
  const dial = createRtcDial(
    (stunUrls) =>
      new RTCPeerConnection({
        iceServers: stunUrls.length === 0 ? [] : [{ urls: [...stunUrls] }],
        bundlePolicy: 'max-bundle',
      }),
  );
  const live = new PageLinks<PeerLink, PeerLinkHandlers>();
  return (options, handlers) => {
    const inner = dial(options, {
      onOpen: () => handlers.onOpen(),
      onMessage: (bytes) => handlers.onMessage(bytes),
      onWritable: (bufferedBytes) => handlers.onWritable(bufferedBytes),
      onSignal: (bytes) => handlers.onSignal(bytes),
      onClose: (code, reason) => {
        live.delete(link);
        handlers.onClose(code, reason);
      },
    });
    const link: PeerLink = {
      get bufferedBytes() {
        return inner.bufferedBytes;
      },
      send: (bytes) => inner.send(bytes),
      receiveSignal: (bytes) => inner.receiveSignal(bytes),
      close: (code, reason) => {
        live.delete(link);
        inner.close(code, reason);
      },
    };
    live.add(link, handlers);
    return link;
  };
}
