/** A tiny chart of the last values. */

import { build } from './element-builder.js';

/** Values shown; overflow: the oldest leaves on the left. */
export const SPARKLINE_VALUES = 60;

/** Draws its values into a canvas, scaled to the largest. */
export class Sparkline {
  readonly element: HTMLCanvasElement;
  #values: number[] = [];

  constructor(label: string) {
    const attributes = { role: 'img', 'aria-label': label };
    this.element = build('canvas', { className: 'sparkline', attributes });
  }

  /** Adds a value; `undefined` leaves the chart as it is. */
  add(value: number | undefined): void {
    if (value === undefined || !Number.isFinite(value)) return;
    this.#values.push(value);
    if (this.#values.length > SPARKLINE_VALUES) this.#values.shift();
  }

  /** Draws what was added, when it is on the screen. */
  draw(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    const context = this.element.getContext('2d');
    if (context === null || width === 0 || this.#values.length < 2) return;
    const density = Math.min(3, devicePixelRatio);
    this.element.width = width * density;
    this.element.height = height * density;
    context.scale(density, density);
    const top = Math.max(1, ...this.#values) * 1.15;
    const step = width / (SPARKLINE_VALUES - 1);
    const left = width - (this.#values.length - 1) * step;
    context.beginPath();
    this.#values.forEach((value, index) => {
      const y = height - 1 - (value / top) * (height - 3);
      if (index === 0) context.moveTo(left, y);
      else context.lineTo(left + index * step, y);
    });
    const { color } = getComputedStyle(this.element);
    context.strokeStyle = color;
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    context.stroke();
    context.lineTo(width, height);
    context.lineTo(left, height);
    context.globalAlpha = 0.16;
    context.fillStyle = color;
    context.fill();
  }
}
