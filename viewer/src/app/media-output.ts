/** What verified media goes into: a file, a player, standard output. */

import type { MediaChunk } from '@freshet/proto';
import type { WatchError } from './watch-error.js';

/** How watching came to its end. `finished`: the broadcast or the wanted time is over; `stopped`: by the user. */
export type EndReason = 'finished' | 'stopped';

/** What an output tells its owner. After `onClosed` or `onFailed` it takes nothing more; only `end` follows. */
export interface OutputHandlers {
  /** The other end is done: the player was closed, the pipe's reader went away. */
  onClosed(): void;
  /** It cannot go on. */
  onFailed(error: WatchError): void;
  /** A sentence for the user about something that goes on. */
  onNote(text: string): void;
}

/** Takes one feed's media. Nothing throws; what fails is told through {@link OutputHandlers}. */
export interface MediaOutput {
  /** A (new) init segment comes into force; a new epoch means that times begin anew. */
  setFormat(epoch: number, initSegment: Uint8Array): void;
  /** Takes a chunk. Its bytes are not changed. */
  addChunk(chunk: MediaChunk): void;
  /** Writes what is left and releases everything. Idempotent, never rejects. */
  end(reason: EndReason): Promise<void>;
  /** Ends child processes at once, for a process that is about to exit. */
  abort(): void;
}
