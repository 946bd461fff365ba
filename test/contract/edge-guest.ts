/** One end of an edge link that is told from outside what to do: in this process or in a page. */

import type { DialEffect, ViewerLink } from '../../viewer/src/link/link.js';

/** What has happened to a guest's link so far. */
export type GuestReport = {
  readonly openCount: number;
  readonly messageCount: number;
  readonly byteCount: number;
  /** Messages that were not as they were sent: each byte after the second repeats the second. */
  readonly alteredCount: number;
  /** The second byte of each message, in the order of their coming. */
  readonly marks: readonly number[];
  readonly closed: readonly { readonly code: number; readonly reason: string }[];
};

/** A message as guests send and check it. */
export function markedMessage(byteLength: number, mark: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(byteLength).fill(mark & 0xff);
  bytes[0] = 2;
  return bytes;
}

/** An end of a link with its record. */
export class EdgeGuest {
  readonly #link: ViewerLink;
  readonly #marks: number[] = [];
  readonly #closed: { code: number; reason: string }[] = [];
  #openCount = 0;
  #byteCount = 0;
  #alteredCount = 0;

  constructor(dial: DialEffect, url: string) {
    this.#link = dial(url, {
      onOpen: () => {
        this.#openCount += 1;
      },
      onMessage: (bytes) => {
        this.#byteCount += bytes.length;
        this.#marks.push(bytes[1] ?? 0);
        if (bytes.subarray(2).some((byte) => byte !== bytes[1])) this.#alteredCount += 1;
      },
      onClose: (code, reason) => this.#closed.push({ code, reason }),
    });
  }

  /** Sends a marked message. */
  send(byteLength: number, mark: number): void {
    this.#link.send(markedMessage(byteLength, mark));
  }

  /** Closes the link from this end. */
  close(code: number, reason: string): void {
    this.#link.close(code, reason);
  }

  /** What has happened so far. */
  report(): GuestReport {
    return {
      openCount: this.#openCount,
      messageCount: this.#marks.length,
      byteCount: this.#byteCount,
      alteredCount: this.#alteredCount,
      marks: this.#marks,
      closed: this.#closed,
    };
  }
}
