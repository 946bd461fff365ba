/** The default source: a card drawn here, with a running clock and a tone, as a raw stream for ffmpeg. */

import { Readable } from 'node:stream';
import {
  MatroskaWriter,
  RAW_AUDIO_TRACK,
  RAW_TICK_US,
  RAW_VIDEO_TRACK,
  rawTracks,
} from './matroska-writer.js';
import { type FrameSize, TestCard } from './test-card.js';
import { TONE_CHANNELS, TONE_SAMPLE_RATE, toneBlock } from './test-tone.js';

/** Frames per second. */
export const TEST_PICTURE_FRAME_RATE = 30;

/** Pixels. */
export const TEST_PICTURE_SIZE: FrameSize = { width: 640, height: 360 };

/**
 * Sound is written this far ahead of the picture: it is made up, so it can be, and then ffmpeg's muxer never holds
 * a frame back to wait for the sound that belongs beside it (an AAC encoder needs 43 ms of it).
 */
const AUDIO_LEAD_MS = 120;

/** Frames that may wait for ffmpeg; while more do, new frames are left out (the sound goes on). */
const FRAMES_WAITING_MAX = 3;

/** Sound that may wait for ffmpeg; beyond it, sound is left out too: ffmpeg has stopped reading. */
const AUDIO_WAITING_MS_MAX = 5_000;

const SAMPLES_PER_MS = TONE_SAMPLE_RATE / 1000;

/** Reads the two clocks; replaceable in tests. */
export type TestPictureClock = {
  /** Monotonic milliseconds, with a fraction. */
  readonly mono: () => number;
  /** Unix milliseconds. */
  readonly wall: () => number;
};

const SYSTEM_CLOCK: TestPictureClock = { mono: () => performance.now(), wall: () => Date.now() };

/**
 * A Matroska stream paced by the monotonic clock: frame `k` leaves at `k / 30` s after the first read.
 *
 * It never falls behind: a late frame is left out, and the next one is on time. Destroy it to stop it.
 */
export class TestPicture extends Readable {
  readonly #card: TestCard;
  readonly #writer: MatroskaWriter;
  readonly #clock: TestPictureClock;
  readonly #frameBytes: number;
  #timer: NodeJS.Timeout | undefined;
  #startMono = 0;
  #startWall = 0;
  #nextFrame = 0;
  #nextSample = 0;
  #skippedFrames = 0;
  #unreadFrames = 0;

  /** Starts with the first read. */
  constructor(size: FrameSize = TEST_PICTURE_SIZE, clock: TestPictureClock = SYSTEM_CLOCK) {
    const frameBytes = (size.width * size.height * 3) / 2;
    super({ highWaterMark: frameBytes });
    this.#card = new TestCard(size);
    this.#clock = clock;
    this.#frameBytes = frameBytes;
    const format = {
      frameRate: TEST_PICTURE_FRAME_RATE,
      sampleRate: TONE_SAMPLE_RATE,
      channels: TONE_CHANNELS,
    };
    this.#writer = new MatroskaWriter(rawTracks({ ...size, ...format }));
  }

  /** Frames left out so far because ffmpeg, or this process, was late. */
  get skippedFrames(): number {
    return this.#skippedFrames;
  }

  /** Those of them that ffmpeg did not take in time. */
  get unreadFrames(): number {
    return this.#unreadFrames;
  }

  override _read(): void {
    if (this.#timer !== undefined) return;
    this.#startMono = this.#clock.mono();
    this.#startWall = this.#clock.wall();
    this.push(this.#writer.header());
    this.#tick();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    callback(error);
  }

  #tick(): void {
    const elapsedMs = this.#clock.mono() - this.#startMono;
    const dueFrame = Math.floor((elapsedMs * TEST_PICTURE_FRAME_RATE) / 1000);
    if (dueFrame >= this.#nextFrame) {
      this.#skippedFrames += dueFrame - this.#nextFrame;
      this.#nextFrame = dueFrame + 1;
      if (this.readableLength < FRAMES_WAITING_MAX * this.#frameBytes) this.#writeFrame(dueFrame);
      else this.#leaveOut();
      this.#writeAudio(elapsedMs);
    }
    const nextMs = (this.#nextFrame * 1000) / TEST_PICTURE_FRAME_RATE;
    const waitMs = this.#startMono + nextMs - this.#clock.mono();
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, Math.ceil(waitMs)));
  }

  #leaveOut(): void {
    this.#skippedFrames += 1;
    this.#unreadFrames += 1;
  }

  #writeFrame(frame: number): void {
    this.#card.draw(this.#clock.wall());
    const ticks = Math.round((frame * 1e6) / TEST_PICTURE_FRAME_RATE / RAW_TICK_US);
    // `block` copies, so the card may be drawn on while these bytes wait.
    this.push(this.#writer.block(RAW_VIDEO_TRACK, ticks, this.#card.frame));
  }

  #writeAudio(elapsedMs: number): void {
    const until = Math.floor((elapsedMs + AUDIO_LEAD_MS) * SAMPLES_PER_MS);
    const first = this.#nextSample;
    this.#nextSample = until;
    const isStuck = this.readableLength > FRAMES_WAITING_MAX * this.#frameBytes + AUDIO_WAITING_BYTES_MAX;
    if (isStuck || until <= first) return;
    const ticks = Math.round((first * 1e6) / TONE_SAMPLE_RATE / RAW_TICK_US);
    const samples = toneBlock(first, until - first, this.#startWall % 1000);
    this.push(this.#writer.block(RAW_AUDIO_TRACK, ticks, samples));
  }
}

const AUDIO_WAITING_BYTES_MAX = AUDIO_WAITING_MS_MAX * SAMPLES_PER_MS * TONE_CHANNELS * 2;
