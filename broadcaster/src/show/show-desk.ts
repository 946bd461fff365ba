/** A show with everything around it: recording, poster, schedule, and the control room's part. */

import { sha256 } from '@freshet/relay-node';
import type { ControlPart } from '../control/control-part.js';
import { findFfmpeg } from '../encode/find-ffmpeg.js';
import type { Broadcast } from '../live/broadcast.js';
import { finishLeftovers } from '../record/leftovers.js';
import { Recorder } from '../record/recorder.js';
import { makePoster, PosterMaker, posterOf } from './poster-maker.js';
import { Show, type ShowPhase } from './show.js';
import { createShowPart, type ShareLinks } from './show-part.js';

/** What a person chose for the show. */
export type ShowChoices = {
  readonly description?: string | undefined;
  /** Bytes of the broadcaster's picture; one is made from what is on air if left out. */
  readonly poster?: Uint8Array | undefined;
  /** Unix milliseconds at which it begins by itself. */
  readonly startsMs?: number | undefined;
  /** Folder of the recordings; nothing is recorded if left out. */
  readonly recordFolder?: string | undefined;
};

/** What a desk is made of. */
export type ShowDeskOptions = {
  readonly choices: ShowChoices;
  readonly broadcast: Broadcast;
  /** Passes a poster on; its digest is in the catalog by then. */
  readonly publishPoster: (picture: Uint8Array) => void;
  readonly links: ShareLinks;
  readonly viewerCount: () => number;
  /** Unix milliseconds. */
  readonly wallNow: () => number;
  readonly log: (line: string) => void;
};

/** Between two looks at the clock. */
const TICK_MS = 250;

/** Between two looks at the disk. */
const DISK_MS = 10_000;

/** One show. {@link close} ends what it has begun. */
export class ShowDesk {
  readonly show: Show;
  readonly recorder: Recorder | undefined;
  /** For the control room. */
  readonly part: ControlPart;
  readonly #options: ShowDeskOptions;
  readonly #posters: PosterMaker;
  readonly #timers: NodeJS.Timeout[];
  #poster: Uint8Array | undefined;
  #finishing: Promise<void> = Promise.resolve();
  #ffmpegPath: Promise<string> | undefined;

  constructor(options: ShowDeskOptions) {
    this.#options = options;
    const { choices, broadcast, log, wallNow } = options;
    const { recordFolder: folder } = choices;
    const title = (): string => broadcast.words.title;
    this.recorder = folder === undefined ? undefined : new Recorder({ folder, title, wallNow, log });
    this.#posters = new PosterMaker({
      make: async (media) => makePoster(await this.#ffmpeg(), media),
      onPoster: (picture) => this.#publish(picture),
      now: () => performance.now(),
    });
    this.show = new Show({
      broadcast,
      startsMs: choices.startsMs,
      taps: [this.#posters, ...(this.recorder ? [this.recorder] : [])],
      wallNow,
      onPhase: (phase) => this.#follow(phase),
    });
    this.part = createShowPart({
      show: this.show,
      broadcast,
      recorder: this.recorder,
      links: options.links,
      viewerCount: options.viewerCount,
      wallNow,
      poster: () => this.#poster,
      setPoster: (picture) => this.setPoster(picture),
    });
    const diskTimer = setInterval(() => void this.recorder?.checkDisk(), DISK_MS);
    this.#timers = [setInterval(() => this.show.handleTime(), TICK_MS), diskTimer];
    if (folder !== undefined) void this.#finishLeftovers(folder);
  }

  /** Shows the broadcaster's own picture from now on. Rejects with a ShowError. */
  async setPoster(picture: Uint8Array): Promise<void> {
    const poster = await posterOf(await this.#ffmpeg(), picture);
    this.#posters.isFixed = true;
    this.#publish(poster);
  }

  /** Finishes the recording. Resolves when it is on the disk; never rejects. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#finishing;
    await this.recorder?.finish();
  }

  #follow(phase: ShowPhase): void {
    if (phase === 'over' && this.recorder) this.#finishing = this.recorder.finish();
  }

  #publish(picture: Uint8Array): void {
    this.#poster = picture;
    this.#options.broadcast.describe({ posterDigest: sha256(picture) });
    this.#options.publishPoster(picture);
  }

  /** Looked for once; that it is there was checked when the source was made. */
  #ffmpeg(): Promise<string> {
    this.#ffmpegPath ??= findFfmpeg().then(({ path }) => path);
    return this.#ffmpegPath;
  }

  async #finishLeftovers(folder: string): Promise<void> {
    for (const { file, isFinished } of await finishLeftovers(folder))
      this.#options.log(
        isFinished
          ? `A recording that was broken off is complete now: ${file}`
          : `A recording was broken off and cannot be completed; it may still play: ${file}`,
      );
  }
}
