/** The tree on the page: canvas, pointer, wheel, keys, and words for the node in focus. */

import type { TreeChange } from '../../audience/dashboard-wire.js';
import { build } from '../dom/build.js';
import { NodeFinder } from './node-finder.js';
import type { Camera, CanvasSize, Palette } from './tree-canvas.js';
import { type PlacedNode, TreeLayout } from './tree-layout.js';
import { TreePainter } from './tree-painter.js';
import { nodeFacts } from './words.js';

const ZOOM_MAX = 8;
const STRIPES_SHOWN = 8;
const HOVER_PX = 14;
const DRAG_PX = 4;
const HINT =
  'Point at a node, or press the arrow keys here, to see its figures. Nobody is shown by name or address.';
const ARROWS = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' } as const;
const isArrow = (key: string): key is keyof typeof ARROWS => Object.hasOwn(ARROWS, key);

/** The name of a frame's drawing in the browser's timeline (User Timing). */
const MEASURE = 'tree frame';

/** Shows the tree and follows it. */
export class TreeView {
  readonly element: HTMLElement;
  readonly #canvas = build('canvas', {
    attributes: { tabindex: '0', role: 'application', 'aria-label': 'Tree of relays and viewers' },
  });
  readonly #facts = build('p', { className: 'facts', text: HINT, attributes: { 'aria-live': 'polite' } });
  readonly #layout = new TreeLayout();
  readonly #painter: TreePainter | undefined;
  #finder: NodeFinder | undefined;
  #focused: PlacedNode | undefined;
  #palette: Palette | undefined;
  /** `undefined`: all of the tree is in view. */
  #camera: Camera | undefined;
  #size: CanvasSize = { width: 0, height: 0, ratio: 1 };
  #isDirty = false;

  constructor() {
    const context = this.#canvas.getContext('2d');
    if (context) this.#painter = new TreePainter(context);
    const zoom = (label: string, text: string, act: () => void): HTMLElement => {
      const button = build('button', {
        text,
        attributes: { type: 'button', 'aria-label': label, title: label },
      });
      button.addEventListener('click', act);
      return button;
    };
    const tools = build('div', {
      className: 'tools',
      children: [
        zoom('Zoom in', '+', () => this.#zoomBy(1.5)),
        zoom('Zoom out', '−', () => this.#zoomBy(1 / 1.5)),
        zoom('Show everything', '⤢', () => this.#look(undefined)),
      ],
    });
    const stage = build('div', { className: 'stage', children: [this.#canvas, tools] });
    this.element = build('div', { className: 'tree', children: [stage, this.#facts] });
    new ResizeObserver(() => this.#resize()).observe(this.#canvas);
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => {
      this.#palette = undefined;
      this.#repaint();
    });
    this.#listen();
  }

  /** Takes what changed. */
  apply(change: TreeChange): void {
    this.#layout.apply(change);
    this.#finder = undefined;
    const { nodes } = this.#layout;
    if (this.#focused) this.#focus(nodes.get(this.#focused.id));
    this.#canvas.setAttribute('aria-label', `Tree of relays and viewers, ${nodes.size} nodes shown`);
    this.#canvas.dataset.nodes = String(nodes.size);
    this.#repaint();
  }

  /** What was drawn is not the tree any more. */
  #repaint(): void {
    this.#painter?.markStale();
    this.#redraw();
  }

  /** Draws with the next frame of the screen, once for however much has changed. */
  #redraw(): void {
    if (this.#isDirty) return;
    this.#isDirty = true;
    requestAnimationFrame(() => {
      this.#isDirty = false;
      this.#draw();
    });
  }

  #draw(): void {
    if (!this.#painter || this.#size.width === 0) return;
    const start = performance.now();
    this.#palette ??= readPalette(this.element);
    const isUnfinished = this.#painter.frame({
      size: this.#size,
      layout: this.#layout,
      camera: this.#view,
      palette: this.#palette,
      focused: this.#focused,
    });
    if (isUnfinished) this.#redraw();
    performance.measure(MEASURE, { start, end: performance.now() });
    // Observers have it by now; the timeline would grow without end.
    performance.clearMeasures(MEASURE);
  }

  get #view(): Camera {
    return this.#camera ?? this.#whole;
  }

  get #whole(): Camera {
    const { x, y, radius } = this.#layout.bounds;
    const { width, height } = this.#size;
    return { x, y, scale: Math.min(2, (0.94 * Math.min(width, height)) / (2 * Math.max(radius, 60))) };
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const ratio = Math.min(2, devicePixelRatio);
    this.#size = { width, height, ratio };
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#repaint();
  }

  #look(camera: Camera | undefined): void {
    this.#camera = camera;
    this.#redraw();
  }

  /** Keeps what is at this place of the canvas where it is. */
  #zoomBy(factor: number, at: { readonly x: number; readonly y: number } = this.#middle): void {
    const { x, y, scale } = this.#view;
    const next = Math.min(ZOOM_MAX, scale * factor);
    if (next <= this.#whole.scale) return this.#look(undefined);
    const [aside, above] = [at.x - this.#middle.x, at.y - this.#middle.y];
    const change = 1 / scale - 1 / next;
    this.#look({ x: x + aside * change, y: y + above * change, scale: next });
  }

  get #middle(): { readonly x: number; readonly y: number } {
    return { x: this.#size.width / 2, y: this.#size.height / 2 };
  }

  #focus(node: PlacedNode | undefined): void {
    const words = node ? nodeFacts(node).join(' · ') : HINT;
    if (this.#facts.textContent !== words) this.#facts.textContent = words;
    if (node === this.#focused) return;
    this.#focused = node;
    this.#redraw();
  }

  #listen(): void {
    const canvas = this.#canvas;
    let from: { x: number; y: number; camera: Camera } | undefined;
    canvas.addEventListener('pointerdown', ({ offsetX: x, offsetY: y, pointerId }) => {
      from = { x, y, camera: this.#view };
      canvas.setPointerCapture(pointerId);
    });
    canvas.addEventListener('pointermove', ({ offsetX: x, offsetY: y }) => {
      if (!from) return this.#focus(this.#at(x, y));
      const [aside, below] = [x - from.x, y - from.y];
      const { camera } = from;
      if (Math.hypot(aside, below) > DRAG_PX)
        this.#look({ ...camera, x: camera.x - aside / camera.scale, y: camera.y - below / camera.scale });
    });
    const release = ({ offsetX: x, offsetY: y }: PointerEvent): void => {
      if (from && Math.hypot(x - from.x, y - from.y) <= DRAG_PX) this.#focus(this.#at(x, y));
      from = undefined;
    };
    canvas.addEventListener('pointerup', release);
    canvas.addEventListener('pointercancel', release);
    canvas.addEventListener('pointerleave', () => this.#focus(undefined));
    canvas.addEventListener(
      'wheel',
      (event) => {
        // The page scrolls on by itself where there is nothing to zoom out of.
        if (event.deltaY > 0 && !this.#camera) return;
        event.preventDefault();
        this.#zoomBy(Math.exp(-event.deltaY / 400), { x: event.offsetX, y: event.offsetY });
      },
      { passive: false },
    );
    canvas.addEventListener('keydown', (event) => this.#onKey(event));
  }

  #onKey(event: KeyboardEvent): void {
    const { key } = event;
    if (isArrow(key)) this.#focus(this.#found.next(this.#focused, ARROWS[key]) ?? this.#focused);
    else if (key === '+' || key === '=') this.#zoomBy(1.5);
    else if (key === '-') this.#zoomBy(1 / 1.5);
    else if (key === '0') this.#look(undefined);
    else if (key === 'Escape') this.#focus(undefined);
    else return;
    event.preventDefault();
  }

  #at(x: number, y: number): PlacedNode | undefined {
    const camera = this.#view;
    const place = {
      x: camera.x + (x - this.#middle.x) / camera.scale,
      y: camera.y + (y - this.#middle.y) / camera.scale,
    };
    return this.#found.at(place.x, place.y, HOVER_PX / camera.scale);
  }

  get #found(): NodeFinder {
    this.#finder ??= new NodeFinder(this.#layout.nodes);
    return this.#finder;
  }
}

function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    stripes: Array.from({ length: STRIPES_SHOWN }, (_, stripe) => colour(`--stripe-${stripe}`)),
    relay: colour('--accent'),
    viewer: colour('--node'),
    app: colour('--node-app'),
    stalled: colour('--bad'),
    focus: colour('--text'),
    ground: colour('--ground'),
  };
}
