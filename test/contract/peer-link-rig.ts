/** Two ends of a peer link and everything that happened to them. */

import type { PeerDialEffect, PeerLink, PeerLinkHandlers } from '../../viewer/src/link/peer-link.js';
import { until } from './link-rig.js';

/** One end, with its record. */
export class End implements PeerLinkHandlers {
  readonly link: PeerLink;
  readonly messages: Uint8Array[] = [];
  readonly writable: number[] = [];
  readonly signals: Uint8Array[] = [];
  readonly closed: { readonly code: number; readonly reason: string }[] = [];
  openCount = 0;
  /** Where signals go as they come; until it is set they are only written down. */
  carry: ((bytes: Uint8Array) => void) | undefined;

  constructor(dial: PeerDialEffect, isOfferer: boolean, stunUrls: readonly string[] = []) {
    this.link = dial({ isOfferer, stunUrls }, this);
  }

  onOpen(): void {
    this.openCount += 1;
  }
  onMessage(bytes: Uint8Array): void {
    this.messages.push(bytes);
  }
  onWritable(bufferedBytes: number): void {
    this.writable.push(bufferedBytes);
  }
  onSignal(bytes: Uint8Array): void {
    this.signals.push(bytes);
    this.carry?.(bytes);
  }
  onClose(code: number, reason: string): void {
    this.closed.push({ code, reason });
  }

  /** How much has been reported to the owner in all. */
  get eventCount(): number {
    return (
      this.openCount + this.messages.length + this.writable.length + this.signals.length + this.closed.length
    );
  }
}

/** The two engines of a link. */
export type DialPair = { readonly offerer: PeerDialEffect; readonly answerer: PeerDialEffect };

/** Dials both ends and carries their signals. */
export const dialPair = (dials: DialPair): { offerer: End; answerer: End } => {
  const offerer = new End(dials.offerer, true);
  const answerer = new End(dials.answerer, false);
  offerer.carry = (bytes) => answerer.link.receiveSignal(bytes);
  answerer.carry = (bytes) => offerer.link.receiveSignal(bytes);
  return { offerer, answerer };
};

/** Dials both ends and waits until the link is open. */
export const openPair = async (dials: DialPair): Promise<{ offerer: End; answerer: End }> => {
  const pair = dialPair(dials);
  await until('both ends are open', () => pair.offerer.openCount > 0 && pair.answerer.openCount > 0);
  return pair;
};
