/** HLS over HTTP for all channels of a relay. */

import { gzipSync } from 'node:zlib';
import { chooseCoding } from '../http/accept-encoding.js';
import { contentTypeOf } from '../http/content-type.js';
import { type HttpReply, type HttpRequest, textReply } from '../http/http-message.js';
import { type HlsAnswer, HlsChannel } from './hls-channel.js';
import { parseDirectives, parseHlsTarget, splitHlsPath } from './hls-path.js';
import { COMPRESS_CHARS_MIN } from './limits.js';
import { type HlsClock, WaitingRoom } from './waiting-room.js';

/** The clock of this machine. */
const SYSTEM_CLOCK: HlsClock = {
  now: () => performance.now(),
  startTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    // A waiting player keeps its socket, and that the program: no timer need.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** What the server is made of. */
export type HlsServerOptions = {
  /** Unix milliseconds now; each run of the program needs a later one than the run before. */
  readonly startedMs: number;
  readonly clock?: HlsClock;
};

/** Players elsewhere may play, and read how old a cached answer is. */
const OPEN_TO_ALL: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Age, Date',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** What is named never changes: caches may keep it for as long as it can be asked for. */
const KEPT = 'public, max-age=3600, immutable';

/** Compressed playlists remembered: one for each that players ask for between two changes. */
const COMPRESSED_MAX = 64;

/** Answers `/hls/*`. Feed each channel's catalogs and pieces to the {@link HlsChannel} that {@link open} gives. */
export class HlsServer {
  readonly #options: HlsServerOptions;
  readonly #room: WaitingRoom;
  readonly #channels = new Map<string, HlsChannel>();
  readonly #compressed = new Map<string, Uint8Array>();
  #servedBytes = 0;

  constructor(options: HlsServerOptions) {
    this.#options = options;
    this.#room = new WaitingRoom(options.clock ?? SYSTEM_CLOCK);
  }

  /** Bytes of playlists and media handed to the sockets so far. */
  get servedBytes(): number {
    return this.#servedBytes;
  }

  /** Requests that wait for media at this moment. */
  get waitingCount(): number {
    return this.#room.count;
  }

  /** The channel at this address (its text form), made on the first call. */
  open(address: string): HlsChannel {
    const existing = this.#channels.get(address);
    if (existing) return existing;
    const { startedMs } = this.#options;
    const channel = new HlsChannel({ room: this.#room, startedMs });
    this.#channels.set(address, channel);
    return channel;
  }

  /** The channel is no longer carried. */
  close(address: string): void {
    this.#channels.get(address)?.close();
    this.#channels.delete(address);
  }

  /** Lets go of all channels and of who waits. Idempotent. */
  closeAll(): void {
    for (const address of [...this.#channels.keys()]) this.close(address);
    this.#compressed.clear();
  }

  /** Answers a GET or HEAD below `/hls/`, and the OPTIONS of a page elsewhere. */
  async handle(request: HttpRequest): Promise<HttpReply> {
    if (request.method === 'OPTIONS') {
      const headers = {
        ...OPEN_TO_ALL,
        'Access-Control-Allow-Methods': 'GET, HEAD',
        'Access-Control-Max-Age': '86400',
      };
      return { status: 204, headers, body: '' };
    }
    const split = splitHlsPath(request.path);
    const target = split && parseHlsTarget(split.rest);
    if (!split || !target)
      return textReply(404, 'There is nothing at this address. Check the link.', OPEN_TO_ALL);
    const channel = this.#channels.get(split.address);
    if (!channel) return textReply(404, 'This relay does not carry the channel.', OPEN_TO_ALL);
    const directives = parseDirectives(request.query);
    if (!directives) return textReply(400, 'The _HLS parameters cannot be understood.', OPEN_TO_ALL);
    const reply = this.#reply(request, await channel.answer(target, directives));
    if (request.method !== 'HEAD') this.#servedBytes += reply.body.length;
    return reply;
  }

  #reply(request: HttpRequest, answer: HlsAnswer): HttpReply {
    switch (answer.kind) {
      case 'refused': {
        const headers = answer.status === 503 ? { ...OPEN_TO_ALL, 'Retry-After': '1' } : OPEN_TO_ALL;
        return textReply(answer.status, answer.why, headers);
      }
      case 'media': {
        const headers = { ...OPEN_TO_ALL, 'Content-Type': 'video/mp4', 'Cache-Control': KEPT };
        return { status: 200, headers, body: answer.bytes };
      }
      case 'playlist':
        return this.#playlistReply(request, answer.text);
    }
  }

  #playlistReply(request: HttpRequest, text: string): HttpReply {
    const headers = {
      ...OPEN_TO_ALL,
      'Content-Type': contentTypeOf('playlist.m3u8'),
      'Cache-Control': 'no-cache',
      Vary: 'Accept-Encoding',
    };
    const isShort = text.length < COMPRESS_CHARS_MIN;
    if (isShort || chooseCoding(request.header('accept-encoding'), ['gzip']) !== 'gzip')
      return { status: 200, headers, body: text };
    const body = this.#compressed.get(text) ?? gzipSync(text, { level: 1 });
    this.#compressed.delete(text);
    this.#compressed.set(text, body);
    for (const oldest of this.#compressed.keys()) {
      if (this.#compressed.size <= COMPRESSED_MAX) break;
      this.#compressed.delete(oldest);
    }
    return { status: 200, headers: { ...headers, 'Content-Encoding': 'gzip' }, body };
  }
}
