/**
 * A hostile viewer, for tests: it takes part in the mesh like any other, but every piece that it passes on is changed.
 * Started with the watch link as its argument; prints a line when it has sent its first forgery.
 */

import { FrameKind } from '@freshet/proto';
import { loadPeerDial } from '../../viewer/src/app/rtc-engine.js';
import { dialWs } from '../../viewer/src/app/ws-dial.js';
import { createVerifier } from '../../viewer/src/crypto/verifier.js';
import type { PeerDialEffect } from '../../viewer/src/link/peer-link.js';
import { createSessionFeed } from '../../viewer/src/session-feed.js';

const link = process.argv[2] ?? '';
const { dial } = await loadPeerDial('werift');
let hasForged = false;

const forge = (bytes: Uint8Array): Uint8Array => {
  const forged = bytes.slice();
  // The last byte is of the payload: header and signature stay true.
  const last = forged.length - 1;
  forged[last] = (forged[last] ?? 0) ^ 1;
  if (!hasForged) console.log('forged');
  hasForged = true;
  return forged;
};

const peerDial: PeerDialEffect = (options, handlers) => {
  const inner = dial(options, handlers);
  return {
    get bufferedBytes() {
      return inner.bufferedBytes;
    },
    send: (bytes) => inner.send(bytes[0] === FrameKind.piece ? forge(bytes) : bytes),
    receiveSignal: (bytes) => inner.receiveSignal(bytes),
    close: (code, reason) => inner.close(code, reason),
  };
};

createSessionFeed(
  { dial: dialWs, verify: createVerifier(), agent: 'forger', peerDial, uploadBps: 1_000_000_000 },
  { channel: link, relays: [] },
).start(() => undefined);
