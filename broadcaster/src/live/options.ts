/** Reading values of command-line options. */

/** An option's value is wrong; the message is one sentence that says what it takes. */
export class OptionError extends Error {
  override readonly name: string = 'OptionError';
  readonly kind: 'bad-option' = 'bad-option';
}

/** A whole number in [min, max]. Throws an OptionError. */
export function wholeNumberOption(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new OptionError(`${name} takes a whole number from ${min} to ${max}, not "${text}".`);
  return value;
}

/** A port; `true` (the option without a value) gives `fallback`. Throws an OptionError. */
export function portOption(name: string, value: string | true, fallback: number): number {
  return value === true ? fallback : wholeNumberOption(name, value, 0, 65_535);
}

/** A size in pixels such as `1280x720`, both even. Throws an OptionError. */
export function sizeOption(name: string, text: string): { readonly width: number; readonly height: number } {
  const [, width = '', height = ''] = /^(\d{2,4})x(\d{2,4})$/.exec(text) ?? [];
  const size = { width: Number(width), height: Number(height) };
  const isFit = (value: number): boolean => value >= 160 && value <= 3840 && value % 2 === 0;
  if (!isFit(size.width) || !isFit(size.height))
    throw new OptionError(`${name} takes a size such as 1280x720, even and from 160 to 3840, not "${text}".`);
  return size;
}
