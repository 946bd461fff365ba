/** A viewer's feed over an edge that keeps a record; runs in a page and in Node. */

import { createVerifier } from '../../viewer/src/crypto/verifier.js';
import type { DialEffect } from '../../viewer/src/link/link.js';
import type { Feed } from '../../viewer/src/playback/feed.js';
import { createSessionFeed } from '../../viewer/src/session-feed.js';

/** What came. */
export type ViewerRecord = {
  readonly chunkCount: number;
  /** Chunks that did not follow the one before. */
  readonly gapCount: number;
  /** Chunks that were not as they were made. */
  readonly alteredCount: number;
  readonly piecesRefused: number;
  /** The last status. */
  readonly status: string;
};

/** Starts watching at `edgeAddress`; the record changes as chunks come. */
export function watchAtEdge(
  dial: DialEffect,
  place: { readonly edgeAddress: string; readonly channel: string; readonly chunkBytes: number },
): { readonly feed: Feed; readonly record: ViewerRecord } {
  const record = { chunkCount: 0, gapCount: 0, alteredCount: 0, piecesRefused: 0, status: '' };
  let lastNumber: number | undefined;
  const feed = createSessionFeed(
    {
      // The feed knows relays by their origins; this one is only at an edge.
      dial: (url, handlers) => dial(url.replace(/^ws:\/\/[^/]+/, place.edgeAddress), handlers),
      verify: createVerifier(),
      agent: 'edge test',
      uploadBps: 0,
    },
    { channel: place.channel, relays: ['http://127.0.0.1:1'] },
  );
  feed.start((event) => {
    if (event.kind === 'status') record.status = event.status.kind;
    else if (event.kind === 'stats') record.piecesRefused = event.stats.piecesRefused;
    else if (event.kind === 'chunk') {
      const { chunkNumber, bytes } = event.chunk;
      record.chunkCount += 1;
      if (lastNumber !== undefined && chunkNumber !== lastNumber + 1) record.gapCount += 1;
      if (bytes.length !== place.chunkBytes || bytes.some((byte) => byte !== bytes[0]))
        record.alteredCount += 1;
      lastNumber = chunkNumber;
    }
  });
  return { feed, record };
}
