/** Standard input as a source. */

import type { Readable } from 'node:stream';
import { exitReason } from './ffmpeg-lines.js';
import type { MediaSource } from './media-event.js';
import { runPiped } from './piped-run.js';
import type { SourceSetup } from './pipeline-options.js';
import { ReplayInput } from './replay-input.js';
import { SourceError } from './source-error.js';
import { SessionSource } from './source-session.js';

/** What is piped in may be a whole film at once; it is sent at most this far ahead of real time. */
const LEAD_MS_MAX = 4_000;

const NAME = 'What is piped in';

/** Sends any container ffmpeg reads, from `stdin` until its end. Rejects nothing; trouble becomes `failed`. */
export function createStdinSource(setup: SourceSetup, stdin: Readable): MediaSource {
  return new SessionSource(async (session) => {
    const input = new ReplayInput(stdin);
    await session.during(async () => void stdin.destroy(), input.begun);
    if (session.isStopping) return;
    if (input.isEmpty) {
      throw new SourceError(
        'empty',
        'Nothing was piped in; pipe a video, as in: cat film.mp4 | freshet live -',
      );
    }
    const end = await session.during(
      async () => void stdin.destroy(),
      runPiped(session, { setup, input, name: NAME, leadMsMax: LEAD_MS_MAX }),
    );
    if (session.isStopping || end === undefined) return;
    if (end.chunkCount === 0 || !end.isClean) {
      throw new SourceError(
        'ffmpeg-died',
        `ffmpeg could not play what is piped in (${exitReason(end)}); try another format.`,
      );
    }
    session.emit({ kind: 'ended' });
  });
}
