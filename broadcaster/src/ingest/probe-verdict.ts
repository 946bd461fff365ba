/** Decides from a copy of a source's first seconds whether viewers can have it as it is. */

import { Cmaf } from '@freshet/proto';
import type { EncodePlan } from '../encode/encode-plan.js';

/** Longest group of a source that is passed through, with some allowance: a viewer joins at a keyframe. */
export const GROUP_MS_MAX = 2_100;

/** A frame that lasts longer than this, and than three others, leaves a hole in a player's buffer. */
export const FRAME_MS_MAX = 150;

/** Encoders stumble while they start; frames in a source's first moments may be uneven. */
const SETTLING_MS = 500;

/** Largest part of a fragmented copy that is looked at. */
const PROBE_BOX_BYTES_MAX = 32 * 1024 * 1024;

/** The bare name is AAC too: out of MPEG-TS, where its configuration only comes with the first frame. */
const AAC_PASSED = new Set(['mp4a.40.2', 'mp4a.40.5', 'mp4a']);
const AAC_RATES = new Set([16_000, 22_050, 24_000, 32_000, 44_100, 48_000]);

/**
 * Pure: takes the bytes of a fragmented MP4 that ffmpeg copied the source into.
 *
 * `push` gives the plan as soon as more of the source could not change it; `finish` gives it at the end of what
 * there is. Everything that is not sure to play everywhere is encoded.
 */
export class ProbeVerdict {
  readonly #splitter = new Cmaf.BoxSplitter(PROBE_BOX_BYTES_MAX);
  readonly #isWhole: boolean;
  #init: Cmaf.InitSegment | undefined;
  #isBroken = false;
  #keyframesMs: number[] = [];
  #videoEndMs = 0;
  #videoMs = 0;
  #frames = 0;
  #bytes = 0;
  #longestFrameMs = 0;
  #minOffset = Number.POSITIVE_INFINITY;
  #maxOffset = Number.NEGATIVE_INFINITY;

  /** `isWhole`: look at all there is before passing a source through, instead of at its first two groups. */
  constructor(options: { readonly isWhole: boolean }) {
    this.#isWhole = options.isWhole;
  }

  /** The copy's next bytes. Never throws. */
  push(bytes: Uint8Array): EncodePlan | undefined {
    const result = this.#splitter.push(bytes);
    if (!result.ok) {
      this.#isBroken = true;
      return this.finish();
    }
    for (const box of result.boxes) {
      if (box.type === 'moov') this.#init = Cmaf.parseInit(box.bytes);
      if (box.type === 'moof') this.#readFragment(box.bytes);
    }
    if (this.#init === undefined) return undefined;
    const reasons = this.#videoReasons();
    if (reasons.length > 0) return this.#plan(reasons);
    const hasTwoGroups = this.#keyframesMs.length >= 2 && this.#videoMs >= 500;
    return !this.#isWhole && hasTwoGroups ? this.#plan(reasons) : undefined;
  }

  /** No more comes; `undefined` when there was nothing to decide on. */
  finish(): EncodePlan | undefined {
    if (this.#init === undefined) return undefined;
    const reasons = this.#videoReasons();
    if (this.#isBroken) reasons.push('its copy cannot be read');
    if (this.#frames === 0) reasons.push('its frames are not known');
    return this.#plan(reasons);
  }

  #readFragment(bytes: Uint8Array): void {
    const video = this.#init && Cmaf.videoTrackOf(this.#init);
    const fragment = video && Cmaf.parseMoof(bytes, this.#init);
    for (const track of fragment?.tracks ?? []) {
      this.#bytes += track.sampleBytes;
      if (video === undefined || track.trackId !== video.id || track.sampleCount === 0) continue;
      const toMs = 1000 / video.timescale;
      const startMs = track.baseMediaDecodeTime * toMs;
      if (track.startsWithSync) this.#keyframesMs.push(startMs);
      this.#videoMs += track.duration * toMs;
      this.#videoEndMs = startMs + track.duration * toMs;
      this.#frames += track.sampleCount;
      if (this.#videoMs > SETTLING_MS) {
        this.#longestFrameMs = Math.max(this.#longestFrameMs, track.maxSampleDuration * toMs);
      }
      this.#minOffset = Math.min(this.#minOffset, track.minCompositionOffset);
      this.#maxOffset = Math.max(this.#maxOffset, track.maxCompositionOffset);
    }
  }

  #videoReasons(): string[] {
    const video = this.#init && Cmaf.videoTrackOf(this.#init);
    if (video === undefined) return ['its video is not known'];
    const reasons: string[] = [];
    const { picture } = video;
    if (!video.codec.startsWith('avc1.')) reasons.push(`its video is ${video.codec}`);
    else if (picture.bitDepth !== 8 || picture.chromaFormat !== 1) reasons.push('it is not 8-bit 4:2:0');
    if (picture.isInterlaced) reasons.push('it is interlaced');
    if (video.width % 2 !== 0 || video.height % 2 !== 0) reasons.push('its size is odd');
    if (video.rotation !== 0) reasons.push('it is rotated');
    if (this.#frames > 0 && this.#minOffset !== this.#maxOffset) reasons.push('it has B-frames');
    if (this.#longestGroupMs() > GROUP_MS_MAX) reasons.push('its keyframes are far apart');
    const typicalMs = this.#videoMs / Math.max(1, this.#frames);
    const isUneven = this.#longestFrameMs > FRAME_MS_MAX && this.#longestFrameMs > 3 * typicalMs;
    if (isUneven) reasons.push('its frame rate varies');
    return reasons;
  }

  #longestGroupMs(): number {
    const ends = [...this.#keyframesMs.slice(1), this.#videoEndMs];
    return this.#keyframesMs.reduce(
      (longest, startMs, index) => Math.max(longest, (ends[index] ?? 0) - startMs),
      0,
    );
  }

  #plan(videoReasons: readonly string[]): EncodePlan {
    const init = this.#init;
    const video = init && Cmaf.videoTrackOf(init);
    const audio = init && Cmaf.audioTrackOf(init);
    const isAudioGood = audio !== undefined && AAC_PASSED.has(audio.codec) && AAC_RATES.has(audio.sampleRate);
    const audioReasons = audio !== undefined && !isAudioGood ? [`its sound is ${audio.codec}`] : [];
    return {
      video: videoReasons.length > 0 ? 'encode' : 'copy',
      audio: audio === undefined ? 'none' : isAudioGood ? 'copy' : 'encode',
      reasons: [...videoReasons, ...audioReasons],
      frameRateMilli: this.#videoMs > 0 ? Math.round((this.#frames * 1_000_000) / this.#videoMs) : 0,
      width: video?.width ?? 0,
      height: video?.height ?? 0,
      bitrate: this.#videoMs > 0 ? Math.round((this.#bytes * 8000) / this.#videoMs) : 0,
      isInterlaced: video?.picture.isInterlaced ?? false,
    };
  }
}
