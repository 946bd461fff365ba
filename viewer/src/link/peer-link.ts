/** A connection between two viewers, whichever WebRTC engine carries it. */

import { Limits } from '@freshet/proto';

/** Time from the first signal until both channels are open; beyond it the link closes as `timeout`. */
export const PEER_OPEN_MS_MAX: number = 8_000;

/**
 * Bytes that may wait in one channel of a link. A piece beyond it is dropped: the caller sees it coming in
 * `bufferedBytes`. A control message beyond it closes the link, because it is never sent again.
 */
export const PEER_BUFFERED_BYTES_MAX: number = 256 * 1024;

/** One signal; a longer one closes the link as `messageTooLarge`. */
export const SIGNAL_BYTES_MAX: number = 16 * 1024;

/** Candidates taken from the other end; one more closes the link as `tooManyMessages`. No more are sent either. */
export const CANDIDATES_MAX: number = 32;

/** One message on a peer link; a longer one is not sent, and closes the link when it comes. */
export const PEER_MESSAGE_BYTES_MAX: number = Limits.MESSAGE_BYTES_MAX;

/** Code that is reported when a link ended without a word from the other end (as RFC 6455 §7.4.1 has it). */
export const PEER_LOST = 1006;

/** An open or opening connection to another viewer. Methods of a closed one do nothing. */
export interface PeerLink {
  /** Bytes given to `send` that have not left. */
  readonly bufferedBytes: number;
  /**
   * Sends one message; nothing before `onOpen`. Pieces go unordered and are lost rather than late, everything else
   * goes in order and arrives. The bytes must not be changed until they have left.
   */
  send(bytes: Uint8Array): void;
  /** Hands over what the other end's `onSignal` gave. Never throws: a signal that is wrong closes the link. */
  receiveSignal(bytes: Uint8Array): void;
  /** Tells the other end and ends the link, or the attempt to open it. No handler runs afterwards. */
  close(code: number, reason: string): void;
}

/** What the owner of a peer link does when something happens to it. None runs inside `dial` or `send`. */
export interface PeerLinkHandlers {
  /** Messages can go both ways now. */
  onOpen(): void;
  /** A message; its bytes belong to the handler. */
  onMessage(bytes: Uint8Array): void;
  /** The queue has become short, and once more when it is empty. */
  onWritable(bufferedBytes: number): void;
  /** Carry this to the other end's `receiveSignal`, in any order but each once. */
  onSignal(bytes: Uint8Array): void;
  /** The link is gone or could not be opened; exactly once, unless the owner closed it. */
  onClose(code: number, reason: string): void;
}

/** How to open a peer link. */
export type PeerLinkOptions = {
  /** Exactly one of the two ends makes the offer. */
  readonly isOfferer: boolean;
  /** Servers that tell a viewer its public address, as `stun:host:port`; none means local addresses only. */
  readonly stunUrls: readonly string[];
};

/** Opens a link to another viewer. Never throws: what is wrong comes through `onClose`. */
export type PeerDialEffect = (options: PeerLinkOptions, handlers: PeerLinkHandlers) => PeerLink;
