/** The studio of a broadcast: the WebRTC port, the gate, and the two ways to it, the page and WHIP. */

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopbackHost } from '@freshet/relay-node';
import type { ControlPart } from '../control/control-part.js';
import type { PublisherGate } from '../ingest/webrtc/publisher-gate.js';
import { type StudioInfo, serveStudio } from '../ingest/webrtc/studio-session.js';
import { openWebrtcPort, type WebrtcPort } from '../ingest/webrtc/webrtc-port.js';
import { createWhipPart } from '../ingest/webrtc/whip-part.js';
import { lanAddress } from './lan-address.js';

/** Path of the studio's page in the control room. */
export const STUDIO_PATH = '/studio';

/** What the command line says of the studio. */
export type StudioOptions = {
  /** UDP port; 0 for a free one. */
  readonly webrtcPort: number;
  /** Whoever comes last publishes, instead of whoever came first. */
  readonly isTakeover: boolean;
};

/** Where the studio is, and for whom. */
export type StudioPlace = StudioOptions & {
  /** Address to listen on; all of them if left out. */
  readonly host: string | undefined;
  readonly publicUrl: string | undefined;
  readonly streamKey: string;
  readonly info: () => StudioInfo;
  readonly log: (line: string) => void;
};

/** An open studio. */
export class StudioDesk {
  /** For the control room. */
  readonly parts: readonly ControlPart[];
  readonly #port: WebrtcPort;

  private constructor(port: WebrtcPort, parts: readonly ControlPart[]) {
    this.#port = port;
    this.parts = parts;
  }

  /** Opens the UDP port; rejects with an EdgeError when it cannot be had. */
  static async open(place: StudioPlace, gate: PublisherGate): Promise<StudioDesk> {
    const addresses = await addressesOf(place);
    const port = await openWebrtcPort({ port: place.webrtcPort, host: place.host, addresses });
    const home = { port, gate, info: place.info };
    const page: ControlPart = {
      pages: { [STUDIO_PATH]: `${STUDIO_PATH}.html` },
      sockets: { [`${STUDIO_PATH}/socket`]: (socket) => serveStudio(home, socket) },
    };
    return new StudioDesk(port, [page, createWhipPart({ port, gate, streamKey: place.streamKey })]);
  }

  /** Ends every connection. */
  close(): Promise<void> {
    return this.#port.close();
  }
}

/** Where clients may reach the port: this machine itself, its network, and what the public address stands for. */
async function addressesOf({ host, publicUrl, log }: StudioPlace): Promise<readonly string[]> {
  const isEverywhere = host === undefined || host === '0.0.0.0' || host === '::';
  if (!isEverywhere) return [host === 'localhost' || isLoopbackHost(host) ? '127.0.0.1' : host];
  const addresses = new Set<string>(['127.0.0.1']);
  const lan = lanAddress();
  if (lan) addresses.add(lan);
  const publicHost = publicUrl === undefined ? '' : new URL(publicUrl).hostname.replace(/^\[|\]$/g, '');
  if (isIP(publicHost) !== 0) addresses.add(publicHost);
  else if (publicHost !== '') {
    try {
      addresses.add((await lookup(publicHost)).address);
    } catch {
      log(`The studio cannot be reached from outside: ${publicHost} has no address.`);
    }
  }
  return [...addresses];
}
