/** What happened in a run, one line an event, and a hash over all of it: two runs of one seed must agree in it. */

/** Takes finished lines; given only when somebody wants to read them. */
export type LineSink = (line: string) => void;

/** Hashes every event, and writes each as a line where there is a sink. Two 32-bit FNV-1a sums, 64 bits together. */
export class Trace {
  readonly #sink: LineSink | undefined;
  #low = 2166136261;
  #high = 0x9e3779b9;
  #count = 0;

  constructor(sink: LineSink | undefined) {
    this.#sink = sink;
  }

  /** Events so far. */
  get count(): number {
    return this.#count;
  }

  /** 16 hexadecimal digits over all events so far. */
  get hash(): string {
    const digits = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
    return digits(this.#high) + digits(this.#low);
  }

  /** Notes one event: when, whose, what, and up to two details. */
  note(
    atMs: number,
    node: string,
    what: string,
    first: number | string = '',
    second: number | string = '',
  ): void {
    this.#count++;
    this.#mixNumber(atMs * 1000);
    this.#mixText(node);
    this.#mixText(what);
    this.#mix(first);
    this.#mix(second);
    this.#sink?.(
      `${atMs.toFixed(3).padStart(12)} ${node.padEnd(12)} ${what.padEnd(12)} ${first} ${second}`.trimEnd(),
    );
  }

  #mix(value: number | string): void {
    if (typeof value === 'number') this.#mixNumber(value);
    else this.#mixText(value);
  }

  #mixNumber(value: number): void {
    const whole = Math.floor(value);
    this.#mixWord(whole >>> 0);
    this.#mixWord(Math.floor(whole / 4294967296) >>> 0);
  }

  #mixText(text: string): void {
    for (let i = 0; i < text.length; i++) this.#mixWord(text.charCodeAt(i));
    this.#mixWord(text.length);
  }

  #mixWord(word: number): void {
    this.#low = Math.imul(this.#low ^ word, 16777619);
    this.#high = Math.imul(this.#high ^ word ^ (this.#low >>> 15), 0x85ebca6b);
  }
}
