/** Chapters of a recording: in the movie box, where players look for them, and as WebVTT beside the file. */

import { box, fullBox, u32, u64 } from './box-writer.js';

/** A named moment of a recording. */
export type Chapter = {
  /** From the beginning of the file. */
  readonly atMs: number;
  readonly title: string;
};

/** Chapters in a movie box, whose count is one byte; later ones are in the WebVTT file only. */
export const CHAPTERS_MAX = 255;

/** Bytes of a title in a movie box, whose length is one byte; longer ones are cut at a character. */
const TITLE_BYTES_MAX = 255;

/** Units of 100 ns in a millisecond: the clock of `chpl`. */
const TICKS_PER_MS = 10_000;

/**
 * `udta` with a `chpl`, the chapter list that Nero's tools introduced and that ffmpeg, VLC and mpv read; nothing for no
 * chapters. Players count a chapter until the next one begins, so a first chapter at 0 is added where none is.
 */
export function writeChapters(chapters: readonly Chapter[]): Uint8Array {
  const all = withBeginning(chapters).slice(0, CHAPTERS_MAX);
  if (all.length === 0) return new Uint8Array(0);
  const entries = all.flatMap(({ atMs, title }) => {
    const text = utf8(title, TITLE_BYTES_MAX);
    return [u64(Math.max(0, Math.round(atMs)) * TICKS_PER_MS), Uint8Array.of(text.length), text];
  });
  return box('udta', fullBox('chpl', 1, 0, u32(0), Uint8Array.of(all.length), ...entries));
}

/** Chapters as a WebVTT file (W3C WebVTT §4.1): each lasts until the next one, the last until `endMs`. */
export function chaptersToVtt(chapters: readonly Chapter[], endMs: number): string {
  const all = withBeginning(chapters);
  const cues = all.map(({ atMs, title }, index) => {
    const until = Math.max(all[index + 1]?.atMs ?? endMs, atMs + 1);
    return `${vttTime(atMs)} --> ${vttTime(until)}\n${vttText(title)}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

function withBeginning(chapters: readonly Chapter[]): readonly Chapter[] {
  const sorted = [...chapters].sort((a, b) => a.atMs - b.atMs);
  const [first] = sorted;
  return first === undefined || first.atMs <= 0 ? sorted : [{ atMs: 0, title: 'Start' }, ...sorted];
}

function vttTime(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3_600_000), Math.floor(whole / 60_000) % 60];
  const seconds = Math.floor(whole / 1000) % 60;
  return `${two(hours)}:${two(minutes)}:${two(seconds)}.${String(whole % 1000).padStart(3, '0')}`;
}

/** A cue ends with an empty line and may hold no arrow; `&` and `<` begin markup. */
function vttText(title: string): string {
  return title.replace(/\s+/g, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('-->', '→');
}

/** UTF-8 (RFC 3629) of the first characters that fit; the core has no TextEncoder. */
function utf8(text: string, bytesMax: number): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const encoded = utf8Of(character.codePointAt(0) ?? 0);
    if (bytes.length + encoded.length > bytesMax) break;
    bytes.push(...encoded);
  }
  return Uint8Array.from(bytes);
}

function utf8Of(point: number): readonly number[] {
  const tail = (shift: number): number => 0x80 | ((point >> shift) & 0x3f);
  // A lone surrogate has no UTF-8.
  if (point >= 0xd800 && point <= 0xdfff) return [0xef, 0xbf, 0xbd];
  if (point < 0x80) return [point];
  if (point < 0x800) return [0xc0 | (point >> 6), tail(0)];
  if (point < 0x1_0000) return [0xe0 | (point >> 12), tail(6), tail(0)];
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)];
}
