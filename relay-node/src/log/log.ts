/** The log of a command: lines with a time and a level, people's addresses made unreadable, in one place. */

/** How lines are written. */
export const LOG_FORMATS = ['text', 'json'] as const;

/** How important a line is, from the least on. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** See {@link LOG_FORMATS}. */
export type LogFormat = (typeof LOG_FORMATS)[number];

/** See {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What belongs to a line, by name. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** Takes what is to be logged. */
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/** What a log is made of. */
export type LogOptions = {
  readonly format: LogFormat;
  /** Lines less important than this are left out. */
  readonly level: LogLevel;
  /** Takes whole lines, each with its line end. */
  readonly write: (line: string) => void;
  /** Unix milliseconds. */
  readonly nowMs: () => number;
  /** Makes addresses of people unreadable; runs over every text that is written. */
  readonly redact: (text: string) => string;
};

/** Longest text of a message or a field; what is beyond is cut off, since some of it comes from the network. */
export const LOG_CHARS_MAX = 2_000;

// What would break a line, or do something to a terminal. C1 controls are among them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not pass
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** Makes a log. */
export function createLog(options: LogOptions): Log {
  const { format, write, nowMs, redact } = options;
  const rankMin = LOG_LEVELS.indexOf(options.level);
  const clean = (text: string): string => redact(text.replace(UNPRINTABLE, ' ').slice(0, LOG_CHARS_MAX));
  return (level, message, fields = {}) => {
    if (LOG_LEVELS.indexOf(level) < rankMin) return;
    const time = new Date(nowMs()).toISOString();
    const cleaned = Object.entries(fields).map(
      ([name, value]) => [name, typeof value === 'string' ? clean(value) : value] as const,
    );
    if (format === 'json') {
      write(`${JSON.stringify({ ...Object.fromEntries(cleaned), time, level, message: clean(message) })}\n`);
      return;
    }
    const rest = cleaned.map(([name, value]) => ` ${name}=${quoted(value)}`).join('');
    write(`${time} ${level.padEnd(5)} ${clean(message)}${rest}\n`);
  };
}

function quoted(value: string | number | boolean): string {
  const text = String(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
