/** What is sent, and from where: for the pipeline and each of its runs. */

import type { Readable } from 'node:stream';
import type { EncodeChoices, EncodePlan } from '../encode/encode-plan.js';
import type { Encoding } from '../encode/encoding.js';
import type { Ffmpeg } from '../encode/find-ffmpeg.js';

/** What every source needs to know. */
export type SourceSetup = {
  readonly ffmpeg: Ffmpeg;
  /** Milliseconds of picture per chunk; the chunker's default when left out. */
  readonly chunkMs?: number | undefined;
  readonly choices: EncodeChoices;
  readonly encoding: Encoding;
  /** What to take a measured encoder speed for; itself by default. For tests. */
  readonly readSpeed?: ((speed: number) => number) | undefined;
};

/** What one ffmpeg reads. */
export type PipelineInput = {
  readonly input: string | Readable;
  /** ffmpeg's options before `-i`. */
  readonly inputOptions: readonly string[];
  /** A second input, where the sound is another device; `plan.isSoundApart` says so. */
  readonly soundInput?: { readonly input: string; readonly inputOptions: readonly string[] } | undefined;
  /** ffmpeg is given no more than it takes at once: that it is slow is not its fault. Never by default. */
  readonly isLimiting?: () => boolean;
  /** Frames left out so far because ffmpeg did not take them; none by default. */
  readonly unreadFrames?: () => number;
  /** Lets go of the input when ffmpeg has gone. */
  readonly close?: () => void;
};

/** A source to send. */
export type PipelineOptions = SourceSetup &
  PipelineInput & {
    readonly plan: EncodePlan;
    /**
     * Opens the source again where viewers are now, `playedMs` after its beginning, for a new ffmpeg; `undefined`
     * where that cannot be. Without it the first ffmpeg is the only one, whatever becomes of it.
     */
    readonly reopen?: (playedMs: number) => PipelineInput | undefined;
    /** Whether `reopen` would open it now: asked before an ffmpeg is stopped that works. It would by default. */
    readonly canReopen?: () => boolean;
    /** Chunks come at most this far ahead of real time; beyond it ffmpeg is made to wait. Unlimited when left out. */
    readonly leadMsMax?: number;
    /** The input's sound is stamped this much later than it belongs, which is taken back; 0 when left out. */
    readonly soundLeadMs?: number;
    /** A source that delivers nothing for this long is given up. */
    readonly silenceMsMax?: number;
  };
