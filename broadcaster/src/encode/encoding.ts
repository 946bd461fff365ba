/** How a broadcast is encoded: what was chosen, and what had to be given up. */

import { type EncodeChoices, type EncodePlan, outputOptions } from './encode-plan.js';
import { type EncoderChoice, findEncoder } from './find-encoder.js';
import type { Ffmpeg } from './find-ffmpeg.js';
import { type Ladder, type LadderChoice, planLadder } from './ladder.js';
import { measurePixelsPerSecond } from './machine-speed.js';
import { type Effort, FULL_EFFORT, type Shrink, shrink, withEffort } from './shrink.js';
import { deviceOptions, type Preset, type VideoEncoder } from './video-encoder.js';

/** What a person chose. */
export type EncodingOptions = {
  readonly ffmpeg: Ffmpeg;
  readonly choices: EncodeChoices;
  /** `off` when left out. */
  readonly ladder?: LadderChoice | undefined;
  /** `auto` when left out. */
  readonly encoder?: EncoderChoice | undefined;
};

/** One run of ffmpeg, ready to start. */
export type EncodeRun = {
  readonly plan: EncodePlan;
  readonly ladder: Ladder;
  /** What stands first, before the input's own options. */
  readonly deviceOptions: readonly string[];
  /** For each rung, what stands after `-i`. */
  readonly outputs: readonly (readonly string[])[];
  readonly encoder: VideoEncoder | 'none';
  /** Of x264. */
  readonly preset: Preset | undefined;
  /** What was last given up, for people. */
  readonly shrunk: string | undefined;
};

/** One for a broadcast: what it has given up stays given up when its source comes back. */
export class Encoding {
  readonly #options: EncodingOptions;
  #effort: Effort = FULL_EFFORT;
  #shrunk: string | undefined;

  constructor(options: EncodingOptions) {
    this.#options = options;
  }

  /**
   * What is made of a source. Looks for hardware the first time something has to be encoded, and measures the machine
   * the first time `auto` has to know. Rejects with `FfmpegError` when the encoder that was asked for does not work.
   */
  async plan(plan: EncodePlan): Promise<EncodeRun> {
    const { ffmpeg, choices, ladder: choice = 'off' } = this.#options;
    const isAnythingEncoded = plan.video === 'encode' || choice !== 'off';
    const encoder = isAnythingEncoded ? await findEncoder(ffmpeg, this.#options.encoder ?? 'auto') : 'x264';
    const pixelsPerSecond = choice === 'auto' ? await measurePixelsPerSecond(ffmpeg, encoder) : 0;
    const whole = planLadder({ choice, plan, kbps: choices.bitrateKbps, pixelsPerSecond });
    return this.#runOf(plan, withEffort(whole, this.#effort, plan), encoder);
  }

  /** There is something left that could be given up. */
  canShrink(run: EncodeRun): boolean {
    return this.#next(run) !== undefined;
  }

  /** Gives up the next thing; what that is, for people, or `undefined` when there is nothing left. */
  shrink(run: EncodeRun): string | undefined {
    const next = this.#next(run);
    if (next === undefined) return undefined;
    this.#effort = next.effort;
    this.#shrunk = next.what;
    return next.what;
  }

  #next({ encoder, ladder }: EncodeRun): Shrink | undefined {
    return encoder === 'none' ? undefined : shrink(ladder, this.#effort, encoder);
  }

  #runOf(plan: EncodePlan, ladder: Ladder, encoder: VideoEncoder): EncodeRun {
    const { ffmpeg, choices } = this.#options;
    const { preset, heightMax } = this.#effort;
    const hasCopy = ladder.rungs.some(({ isCopy }) => isCopy);
    const isEncoding = ladder.rungs.some(({ isCopy }) => !isCopy);
    const isSized = (height: number): boolean => height !== plan.height && height !== 0;
    const outputs = ladder.rungs.map((rung, index) =>
      outputOptions(plan, choices, ffmpeg, {
        encoder,
        preset,
        isCopy: rung.isCopy,
        isSilent: index > 0,
        followsSource: hasCopy && !rung.isCopy,
        kbps: rung.kbps || undefined,
        // The best one keeps its own filter, which also knows of pixels that are not square.
        height: (index > 0 || heightMax !== undefined) && isSized(rung.height) ? rung.height : undefined,
      }),
    );
    return {
      plan,
      ladder,
      deviceOptions: isEncoding ? deviceOptions(encoder) : [],
      outputs,
      encoder: isEncoding ? encoder : 'none',
      preset: isEncoding && encoder === 'x264' ? preset : undefined,
      shrunk: this.#shrunk,
    };
  }
}
