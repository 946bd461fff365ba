/** Titles, descriptions and times as people give them. */

import { Limits } from '@freshet/proto';
import { ShowError } from './show-error.js';

/** Furthest that a start may lie ahead. */
export const START_AHEAD_MS_MAX: number = 366 * 86_400_000;

/** A title of at most 256 characters in one line. Throws a ShowError. */
export function readTitle(text: string): string {
  const title = text.replace(/\s+/g, ' ').trim();
  if (title === '') throw new ShowError('A title has at least one character.');
  if (title.length > Limits.TEXT_LENGTH_MAX)
    throw new ShowError(
      `A title has at most ${Limits.TEXT_LENGTH_MAX} characters; this one has ${title.length}.`,
    );
  return withoutControls(title);
}

/** A description of at most 2,000 characters, lines kept; `undefined` for an empty one. Throws a ShowError. */
export function readDescription(text: string): string | undefined {
  const description = withoutControls(text.replaceAll('\r\n', '\n').replaceAll('\t', ' ')).trim();
  const { DESCRIPTION_LENGTH_MAX: max } = Limits;
  if (description.length > max)
    throw new ShowError(`A description has at most ${max} characters; this one has ${description.length}.`);
  return description === '' ? undefined : description;
}

/** Control characters but the line break: catalogs with others are refused by their readers. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, '');
}

/**
 * A start in Unix milliseconds from `20:00` (today, or tomorrow if that has passed, local time) or an ISO 8601 time.
 * Throws a ShowError for anything else, for the past and for more than a year ahead.
 */
export function readStart(text: string, nowMs: number): number {
  const startsMs = parseStart(text.trim(), nowMs);
  if (startsMs === undefined || Number.isNaN(startsMs))
    throw new ShowError(`A start is a time such as 20:00 or 2030-01-31T20:00, not "${text.slice(0, 40)}".`);
  if (startsMs <= nowMs) throw new ShowError('That time has passed; choose one that is still to come.');
  if (startsMs - nowMs > START_AHEAD_MS_MAX) throw new ShowError('A start lies at most a year ahead.');
  return startsMs;
}

function parseStart(text: string, nowMs: number): number | undefined {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined)
    return /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) ? Date.parse(text.replace(' ', 'T')) : undefined;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const day = new Date(nowMs);
  day.setHours(Number(hours), Number(minutes), 0, 0);
  // By the calendar, not by 24 hours: a night may have 23 or 25.
  if (day.getTime() <= nowMs) day.setDate(day.getDate() + 1);
  return day.getTime();
}
