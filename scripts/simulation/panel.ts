/** One panel of a drawing: a frame with a title, two labelled axes and a grid. Coordinates in, SVG text out. */

/** What an axis shows. */
export type Axis = {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** How a tick is written. */
  readonly format: (value: number) => string;
};

/** A point in the panel's own units. */
export type Point = { readonly x: number; readonly y: number };

/** Where a panel lies in the drawing, in pixels, axes and labels included. */
export type Place = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

const PADDING = { left: 64, right: 20, top: 44, bottom: 44 };
const TICKS_X = 8;
const TICKS_Y = 4;

/** Text as SVG takes it. */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const px = (value: number): string => String(Math.round(value * 100) / 100);

/** Steps of 1, 2 or 5 times a power of ten, about `count` of them. */
export function ticksOf(min: number, max: number, count: number): number[] {
  const raw = Math.max((max - min) / count, Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const ticks: number[] = [];
  for (let index = Math.ceil(min / step); index * step <= max + step / 1e6; index++)
    ticks.push(Math.round(index * step * 1e6) / 1e6);
  return ticks;
}

/** Draws into one place. */
export class Panel {
  readonly #x: Axis;
  readonly #y: Axis;
  readonly #area: Place;
  readonly #parts: string[] = [];

  constructor(place: Place, title: string, x: Axis, y: Axis) {
    this.#x = x;
    this.#y = y;
    this.#area = {
      left: place.left + PADDING.left,
      top: place.top + PADDING.top,
      width: place.width - PADDING.left - PADDING.right,
      height: place.height - PADDING.top - PADDING.bottom,
    };
    this.#text('title', place.left + PADDING.left, place.top + 22, title);
    this.#drawGrid();
  }

  /** The whole panel. */
  get svg(): string {
    return `<g>${this.#parts.join('')}</g>`;
  }

  /** A line through points, in the colour of a class. */
  line(points: readonly Point[], className: string): void {
    if (points.length === 0) return;
    const path = points.map(({ x, y }) => `${px(this.#toX(x))} ${px(this.#toY(y))}`).join(' L ');
    this.#parts.push(`<path class="line ${className}" d="M ${path}"/>`);
  }

  /** The area below a line. */
  area(points: readonly Point[], className: string): void {
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return;
    const path = points.map(({ x, y }) => `${px(this.#toX(x))} ${px(this.#toY(y))}`).join(' L ');
    const base = px(this.#toY(this.#y.min));
    this.#parts.push(
      `<path class="area ${className}" d="M ${px(this.#toX(first.x))} ${base} L ${path} L ${px(this.#toX(last.x))} ${base} Z"/>`,
    );
  }

  /** A bar from the axis up to `y`. */
  bar(fromX: number, untilX: number, y: number, className: string): void {
    const [left, right] = [this.#toX(fromX), this.#toX(untilX)];
    const top = this.#toY(y);
    const height = this.#area.top + this.#area.height - top;
    this.#parts.push(
      `<rect class="bar ${className}" x="${px(left)}" y="${px(top)}" width="${px(Math.max(0.5, right - left - 1))}" height="${px(height)}"/>`,
    );
  }

  /** An upright line with a word at its top; `row` keeps the words of near lines apart. */
  mark(x: number, label: string, className: string, row = 0): void {
    const at = this.#toX(x);
    const { top, height, left, width } = this.#area;
    this.#parts.push(
      `<line class="mark ${className}" x1="${px(at)}" x2="${px(at)}" y1="${px(top)}" y2="${px(top + height)}"/>`,
    );
    const isRight = at > left + width * 0.85;
    this.#text(`note ${isRight ? 'end' : ''}`, at + (isRight ? -6 : 6), top + 14 + row * 17, label);
  }

  /** The words that explain the colours, at the right of the title. */
  legend(entries: readonly { readonly label: string; readonly className: string }[]): void {
    const { left, width, top } = this.#area;
    let at = left + width;
    for (const { label, className } of [...entries].reverse()) {
      at -= label.length * 6.6;
      this.#text('note', at, top - 18, label);
      at -= 18;
      this.#parts.push(
        `<rect class="key ${className}" x="${px(at)}" y="${px(top - 27)}" width="12" height="10" rx="2"/>`,
      );
      at -= 16;
    }
  }

  #drawGrid(): void {
    const { left, top, width, height } = this.#area;
    const bottom = top + height;
    for (const tick of ticksOf(this.#y.min, this.#y.max, TICKS_Y)) {
      const y = px(this.#toY(tick));
      this.#parts.push(`<line class="grid" x1="${px(left)}" x2="${px(left + width)}" y1="${y}" y2="${y}"/>`);
      this.#text('tick end', left - 8, this.#toY(tick) + 4, this.#y.format(tick));
    }
    for (const tick of ticksOf(this.#x.min, this.#x.max, TICKS_X)) {
      const x = px(this.#toX(tick));
      this.#parts.push(`<line class="grid" x1="${x}" x2="${x}" y1="${px(bottom)}" y2="${px(bottom + 4)}"/>`);
      this.#text('tick middle', this.#toX(tick), bottom + 18, this.#x.format(tick));
    }
    this.#parts.push(
      `<line class="axis" x1="${px(left)}" x2="${px(left + width)}" y1="${px(bottom)}" y2="${px(bottom)}"/>`,
    );
    this.#text('label middle', left + width / 2, bottom + 36, this.#x.label);
    const middle = top + height / 2;
    this.#parts.push(
      `<text class="label middle" transform="translate(${px(left - 48)} ${px(middle)}) rotate(-90)">${escapeText(this.#y.label)}</text>`,
    );
  }

  #text(className: string, x: number, y: number, text: string): void {
    this.#parts.push(`<text class="${className}" x="${px(x)}" y="${px(y)}">${escapeText(text)}</text>`);
  }

  #toX(value: number): number {
    const { min, max } = this.#x;
    const inside = Math.min(max, Math.max(min, value));
    return this.#area.left + ((inside - min) / (max - min)) * this.#area.width;
  }

  #toY(value: number): number {
    const { min, max } = this.#y;
    const inside = Math.min(max, Math.max(min, value));
    return this.#area.top + (1 - (inside - min) / (max - min)) * this.#area.height;
  }
}
