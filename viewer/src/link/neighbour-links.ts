/** The connections to a viewer's neighbours: what its session asks for, carried out by WebRTC. */

import { CloseCode, type Input, type LinkId, type Output } from '@freshet/proto';
import type { PeerDialEffect, PeerLink } from './peer-link.js';

/** Carries out `connect`, `signal`, `transmit` and `close` for neighbours' links, and hands in what happens. */
export class NeighbourLinks {
  readonly #dial: PeerDialEffect | undefined;
  readonly #handle: (input: Input) => void;
  readonly #links = new Map<LinkId, PeerLink>();

  /** Without a `dial` no connection ever opens: the relay feeds this viewer. */
  constructor(dial: PeerDialEffect | undefined, handle: (input: Input) => void) {
    this.#dial = dial;
    this.#handle = handle;
  }

  /** Opens a connection; the relay answers as STUN server on its own host. */
  connect({ link, isOfferer, relayUrl, stunPort }: Extract<Output, { kind: 'connect' }>): void {
    if (!this.#dial)
      return this.#handle({ kind: 'closed', link, code: CloseCode.goingAway, reason: 'no WebRTC here' });
    const stunUrls = stunPort === 0 ? [] : stunUrlsOf(relayUrl, stunPort);
    const peerLink = this.#dial(
      { isOfferer, stunUrls },
      {
        onOpen: () => this.#handle({ kind: 'peer-opened', link }),
        onMessage: (bytes) => {
          const bufferedBytes = this.#links.get(link)?.bufferedBytes ?? 0;
          this.#handle({ kind: 'received', link, bytes, bufferedBytes });
        },
        onWritable: (bufferedBytes) => this.#handle({ kind: 'writable', link, bufferedBytes }),
        onSignal: (bytes) => this.#handle({ kind: 'signal', link, bytes }),
        onClose: (code, reason) => {
          this.#links.delete(link);
          this.#handle({ kind: 'closed', link, code, reason });
        },
      },
    );
    this.#links.set(link, peerLink);
  }

  /** Hands a neighbour's signal to its connection. */
  signal(link: LinkId, bytes: Uint8Array): void {
    this.#links.get(link)?.receiveSignal(bytes);
  }

  /** Sends to a neighbour. `false` when the link is none of these. */
  send(link: LinkId, bytes: Uint8Array): boolean {
    const peerLink = this.#links.get(link);
    if (!peerLink) return false;
    peerLink.send(bytes);
    this.#handle({ kind: 'writable', link, bufferedBytes: peerLink.bufferedBytes });
    return true;
  }

  /** Ends a connection. `false` when the link is none of these. */
  close(link: LinkId, code: number, reason: string): boolean {
    const peerLink = this.#links.get(link);
    this.#links.delete(link);
    peerLink?.close(code, reason);
    return peerLink !== undefined;
  }
}

function stunUrlsOf(relayUrl: string, port: number): readonly string[] {
  const { hostname } = new URL(relayUrl);
  return [`stun:${hostname}:${port}`];
}
