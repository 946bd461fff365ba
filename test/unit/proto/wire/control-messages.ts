/** Every control message once or more: the table that encoding, decoding and fuzzing share. */

import type { ControlMessage } from '@freshet/proto';

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

/** Messages within all limits, with the limits' own values among them. */
export const CONTROL_MESSAGES: Readonly<Record<string, ControlMessage>> = {
  'hello of a viewer': {
    kind: 'hello',
    versionMin: 1,
    versionMax: 3,
    capabilities: [1, 200],
    channelKey: bytes(32, 7),
    role: 'viewer',
    agent: 'freshet 0.1.0',
  },
  'hello of a relay': {
    kind: 'hello',
    versionMin: 1,
    versionMax: 1,
    capabilities: [],
    channelKey: bytes(32, 0),
    role: 'relay',
    agent: '',
  },
  'subscribe to the default': { kind: 'subscribe', renditionId: 0, stripeMask: 0 },
  'subscribe to stripes': { kind: 'subscribe', renditionId: 2, stripeMask: 0xffffffff },
  unsubscribe: { kind: 'unsubscribe', renditionId: 2 },
  catalog: {
    kind: 'catalog',
    signed: {
      catalog: bytes(40, 1),
      signature: bytes(64, 2),
      certificate: bytes(80, 3),
      certificateSignature: bytes(64, 4),
    },
  },
  absent: { kind: 'absent' },
  ping: { kind: 'ping', sentMs: 1234.5 },
  pong: { kind: 'pong', sentMs: 1234.5, broadcastMs: 1_800_000_000_000.25 },
  'pong without a clock': { kind: 'pong', sentMs: 0, broadcastMs: undefined },
  audience: { kind: 'audience', viewerCount: 12_345 },
};
