/** Decides whether a publisher's H.264 can go out as it is. */

import { Cmaf } from '@freshet/proto';
import { type EncodePlan, RTP_AUDIO_FILTER } from '../../encode/encode-plan.js';
import { GROUP_MS_MAX } from '../probe-verdict.js';
import type { MediaFrame } from '../rtp/index.js';

/** Groups that may be too long before a publisher is taken for one that makes no keyframes when asked. */
const LONG_GROUPS_MAX = 2;

/** Allowance for a keyframe that had to be sent again. */
const GROUP_GRACE_MS = 900;

/** Watches a publisher's frames. What it has found stays with it, through all of its runs. */
export class PassThroughJudge {
  #reasons = new Set<string>();
  #keyframeUs: number | undefined;
  #longGroups = 0;

  /** Takes note of a frame; true when a run that copies the picture must now be one that encodes. */
  see(frame: MediaFrame): boolean {
    if (frame.kind !== 'video') return false;
    const before = this.#reasons.size;
    if (frame.isKeyframe) {
      const groupMs = (frame.timeUs - (this.#keyframeUs ?? frame.timeUs)) / 1000;
      this.#keyframeUs = frame.timeUs;
      this.#longGroups = groupMs > GROUP_MS_MAX + GROUP_GRACE_MS ? this.#longGroups + 1 : 0;
      if (this.#longGroups >= LONG_GROUPS_MAX) this.#reasons.add('its keyframes are far apart');
    }
    return this.#reasons.size > before;
  }

  /** The time line has been broken: what comes next is not measured against what came before. */
  forget(): void {
    this.#keyframeUs = undefined;
  }

  /** What to do with a run that begins with this parameter set. */
  plan(sps: Uint8Array): EncodePlan {
    const picture = Cmaf.parseSps(sps, 0, sps.length);
    const reasons = [...this.#reasons, ...pictureReasons(picture)];
    return {
      video: reasons.length > 0 ? 'encode' : 'copy',
      audio: 'encode',
      reasons: reasons.length > 0 ? reasons : ['its sound is Opus'],
      frameRateMilli: picture?.frameRateMilli ?? 0,
      width: picture?.width ?? 0,
      height: picture?.height ?? 0,
      bitrate: 0,
      isInterlaced: picture?.isInterlaced ?? false,
      audioFilter: RTP_AUDIO_FILTER,
      isTimed: true,
    };
  }
}

function pictureReasons(picture: Cmaf.H264Picture | undefined): string[] {
  if (!picture) return ['its parameters cannot be read'];
  const reasons: string[] = [];
  if (picture.bitDepth !== 8 || picture.chromaFormat !== 1) reasons.push('it is not 8-bit 4:2:0');
  if (picture.isInterlaced) reasons.push('it is interlaced');
  if (picture.width % 2 !== 0 || picture.height % 2 !== 0) reasons.push('its size is odd');
  return reasons;
}
