/** Which renditions a broadcast has: what a person may ask for, and what a source gives. Pure. */

import {
  bitrateKbpsFor,
  type EncodePlan,
  encodedFrameRate,
  PICTURE_SIDE_MAX,
  rateMilliOf,
} from './encode-plan.js';

/** A rendition with a picture that somebody asked for. */
export type RungRequest = {
  /** Lines of picture, even. */
  readonly height: number;
  /** Kilobits per second of video; chosen by size when left out. */
  readonly kbps?: number | undefined;
};

/** A ladder as somebody wrote it. */
export type LadderList = {
  /** Largest first, no two alike. */
  readonly rungs: readonly RungRequest[];
  /** The sound alone is a rendition, too. */
  readonly hasAudio: boolean;
};

/** What `--ladder` may say. */
export type LadderChoice = 'off' | 'auto' | LadderList;

/** One rendition with a picture, of one run. */
export type Rung = {
  /** `Rendition.id`: the same for the same lines of picture in every run. */
  readonly id: number;
  /** For people: `720p`. */
  readonly name: string;
  /** Pixels, even; 0 when the source has not said its size and it is not changed. */
  readonly width: number;
  /** Pixels, even; 0 when the source has not said its size and it is not changed. */
  readonly height: number;
  /** Kilobits per second of video; of a copy as measured, 0 when unknown. */
  readonly kbps: number;
  /** The source as it is, which costs nothing. */
  readonly isCopy: boolean;
};

/** The renditions of one run; at least one rung, best first. */
export type Ladder = { readonly rungs: readonly Rung[]; readonly hasAudio: boolean };

/** `Rendition.id` of the only rendition of a broadcast without a ladder. */
export const SINGLE_ID = 1;

/** `Rendition.id` of the sound alone. No picture has two lines, and lines are what other renditions go by. */
export const AUDIO_ID = 2;

/** Renditions with a picture at most: with the sound as many as a catalog may name is far above. */
export const RUNGS_MAX = 6;

/** Lines that `auto` chooses from, largest first. */
export const STANDARD_HEIGHTS: readonly number[] = [1080, 720, 480, 360, 240];

/** The next rung of `auto` has at most this part of the lines of the one above. */
const STEP_MAX = 0.75;

/** Pixels a second that libx264 `veryfast` may be given per pixel a second of what it could do: the rest is for others. */
const LOAD_MAX = 0.5;

const HEIGHT_MIN = 120;
const HEIGHT_MAX = 2160;
const KBPS_MIN = 50;
const KBPS_MAX = 200_000;

/** Reads `--ladder`; a sentence that says what it takes when it is malformed. */
export function parseLadder(
  text: string,
): { readonly ok: true; readonly choice: LadderChoice } | { readonly ok: false; readonly why: string } {
  if (text === 'off' || text === 'auto') return { ok: true, choice: text };
  const fail = (what: string): { readonly ok: false; readonly why: string } => ({
    ok: false,
    why: `--ladder takes off, auto, or a list such as 720p:3000,480p:1200,audio; ${what}.`,
  });
  const rungs: RungRequest[] = [];
  let hasAudio = false;
  for (const part of text.split(',').map((one) => one.trim().toLowerCase())) {
    if (part === 'audio') {
      hasAudio = true;
      continue;
    }
    const [, lines = '', kbpsText] = /^(\d{3,4})p(?::(\d{2,6}))?$/.exec(part) ?? [];
    const height = Number(lines);
    const kbps = kbpsText === undefined ? undefined : Number(kbpsText);
    if (lines === '') return fail(`"${part}" is none of these`);
    if (height < HEIGHT_MIN || height > HEIGHT_MAX || height % 2 !== 0)
      return fail(`lines are even and from ${HEIGHT_MIN} to ${HEIGHT_MAX}, not ${height}`);
    if (kbps !== undefined && (kbps < KBPS_MIN || kbps > KBPS_MAX))
      return fail(`a bit rate is from ${KBPS_MIN} to ${KBPS_MAX} kbit/s, not ${kbps}`);
    if (rungs.some((other) => other.height === height)) return fail(`${height}p is in it twice`);
    rungs.push({ height, kbps });
  }
  if (rungs.length === 0) return fail('there is no picture in it');
  if (rungs.length > RUNGS_MAX) return fail(`it has at most ${RUNGS_MAX} pictures`);
  rungs.sort((left, right) => right.height - left.height);
  return { ok: true, choice: { rungs, hasAudio } };
}

/** What is known when a run begins. */
export type LadderInput = {
  readonly choice: LadderChoice;
  readonly plan: EncodePlan;
  /** `--bitrate`: of the best rendition, where it is encoded. */
  readonly kbps?: number | undefined;
  /** Pixels a second that this machine encodes with libx264 `veryfast`, for `auto`. */
  readonly pixelsPerSecond?: number | undefined;
};

/**
 * The renditions of a run. Nothing is larger than its source. A source that can be passed through is the best
 * rendition as it is, with what was asked for below it; `auto` adds as many as half of the machine encodes.
 */
export function planLadder({ choice, plan, kbps, pixelsPerSecond = 0 }: LadderInput): Ladder {
  const hasSound = plan.audio !== 'none';
  const isCopy = plan.video === 'copy';
  const top = topRung(plan, kbps);
  // Without its size nobody can tell what is smaller than the source.
  if (choice === 'off' || plan.height === 0) return { rungs: [{ ...top, id: SINGLE_ID }], hasAudio: false };
  const below = (height: number): boolean => height < top.height;
  if (choice === 'auto') {
    const rungs = [top];
    let load = isCopy ? 0 : pixelRate(top, plan);
    for (const height of STANDARD_HEIGHTS) {
      if (height > (rungs.at(-1)?.height ?? 0) * STEP_MAX) continue;
      const rung = rungOf(plan, { height });
      load += pixelRate(rung, plan);
      if (load > pixelsPerSecond * LOAD_MAX) break;
      rungs.push(rung);
    }
    return { rungs, hasAudio: hasSound };
  }
  const asked = choice.rungs.filter(({ height }) => below(height)).map((rung) => rungOf(plan, rung));
  const wantsTop = choice.rungs.find(({ height }) => !below(height));
  const best: Rung[] = isCopy
    ? [top]
    : wantsTop || asked.length === 0
      ? [{ ...top, kbps: wantsTop?.kbps ?? top.kbps }]
      : [];
  return { rungs: [...best, ...asked], hasAudio: choice.hasAudio && hasSound };
}

/** The rung of `request` for a source; as wide as the source is. */
export function rungOf(plan: EncodePlan, request: RungRequest): Rung {
  const { height } = request;
  const width = Math.max(2, Math.round((plan.width * height) / plan.height / 2) * 2);
  const kbps = request.kbps ?? bitrateKbpsFor(width, height, plan.frameRateMilli);
  return { id: height, name: `${height}p`, width, height, kbps, isCopy: false };
}

function topRung(plan: EncodePlan, kbps: number | undefined): Rung {
  const isCopy = plan.video === 'copy';
  const { width, height } = isCopy ? plan : fittedSize(plan);
  const chosen = isCopy ? Math.round(plan.bitrate / 1000) : kbpsOf(plan, kbps);
  return { id: height, name: `${height}p`, width, height, kbps: chosen, isCopy };
}

/** The size at which a source is encoded: its own, unless that is too large. */
function fittedSize(plan: EncodePlan): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, PICTURE_SIDE_MAX / Math.max(plan.width, plan.height, 1));
  const even = (side: number): number => Math.floor((side * scale) / 2) * 2;
  return { width: even(plan.width), height: even(plan.height) };
}

const kbpsOf = (plan: EncodePlan, kbps: number | undefined): number =>
  kbps ?? bitrateKbpsFor(plan.width, plan.height, plan.frameRateMilli);

function pixelRate(rung: Rung, plan: EncodePlan): number {
  return (rung.width * rung.height * rateMilliOf(encodedFrameRate(plan.frameRateMilli))) / 1000;
}
