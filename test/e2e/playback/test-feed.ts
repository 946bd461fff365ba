/** The page side of the test feed: a `Feed` over one WebSocket to the server that served the page. */

import { type WallMs, wallMs } from '@freshet/proto';
import type { Feed, FeedEvent } from '../../../viewer/src/playback/feed.js';

/** Reads what `packEvent` wrote. */
class TestFeed implements Feed {
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #clockOffsetMs: number | undefined;
  #roundTripMs = Number.POSITIVE_INFINITY;
  #bytes = 0;
  #chunks = 0;

  start(onEvent: (event: FeedEvent) => void): void {
    onEvent({ kind: 'status', status: { kind: 'connecting' } });
    const socket = new WebSocket(`ws://${location.host}/`);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = (message: MessageEvent<ArrayBuffer>) => {
      const view = new DataView(message.data);
      const headEnd = 4 + view.getUint32(0);
      const event = JSON.parse(new TextDecoder().decode(new Uint8Array(message.data, 4, headEnd - 4)));
      const bytes = new Uint8Array(message.data, headEnd);
      this.#bytes += message.data.byteLength;
      if (event.kind === 'clock') {
        // The quickest answer tells the time best.
        const nowMs = performance.now();
        if (nowMs - event.asked < this.#roundTripMs) {
          this.#roundTripMs = nowMs - event.asked;
          this.#clockOffsetMs = event.nowMs - (event.asked + nowMs) / 2;
        }
      } else if (event.kind === 'format') {
        onEvent({ kind: 'status', status: { kind: 'live' } });
        const rendition = { ...event.rendition, initSegment: bytes };
        onEvent({
          kind: 'broadcast',
          title: 'Test picture',
          epoch: event.epoch,
          renditions: [rendition],
          startedMs: wallMs(Date.now()),
        });
        onEvent({ kind: 'format', epoch: event.epoch, rendition });
      } else if (event.kind === 'chunk') {
        this.#chunks += 1;
        onEvent({ kind: 'chunk', chunk: { ...event.chunk, bytes } });
      } else {
        onEvent(event);
      }
    };
    const ask = (): void => {
      if (socket.readyState === WebSocket.OPEN) socket.send(String(performance.now()));
    };
    socket.onopen = ask;
    this.#timer = setInterval(() => {
      ask();
      onEvent({
        kind: 'stats',
        stats: {
          piecesVerified: this.#chunks,
          piecesRefused: 0,
          bytesReceived: this.#bytes,
          bitrate: 0,
          rttMs: 1,
          parents: 1,
          mesh: undefined,
        },
      });
    }, 500);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#socket?.close();
  }

  reportPlayout(): void {
    // Nobody plans by it here.
  }

  reportPlaying(): void {
    // Nobody plans by it here.
  }

  offerUplink(): void {
    // There are no other viewers here.
  }

  broadcastNowMs(): WallMs | undefined {
    return this.#clockOffsetMs === undefined ? undefined : wallMs(performance.now() + this.#clockOffsetMs);
  }
}

/** Makes a feed from the page's own server, whatever the channel. */
export const createTestFeed = (): Feed => new TestFeed();
