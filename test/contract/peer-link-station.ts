/**
 * One end of a peer link that is told from outside what to do: in a page or in a Node process inside a host of the
 * rig. Bundled; the side that tells it is `peer-link-remote.ts`.
 */

import { FrameKind } from '@freshet/proto';
import type { PeerDialEffect, PeerLink } from '../../viewer/src/link/peer-link.js';

/** What has happened to a station's link so far. */
export type StationReport = {
  readonly openCount: number;
  readonly messageCount: number;
  /** Those of them that are not pieces. */
  readonly controlCount: number;
  readonly byteCount: number;
  /** Messages that were not as they were sent. */
  readonly alteredCount: number;
  readonly writable: readonly number[];
  readonly bufferedBytes: number;
  /** The most that was seen while sending. */
  readonly bufferedBytesMax: number;
  readonly closed: readonly { readonly code: number; readonly reason: string; readonly atMs: number }[];
};

/** What a station can be told, with its arguments. */
export type StationOrder =
  | readonly ['dial', { readonly isOfferer: boolean; readonly stunUrls: readonly string[] }]
  | readonly ['signal', string]
  | readonly [
      'send',
      { readonly kind: number; readonly byteLength: number; readonly count: number; readonly gapMs: number },
    ]
  | readonly ['close', number, string]
  | readonly ['report'];

/** An end, its record and its orders. */
export class Station {
  readonly #dial: PeerDialEffect;
  readonly #tell: (signal: string) => void;
  readonly #report = {
    openCount: 0,
    messageCount: 0,
    controlCount: 0,
    byteCount: 0,
    alteredCount: 0,
    bufferedBytesMax: 0,
  };
  readonly #writable: number[] = [];
  readonly #closed: { code: number; reason: string; atMs: number }[] = [];
  #link: PeerLink | undefined;

  constructor(dial: PeerDialEffect, tell: (signal: string) => void) {
    this.#dial = dial;
    this.#tell = tell;
  }

  /** Follows an order and reports. */
  follow(order: StationOrder): StationReport {
    if (order[0] === 'dial') this.#open(order[1]);
    else if (order[0] === 'signal') this.#link?.receiveSignal(new TextEncoder().encode(order[1]));
    else if (order[0] === 'send') this.#send(order[1], 0);
    else if (order[0] === 'close') this.#link?.close(order[1], order[2]);
    const bufferedBytes = this.#link?.bufferedBytes ?? 0;
    return { ...this.#report, bufferedBytes, writable: this.#writable, closed: this.#closed };
  }

  #open(options: { readonly isOfferer: boolean; readonly stunUrls: readonly string[] }): void {
    const report = this.#report;
    this.#link = this.#dial(options, {
      onOpen: () => {
        report.openCount += 1;
      },
      onMessage: (bytes) => {
        report.messageCount += 1;
        if (bytes[0] !== FrameKind.piece) report.controlCount += 1;
        report.byteCount += bytes.length;
        if (bytes.subarray(2).some((byte) => byte !== bytes[1])) report.alteredCount += 1;
      },
      onWritable: (bufferedBytes) => this.#writable.push(bufferedBytes),
      onSignal: (bytes) => this.#tell(new TextDecoder().decode(bytes)),
      onClose: (code, reason) => this.#closed.push({ code, reason, atMs: Date.now() }),
    });
  }

  #send(load: { kind: number; byteLength: number; count: number; gapMs: number }, index: number): void {
    if (index >= load.count || this.#link === undefined) return;
    const bytes = new Uint8Array(load.byteLength).fill(index & 0xff);
    bytes[0] = load.kind;
    this.#link.send(bytes);
    this.#report.bufferedBytesMax = Math.max(this.#report.bufferedBytesMax, this.#link.bufferedBytes);
    if (load.gapMs === 0) this.#send(load, index + 1);
    else setTimeout(() => this.#send(load, index + 1), load.gapMs);
  }
}
