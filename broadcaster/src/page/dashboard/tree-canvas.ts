/** Draws the tree: edges in one stroke for each stripe, nodes in one fill for each kind. */

import type { PlacedNode, TreeLayout } from './tree-layout.js';

/** Where the drawing is looked at: the middle of the canvas in its units, and pixels for each. */
export type Camera = { readonly x: number; readonly y: number; readonly scale: number };

/** Colours of the page as it is shown now. */
export type Palette = {
  readonly stripes: readonly string[];
  readonly relay: string;
  readonly viewer: string;
  readonly app: string;
  readonly stalled: string;
  readonly focus: string;
  readonly ground: string;
};

/** Edges in one path: a path of ten thousand is sorted as a whole, which takes longer than many short ones. */
const EDGES_PER_PATH = 50;

/** Below this many pixels a node is a square: nobody sees the corners, and it is filled much faster. */
const ROUND_PX_MIN = 2.4;

const RADIUS = 3.4;
const RELAY_RADIUS = 9;

/** Edges and nodes that are drawn in one step: some 3 ms of drawing without a graphics card. */
const EDGES_PER_STEP = 2_500;
const NODES_PER_STEP = 5_000;

/** Canvas in CSS pixels; `ratio` is the screen's. */
export type CanvasSize = { readonly width: number; readonly height: number; readonly ratio: number };

/** What places on the canvas become. */
type Projection = { toX(x: number): number; toY(y: number): number };

/** Where the camera has the places of the layout, in CSS pixels. */
export function projectionOf({ width, height }: CanvasSize, { x, y, scale }: Camera): Projection {
  return {
    toX: (placeX) => (placeX - x) * scale + width / 2,
    toY: (placeY) => (placeY - y) * scale + height / 2,
  };
}

/** Draws all that is seen, in steps: whoever draws goes on with the next one when there is time. */
export function* paintTree(
  context: OffscreenCanvasRenderingContext2D,
  size: CanvasSize,
  { nodes, stripes }: Pick<TreeLayout, 'nodes' | 'stripes'>,
  camera: Camera,
  palette: Palette,
): Generator<void, void, void> {
  const { scale } = camera;
  const projection = projectionOf(size, camera);
  const all = [...nodes.values()];
  context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  const isMany = all.length > 600;
  context.lineWidth = Math.min(1.5, Math.max(isMany ? 0.5 : 0.9, scale * 0.9));
  for (let stripe = 0; stripe < stripes; stripe++) {
    for (let from = 0; from < all.length; from += EDGES_PER_STEP) {
      context.strokeStyle = palette.stripes[stripe % palette.stripes.length] ?? palette.viewer;
      context.globalAlpha = isMany ? 0.34 : 0.6;
      strokeEdges(context, all.slice(from, from + EDGES_PER_STEP), nodes, stripe, projection);
      yield;
    }
  }
  context.globalAlpha = 1;
  for (const kind of ['viewer', 'app', 'stalled', 'relay'] as const) {
    const isOf = ({ kind: own, isStalled }: PlacedNode): boolean =>
      kind === (isStalled && own !== 'relay' ? 'stalled' : own);
    context.fillStyle = palette[kind];
    const isRelay = kind === 'relay';
    const radius = Math.max(isRelay ? 4 : 1, (isRelay ? RELAY_RADIUS : RADIUS) * Math.min(scale, 2.2));
    const own = all.filter(isOf);
    for (let from = 0; from < own.length; from += NODES_PER_STEP)
      fillNodes(context, own.slice(from, from + NODES_PER_STEP), radius, projection, size);
  }
}

/** Bends each stripe's edges to its own side, so that two stripes from one parent are seen apart. */
function strokeEdges(
  context: OffscreenCanvasRenderingContext2D,
  children: readonly PlacedNode[],
  nodes: TreeLayout['nodes'],
  stripe: number,
  { toX, toY }: Projection,
): void {
  const aside = stripe === 0 ? 0 : (stripe % 2 === 0 ? 1 : -1) * Math.ceil(stripe / 2) * 1.6;
  let count = 0;
  context.beginPath();
  for (const node of children) {
    const parent = nodes.get(node.parents[stripe] ?? 0);
    if (!parent) continue;
    context.moveTo(toX(parent.x) + aside, toY(parent.y) + aside);
    context.lineTo(toX(node.x) + aside, toY(node.y) + aside);
    if (++count % EDGES_PER_PATH !== 0) continue;
    context.stroke();
    context.beginPath();
  }
  context.stroke();
}

function fillNodes(
  context: OffscreenCanvasRenderingContext2D,
  nodes: readonly PlacedNode[],
  radius: number,
  { toX, toY }: Projection,
  { width, height }: CanvasSize,
): void {
  const isRound = radius >= ROUND_PX_MIN;
  let count = 0;
  context.beginPath();
  for (const node of nodes) {
    const x = toX(node.x);
    const y = toY(node.y);
    if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
    if (!isRound) {
      // On whole pixels: nothing has to be blended.
      const side = Math.round(2 * radius);
      context.fillRect(Math.round(x - radius), Math.round(y - radius), side, side);
      continue;
    }
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
    if (++count % EDGES_PER_PATH !== 0) continue;
    context.fill();
    context.beginPath();
  }
  context.fill();
}

/** The node in focus, with the ways that lead to it. */
export function drawFocus(
  context: CanvasRenderingContext2D,
  { nodes, stripes }: Pick<TreeLayout, 'nodes' | 'stripes'>,
  focused: PlacedNode,
  palette: Palette,
  { toX, toY }: Projection,
): void {
  context.lineWidth = 2;
  for (let stripe = 0; stripe < stripes; stripe++) {
    context.strokeStyle = palette.stripes[stripe % palette.stripes.length] ?? palette.focus;
    context.beginPath();
    let node: PlacedNode | undefined = focused;
    // Words may lead in a circle.
    for (let step = 0; node && step < 64; step++) {
      const parent: PlacedNode | undefined = nodes.get(node.parents[stripe] ?? 0);
      if (!parent) break;
      context.moveTo(toX(node.x), toY(node.y));
      context.lineTo(toX(parent.x), toY(parent.y));
      node = parent;
    }
    context.stroke();
  }
  context.strokeStyle = palette.focus;
  context.beginPath();
  context.arc(toX(focused.x), toY(focused.y), focused.kind === 'relay' ? 13 : 8, 0, 2 * Math.PI);
  context.stroke();
}
