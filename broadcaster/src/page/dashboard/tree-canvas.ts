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

/** Draws all that is seen. Sizes in CSS pixels; `ratio` is the screen's. */
export function drawTree(
  context: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number; readonly ratio: number },
  layout: TreeLayout,
  camera: Camera,
  palette: Palette,
  focused: PlacedNode | undefined,
): void {
  const { width, height, ratio } = size;
  const { scale } = camera;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const toX = (x: number): number => (x - camera.x) * scale + width / 2;
  const toY = (y: number): number => (y - camera.y) * scale + height / 2;
  const isMany = layout.nodes.size > 600;
  context.lineWidth = Math.min(1.5, Math.max(isMany ? 0.5 : 0.9, scale * 0.9));
  for (let stripe = 0; stripe < layout.stripes; stripe++) {
    context.strokeStyle = palette.stripes[stripe % palette.stripes.length] ?? palette.viewer;
    context.globalAlpha = isMany ? 0.34 : 0.6;
    strokeEdges(context, layout, stripe, toX, toY);
  }
  context.globalAlpha = 1;
  const kinds: Record<'viewer' | 'app' | 'stalled' | 'relay', PlacedNode[]> = {
    viewer: [],
    app: [],
    stalled: [],
    relay: [],
  };
  for (const node of layout.nodes.values())
    kinds[node.isStalled && node.kind !== 'relay' ? 'stalled' : node.kind].push(node);
  for (const kind of ['viewer', 'app', 'stalled', 'relay'] as const) {
    context.fillStyle = palette[kind];
    const radius = Math.max(
      kind === 'relay' ? 4 : 1,
      (kind === 'relay' ? RELAY_RADIUS : RADIUS) * Math.min(scale, 2.2),
    );
    fillNodes(context, kinds[kind], radius, toX, toY, size);
  }
  if (focused) drawFocus(context, layout, focused, palette, toX, toY);
}

/** Bends each stripe's edges to its own side, so that two stripes from one parent are seen apart. */
function strokeEdges(
  context: CanvasRenderingContext2D,
  { nodes }: TreeLayout,
  stripe: number,
  toX: (x: number) => number,
  toY: (y: number) => number,
): void {
  const aside = stripe === 0 ? 0 : (stripe % 2 === 0 ? 1 : -1) * Math.ceil(stripe / 2) * 1.6;
  let count = 0;
  context.beginPath();
  for (const node of nodes.values()) {
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
  context: CanvasRenderingContext2D,
  nodes: readonly PlacedNode[],
  radius: number,
  toX: (x: number) => number,
  toY: (y: number) => number,
  { width, height }: { readonly width: number; readonly height: number },
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
function drawFocus(
  context: CanvasRenderingContext2D,
  { nodes, stripes }: TreeLayout,
  focused: PlacedNode,
  palette: Palette,
  toX: (x: number) => number,
  toY: (y: number) => number,
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
