/**
 * Shows the tree without missing a frame of the screen, however large it is: it is drawn a step a frame beside what is
 * shown, and exchanged when it is whole. Until then a moved camera shows the drawing before, moved along.
 */

import {
  type Camera,
  type CanvasSize,
  drawFocus,
  type Palette,
  paintTree,
  projectionOf,
} from './tree-canvas.js';
import type { PlacedNode, TreeLayout } from './tree-layout.js';

/** What is to be seen. */
export type Scene = {
  readonly size: CanvasSize;
  readonly layout: Pick<TreeLayout, 'nodes' | 'stripes'>;
  readonly camera: Camera;
  readonly palette: Palette;
  readonly focused: PlacedNode | undefined;
};

type Drawing = { readonly canvas: OffscreenCanvas; readonly camera: Camera; readonly size: CanvasSize };
type Pass = Drawing & { readonly steps: Generator<void, void, void> };

/** A rectangle in CSS pixels. */
export type Place = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** Where a drawing that was made for one camera lies for another one. */
export function carriedOver(size: Pick<CanvasSize, 'width' | 'height'>, from: Camera, to: Camera): Place {
  const stretch = to.scale / from.scale;
  const width = size.width * stretch;
  const height = size.height * stretch;
  return {
    x: (size.width - width) / 2 + (from.x - to.x) * to.scale,
    y: (size.height - height) / 2 + (from.y - to.y) * to.scale,
    width,
    height,
  };
}

/** Draws into one canvas. */
export class TreePainter {
  readonly #context: CanvasRenderingContext2D;
  #shown: Drawing | undefined;
  #pass: Pass | undefined;
  #isStale = true;

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  /** The tree, the colours or the size have changed. A moved camera is noticed by itself. */
  markStale(): void {
    this.#isStale = true;
  }

  /** One frame. Returns whether another one is needed to show everything as it is. */
  frame(scene: Scene): boolean {
    const isMoved = this.#shown !== undefined && !isSame(this.#shown.camera, scene.camera);
    if (!this.#pass && (this.#isStale || isMoved)) this.#begin(scene);
    const pass = this.#pass;
    if (pass?.steps.next().done) {
      this.#shown = pass;
      this.#pass = undefined;
    }
    this.#show(scene);
    return this.#pass !== undefined || this.#isStale || !isSame(this.#shown?.camera, scene.camera);
  }

  #begin({ size, layout, camera, palette }: Scene): void {
    const { width, height, ratio } = size;
    const canvas = new OffscreenCanvas(Math.round(width * ratio), Math.round(height * ratio));
    const context = canvas.getContext('2d');
    this.#isStale = false;
    if (!context) return;
    this.#pass = { canvas, camera, size, steps: paintTree(context, size, layout, camera, palette) };
  }

  #show({ size, layout, camera, palette, focused }: Scene): void {
    const context = this.#context;
    context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    if (this.#shown) {
      const { x, y, width, height } = carriedOver(this.#shown.size, this.#shown.camera, camera);
      context.drawImage(this.#shown.canvas, x, y, width, height);
    }
    if (focused) drawFocus(context, layout, focused, palette, projectionOf(size, camera));
  }
}

function isSame(a: Camera | undefined, b: Camera): boolean {
  return a?.x === b.x && a.y === b.y && a.scale === b.scale;
}
