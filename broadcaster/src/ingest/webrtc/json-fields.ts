/** Reads fields of JSON that somebody sent. Everything is bounded; what does not fit is `undefined`. */

/** An object whose fields nobody vouches for. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; arrays and `null` are none. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** A text of at most `charsMax` characters. */
export function textOf(value: unknown, charsMax: number): string | undefined {
  return typeof value === 'string' && value.length <= charsMax ? value : undefined;
}

/** A whole number in [min, max]. */
export function wholeOf(value: unknown, min: number, max: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
    ? value
    : undefined;
}

/** The elements of an array of at most `countMax`. */
export function listOf(value: unknown, countMax: number): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length <= countMax ? value : undefined;
}
