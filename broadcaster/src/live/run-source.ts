/** From the source to the show, until one of them is over. */

import type { MediaEvent, MediaSource } from '../ingest/media-source.js';
import type { Show } from '../show/show.js';
import type { LiveView } from './live-view.js';

/** What is run, and who hears of it. */
export type RunOptions = {
  readonly source: MediaSource;
  /** It goes on whether or not anybody takes it. */
  readonly isLive: boolean;
  readonly show: Show;
  readonly view: LiveView;
  readonly signal: AbortSignal;
  /** The encoding's figures, about once a second. */
  readonly onProgress: (progress: Extract<MediaEvent, { kind: 'progress' }>) => void;
};

/** Feeds the show until the source ends, fails (which rejects) or is told to stop. */
export function runSource(options: RunOptions): Promise<'source-ended' | 'stopped'> {
  const { source, isLive, show, view, signal, onProgress } = options;
  return new Promise((resolve, reject) => {
    const handle = (event: MediaEvent): void => {
      switch (event.kind) {
        case 'format':
          show.begin(event.format);
          return view.began(event.format.describe);
        case 'chunk':
          return show.add(event.chunk, event.renditionId);
        case 'progress':
          return onProgress(event);
        case 'shrunk':
          return view.note(event.reason);
        case 'waiting':
          show.wait();
          return view.waiting(event.reason);
        case 'ended':
          return resolve('source-ended');
        case 'failed':
          return reject(event.error);
      }
    };
    const onAbort = (): void => resolve('stopped');
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const start = (): void =>
      source.start((event) => {
        try {
          handle(event);
        } catch (cause) {
          // An expired session key, found when the source comes back under a new epoch.
          reject(cause);
        }
      });
    // A file begins with the show; a publisher may connect before.
    if (isLive) start();
    else show.whenOn(start);
  });
}
