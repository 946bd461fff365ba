/** The watch page: one player that fills the window, for the channel in the page's address. */

import { createVerifier } from './crypto/verifier.js';
import type { DialEffect } from './link/link.js';
import { createBrowserPeerDial } from './link/rtc-browser.js';
import { createBrowserEdgeDial } from './link/rtc-relay-browser.js';
import { isEdgeUrl } from './link/rtc-relay-link.js';
import { dialWebSocket } from './link/ws-link.js';
import { browserMeans } from './playback/support.js';
import { createSessionFeed } from './session-feed.js';
import { definePlayer, documentTitle, FreshetPlayer, PLAYER_TAG, readPageAddress } from './ui/index.js';

const AGENT = 'freshet-page/0.1';

const mount = (): void => {
  const dialEdge = createBrowserEdgeDial();
  const dial: DialEffect = (url, handlers) =>
    (dialEdge && isEdgeUrl(url) ? dialEdge : dialWebSocket)(url, handlers);
  const platform = { dial, verify: createVerifier(), agent: AGENT, means: browserMeans };
  const peerDial = createBrowserPeerDial();
  definePlayer(({ isRelayOnly, uploadBps, ...options }) =>
    createSessionFeed({ ...platform, uploadBps, peerDial: isRelayOnly ? undefined : peerDial }, options),
  );
  const player = document.createElement(PLAYER_TAG);
  if (!(player instanceof FreshetPlayer)) return;
  const address = readPageAddress(location.href);
  player.setAttribute('channel', address.channel);
  player.setAttribute('relay', address.relays.join(' '));
  player.upload = address.upload;
  player.relayOnly = address.isRelayOnly;
  player.setAttribute('autoplay', '');
  player.addEventListener('change', () => {
    document.title = documentTitle(player.status.kind, player.broadcastTitle);
  });
  // The player is the page: its keys work wherever the focus is.
  document.addEventListener('keydown', (event) => player.handleKey(event));
  document.body.append(player);
};

mount();
