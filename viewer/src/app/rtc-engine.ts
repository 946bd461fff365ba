/** Peer links outside a browser: which WebRTC engine carries them. */

import type { PeerDialEffect } from '../link/peer-link.js';
import { createRtcDial } from '../link/rtc-link.js';
import { createWeriftConnection } from './rtc-werift.js';
import { loadWrtc } from './rtc-wrtc.js';

/** The engines for Node: a native one, and one in TypeScript that runs everywhere. */
export type RtcEngineName = 'wrtc' | 'werift';

/** Why there is no engine. */
export type RtcEngineErrorKind = 'engine-missing';

/** The asked-for engine does not load; the message says the way out. */
export class RtcEngineError extends Error {
  readonly kind: RtcEngineErrorKind;
  constructor(kind: RtcEngineErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'RtcEngineError';
    this.kind = kind;
  }
}

/** A loaded engine. */
export type PeerEngine = {
  readonly dial: PeerDialEffect;
  readonly engine: RtcEngineName;
  /** One line for the log: which engine, and why not the faster one. */
  readonly description: string;
};

/**
 * Loads the engine: `wrtc` where its binary loads, else `werift`. A preferred one is taken or, if it does not load,
 * an RtcEngineError comes.
 */
export async function loadPeerDial(preferred?: RtcEngineName): Promise<PeerEngine> {
  if (preferred !== 'werift') {
    try {
      const createConnection = await loadWrtc();
      const description = 'Connects to other viewers with wrtc (native).';
      return { dial: createRtcDial(createConnection), engine: 'wrtc', description };
    } catch (cause) {
      if (preferred === 'wrtc') {
        const message = 'The wrtc engine does not load on this machine. Leave the choice out to use werift.';
        throw new RtcEngineError('engine-missing', message, cause);
      }
    }
  }
  const createConnection = await createWeriftConnection();
  const why = preferred === 'werift' ? '' : '; wrtc does not load on this machine, so it takes more CPU';
  const description = `Connects to other viewers with werift${why}.`;
  return { dial: createRtcDial(createConnection), engine: 'werift', description };
}
