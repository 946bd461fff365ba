/** Cuts the sound alone into chunks: the rendition for those who only listen. */

import { Cmaf } from '@freshet/proto';
import { AUDIO_TRACK, type CutChunk, type PlacedSound } from './cut-chunk.js';
import { audioSamples } from './picture-cutter.js';

/** Sound per chunk: two AAC frames at 48 kHz, since a chunk of one would be mostly headers. */
export const SOUND_CHUNK_MS = 40;

/**
 * Its groups are those of the picture, so that a player can go from one rendition to another at any group: every
 * sample can be decoded by itself, yet only the first chunk after a keyframe's time is marked as one.
 */
export class SoundCutter {
  readonly #frameTicks: number;
  readonly #sampleRate: number;
  readonly #onChunk: (chunk: CutChunk) => void;
  #sequence = 0;
  #sound: PlacedSound[] = [];
  /** Where the next group begins, in milliseconds of the run. */
  #groupMs: number | undefined = 0;

  constructor(options: {
    readonly sampleRate: number;
    /** Length of a frame in ticks of the sample rate. */
    readonly frameTicks: number;
    readonly onChunk: (chunk: CutChunk) => void;
  }) {
    this.#sampleRate = options.sampleRate;
    this.#frameTicks = options.frameTicks;
    this.#onChunk = options.onChunk;
  }

  /** The picture has a keyframe at this time of the run. */
  beginGroup(ms: number): void {
    this.#groupMs = ms;
  }

  /** Takes the next frame of sound. */
  addSound(sound: PlacedSound): void {
    if (this.#startsGroup(sound)) this.cut();
    this.#sound.push(sound);
    const first = this.#sound[0] ?? sound;
    const lengthMs = ((sound.ticks - first.ticks + this.#frameTicks) * 1000) / this.#sampleRate;
    if (lengthMs >= SOUND_CHUNK_MS) this.cut();
  }

  /** Ends the chunk that is being filled, if there is anything in it. */
  cut(): void {
    const sound = this.#sound;
    this.#sound = [];
    const [first] = sound;
    const last = sound.at(-1);
    if (first === undefined || last === undefined) return;
    const isKeyframe = this.#startsGroup(first);
    if (isKeyframe) this.#groupMs = undefined;
    this.#sequence += 1;
    const track = {
      trackId: AUDIO_TRACK,
      baseMediaDecodeTime: first.ticks,
      samples: audioSamples(sound, this.#frameTicks),
    };
    const toUs = 1e6 / this.#sampleRate;
    this.#onChunk({
      bytes: Cmaf.writeFragment(this.#sequence, [track]),
      isKeyframe,
      mediaTimeUs: Math.round(first.ticks * toUs),
      durationUs: Math.round((last.ticks + this.#frameTicks - first.ticks) * toUs),
    });
  }

  #startsGroup(sound: PlacedSound): boolean {
    return this.#groupMs !== undefined && sound.ms >= this.#groupMs;
  }
}
