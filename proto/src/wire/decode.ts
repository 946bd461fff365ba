/** Checks that every decoder shares. Decoders are total: any bytes give a value or `undefined`, never a throw. */

/** Runs a generated decoder; `undefined` when the bytes are not such a message or exceed `bytesMax`. */
export function decodeWith<T>(
  decode: (bytes: Uint8Array) => T,
  bytes: Uint8Array,
  bytesMax: number,
): T | undefined {
  if (bytes.length > bytesMax) return undefined;
  try {
    return decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether `value` is a whole number in [0, max]; `max` defaults to what a double holds exactly. */
export function isCount(
  value: number | null | undefined,
  max: number = Number.MAX_SAFE_INTEGER,
): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max;
}

/** Whether `value` is a byte array of exactly `length` bytes. */
export function isBytes(value: Uint8Array | null | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

/** Whether `value` is a text of at most `lengthMax` characters, which may have several lines. */
export function isLongText(value: string | null | undefined, lengthMax: number): value is string {
  return (
    typeof value === 'string' && value.length <= lengthMax && isText(value.replaceAll('\n', ''), lengthMax)
  );
}

/** Whether `value` is a text of at most `lengthMax` characters without control characters. */
export function isText(value: string | null | undefined, lengthMax: number): value is string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return typeof value === 'string' && value.length <= lengthMax && !/[\u0000-\u001f\u007f]/.test(value);
}
