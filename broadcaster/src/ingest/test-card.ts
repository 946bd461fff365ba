/** Draws the test picture into an I420 frame. */

import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphInk } from './bitmap-font.js';
import { CLOCK_STRIP_COLUMNS, clockCellBounds, clockCells } from './clock-strip.js';

/** Pixels; both even. */
export type FrameSize = { readonly width: number; readonly height: number };

/** Smallest test picture, below which the clock's digits do not fit. */
export const TEST_CARD_SIZE_MIN: FrameSize = { width: 160, height: 120 };

const BLACK = 16;
const WHITE = 235;
const NEUTRAL = 128;
const PANEL = 38;
const TRACK = 62;

/** 75 % colour bars as Y, U, V (BT.601). */
const BARS: readonly (readonly [number, number, number])[] = [
  [180, 128, 128],
  [162, 44, 142],
  [131, 156, 44],
  [112, 72, 58],
  [84, 184, 198],
  [65, 100, 212],
  [35, 212, 114],
];

const SWEEP_PERIOD_MS = 2000;

type Rect = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

/**
 * One reusable frame: the still parts are drawn once, `draw` changes the clock, the strip and the moving disc.
 *
 * Everything that moves lies on neutral grey, so only luma changes and the edges stay sharp.
 */
export class TestCard {
  /** Pixels. */
  readonly size: FrameSize;
  /** The frame: Y, then U, then V, a quarter as large each. Overwritten by the next `draw`. */
  readonly frame: Uint8Array;
  readonly #clockBox: Rect;
  readonly #clockScale: number;
  readonly #trackBox: Rect;
  #shownClock = '';

  /** Draws the still parts. `size` must be even and at least `TEST_CARD_SIZE_MIN`. */
  constructor(size: FrameSize) {
    this.size = size;
    const { width, height } = size;
    this.frame = new Uint8Array((width * height * 3) / 2);
    const stripHeight = even((2 * width) / CLOCK_STRIP_COLUMNS);
    const bodyHeight = height - stripHeight;
    const titleScale = Math.max(1, Math.floor(width / 90));
    const captionScale = Math.max(1, Math.floor(titleScale / 3));
    this.#clockScale = Math.max(1, Math.floor((width * 0.86) / ('00:00:00.000'.length * (GLYPH_WIDTH + 1))));
    const clockHeight = this.#clockScale * GLYPH_HEIGHT;
    const clockTop = stripHeight + even(bodyHeight * 0.36);
    this.#clockBox = centred(width, clockTop, textWidth('00:00:00.000', this.#clockScale), clockHeight);
    const trackHeight = Math.max(4, even(bodyHeight * 0.06));
    const trackTop = clockTop + clockHeight + even(bodyHeight * 0.09);
    this.#trackBox = {
      left: even(width * 0.07),
      top: trackTop,
      width: even(width * 0.86),
      height: trackHeight,
    };

    this.#drawGradient(stripHeight, bodyHeight);
    this.#drawBars(even(height - bodyHeight * 0.2));
    const panelTop = even(clockTop - bodyHeight * 0.06);
    const panelBottom = trackTop + trackHeight + even(bodyHeight * 0.05);
    this.#fill(
      {
        left: even(width * 0.04),
        top: panelTop,
        width: even(width * 0.92),
        height: even(panelBottom - panelTop),
      },
      [PANEL, NEUTRAL, NEUTRAL],
    );
    const titleTop = stripHeight + even(bodyHeight * 0.06);
    this.#drawText('FRESHET', centred(width, titleTop, textWidth('FRESHET', titleScale), 0), titleScale, -1);
    const captionTop = titleTop + titleScale * GLYPH_HEIGHT + captionScale * 3;
    const caption = 'LIVE TEST PICTURE';
    this.#drawText(
      caption,
      centred(width, captionTop, textWidth(caption, captionScale), 0),
      captionScale,
      -1,
    );
  }

  /** Redraws what moves, for the instant `unixMs`. */
  draw(unixMs: number): void {
    this.#drawStrip(unixMs);
    const text = clockText(unixMs);
    const step = (GLYPH_WIDTH + 1) * this.#clockScale;
    for (let index = 0; index < text.length; index++) {
      const character = text[index] ?? ' ';
      if (character === this.#shownClock[index]) continue;
      const box = { ...this.#clockBox, left: this.#clockBox.left + index * step };
      this.#drawText(character, box, this.#clockScale, PANEL);
    }
    this.#shownClock = text;
    this.#drawSweep(unixMs);
  }

  #drawStrip(unixMs: number): void {
    clockCells(unixMs).forEach((isWhite, index) => {
      const column = index % CLOCK_STRIP_COLUMNS;
      const bounds = clockCellBounds(this.size.width, column, Math.floor(index / CLOCK_STRIP_COLUMNS));
      for (let y = bounds.top; y < bounds.bottom; y++) {
        const row = y * this.size.width;
        this.frame.fill(isWhite ? WHITE : BLACK, row + bounds.left, row + bounds.right);
      }
    });
  }

  /** A disc that glides to and fro once in `SWEEP_PERIOD_MS`. */
  #drawSweep(unixMs: number): void {
    const box = this.#trackBox;
    const phase = (unixMs % SWEEP_PERIOD_MS) / SWEEP_PERIOD_MS;
    const radius = box.height / 2;
    const centreX =
      box.left + radius + (box.width - box.height) * (0.5 - 0.5 * Math.cos(2 * Math.PI * phase));
    for (let y = 0; y < box.height; y++) {
      const row = (box.top + y) * this.size.width;
      this.frame.fill(TRACK, row + box.left, row + box.left + box.width);
      const half = Math.sqrt(Math.max(0, radius ** 2 - (y + 0.5 - radius) ** 2));
      this.frame.fill(WHITE, row + Math.round(centreX - half), row + Math.round(centreX + half));
    }
  }

  #drawText(text: string, box: Rect, scale: number, background: number): void {
    for (let index = 0; index < text.length; index++) {
      const left = box.left + index * (GLYPH_WIDTH + 1) * scale;
      for (let cell = 0; cell < GLYPH_WIDTH * GLYPH_HEIGHT; cell++) {
        const column = cell % GLYPH_WIDTH;
        const row = Math.floor(cell / GLYPH_WIDTH);
        const level = glyphInk(text[index] ?? ' ', column, row) ? WHITE : background;
        if (level < 0) continue;
        for (let y = 0; y < scale; y++) {
          const start = (box.top + row * scale + y) * this.size.width + left + column * scale;
          this.frame.fill(level, start, start + scale);
        }
      }
    }
  }

  #drawGradient(top: number, height: number): void {
    for (let y = 0; y < height; y += 2) {
      const depth = y / height;
      const colour = [Math.round(58 - 26 * depth), Math.round(150 + 14 * depth), Math.round(112 + 4 * depth)];
      this.#fill({ left: 0, top: top + y, width: this.size.width, height: 2 }, colour);
    }
    // The strip itself carries no colour.
    this.#fill({ left: 0, top: 0, width: this.size.width, height: top }, [BLACK, NEUTRAL, NEUTRAL]);
  }

  #drawBars(top: number): void {
    const { width, height } = this.size;
    BARS.forEach((colour, index) => {
      const left = even((index * width) / BARS.length);
      const right = index === BARS.length - 1 ? width : even(((index + 1) * width) / BARS.length);
      this.#fill({ left, top, width: right - left, height: height - top }, colour);
    });
  }

  #fill(rect: Rect, colour: readonly number[]): void {
    const { width, height } = this.size;
    const bottom = Math.min(rect.top + rect.height, height);
    for (let y = rect.top; y < bottom; y++) {
      const start = y * width + rect.left;
      this.frame.fill(colour[0] ?? BLACK, start, start + rect.width);
    }
    const chromaBytes = (width * height) / 4;
    for (let y = rect.top / 2; y < bottom / 2; y++) {
      const start = width * height + (y * width) / 2 + rect.left / 2;
      this.frame.fill(colour[1] ?? NEUTRAL, start, start + rect.width / 2);
      this.frame.fill(colour[2] ?? NEUTRAL, start + chromaBytes, start + chromaBytes + rect.width / 2);
    }
  }
}

/** Local wall-clock time as `HH:MM:SS.mmm`. */
export function clockText(unixMs: number): string {
  const date = new Date(unixMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}

const even = (value: number): number => Math.floor(value / 2) * 2;

const textWidth = (text: string, scale: number): number => (text.length * (GLYPH_WIDTH + 1) - 1) * scale;

const centred = (frameWidth: number, top: number, width: number, height: number): Rect => ({
  left: even((frameWidth - width) / 2),
  top,
  width,
  height,
});
