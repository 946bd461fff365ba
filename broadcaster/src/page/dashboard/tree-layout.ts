/** Where every node of the tree is drawn. Pure; what comes in is what the socket says. */

import { NODE_FIELDS, type NodeNumbers, type TreeChange } from '../../audience/dashboard-wire.js';
import { type Seat, TreeCell } from './tree-cell.js';

/** A node with its place. */
export type PlacedNode = {
  readonly id: number;
  kind: 'relay' | 'viewer' | 'app';
  depth: number;
  uplink: number;
  carried: number;
  latency: number;
  isStalled: boolean;
  /** For each stripe its parent's number, 0 for none that is known. */
  parents: readonly number[];
  x: number;
  y: number;
};

type Entry = PlacedNode & { cell: number; seat: Seat | undefined };

const KINDS = ['relay', 'viewer', 'app'] as const;
/** Parents walked through to find a viewer's relay: hostile words may lead in circles. */
const STEPS_MAX = 64;
/** Room between the cells of two relays. */
const GAP = 26;

/** The area that the drawing takes. */
export type Bounds = { readonly x: number; readonly y: number; readonly radius: number };

/** Keeps the nodes and their places. */
export class TreeLayout {
  readonly #nodes = new Map<number, Entry>();
  /** By the relay's number. */
  readonly #cells = new Map<number, TreeCell>();
  #stripes = 1;
  #radius = 40;
  #root = 0;
  #arranged = '';

  /** Every node. */
  get nodes(): ReadonlyMap<number, PlacedNode> {
    return this.#nodes;
  }

  /** Stripes that are drawn. */
  get stripes(): number {
    return this.#stripes;
  }

  /** What the drawing takes, around the broadcaster in the middle. */
  get bounds(): Bounds {
    return { x: 0, y: 0, radius: this.#radius };
  }

  /** Takes what changed. Those who stay keep their places unless their ring has to be made anew. */
  apply(change: TreeChange): void {
    this.#stripes = change.stripes;
    if (change.isFull) {
      this.#nodes.clear();
      this.#cells.clear();
    }
    for (const id of change.gone) this.#remove(id);
    const fresh: Entry[] = [];
    for (const numbers of change.set) {
      const entry = this.#take(numbers);
      if (entry) fresh.push(entry);
    }
    this.#findRoot();
    for (const entry of fresh) this.#seat(entry);
    this.#reseat();
    this.#arrange();
  }

  #take(numbers: NodeNumbers): Entry | undefined {
    const [id = 0, kind = 1, depth = 0, uplink = 0, carried = 0, latency = 0, stalled = 0] = numbers;
    const figures = {
      kind: KINDS[kind] ?? 'viewer',
      depth,
      uplink,
      carried,
      latency,
      isStalled: stalled === 1,
    };
    const parents = numbers.slice(NODE_FIELDS);
    const known = this.#nodes.get(id);
    if (known) {
      const isMoved = known.depth !== depth || known.kind !== figures.kind;
      Object.assign(known, figures, { parents });
      if (!isMoved) return undefined;
      this.#unseat(known);
      return known;
    }
    const entry: Entry = { id, ...figures, parents, x: 0, y: 0, cell: 0, seat: undefined };
    this.#nodes.set(id, entry);
    return entry;
  }

  #remove(id: number): void {
    const entry = this.#nodes.get(id);
    if (!entry) return;
    this.#unseat(entry);
    this.#nodes.delete(id);
    // Its viewers follow in the same message or soon; until then they stand around the middle.
    if (this.#cells.delete(id))
      for (const other of this.#nodes.values()) if (other.cell === id) other.seat = undefined;
  }

  /** The broadcaster's own relay: the first that is not below anything. */
  #findRoot(): void {
    if (this.#nodes.get(this.#root)?.kind === 'relay') return;
    this.#root = 0;
    for (const { id, kind, depth } of this.#nodes.values()) {
      if (kind !== 'relay' || depth > 0) continue;
      this.#root = id;
      return;
    }
  }

  #seat(entry: Entry): void {
    if (entry.kind === 'relay') {
      this.#cellOf(entry.id);
      return;
    }
    const relay = this.#relayOf(entry);
    entry.cell = relay?.id ?? this.#root;
    entry.seat = this.#cellOf(entry.cell).take(entry.depth - (relay?.depth ?? 0));
  }

  #unseat(entry: Entry): void {
    if (entry.seat) this.#cells.get(entry.cell)?.leave(entry.seat);
    entry.seat = undefined;
  }

  #cellOf(id: number): TreeCell {
    const known = this.#cells.get(id);
    if (known) return known;
    const cell = new TreeCell();
    this.#cells.set(id, cell);
    return cell;
  }

  /** The relay that a viewer hangs below, by whichever stripe leads to one. */
  #relayOf(entry: Entry): Entry | undefined {
    for (let stripe = 0; stripe < entry.parents.length; stripe++) {
      let node: Entry | undefined = entry;
      for (let step = 0; node && node.kind !== 'relay' && step < STEPS_MAX; step++)
        node = this.#nodes.get(node.parents[stripe] ?? 0);
      if (node?.kind === 'relay') return node;
    }
    return this.#nodes.get(this.#root);
  }

  /** Seats those without a place, and all of a cell that has become too empty. */
  #reseat(): void {
    const sparse = new Set([...this.#cells].filter(([, cell]) => cell.isSparse).map(([id]) => id));
    for (const id of sparse) this.#cells.get(id)?.clear();
    for (const entry of this.#nodes.values())
      if (entry.kind !== 'relay' && (entry.seat === undefined || sparse.has(entry.cell))) this.#seat(entry);
  }

  /** Puts the cells next to each other, when they have changed their size, and everybody into their places. */
  #arrange(): void {
    const sizes: string[] = [];
    for (const [id, cell] of this.#cells) sizes.push(`${id}:${cell.version}:${this.#parentOf(id)}`);
    const arranged = sizes.join(' ');
    if (arranged !== this.#arranged) {
      this.#arranged = arranged;
      const below = new Map<number, number[]>();
      for (const id of this.#cells.keys()) {
        if (id === this.#root) continue;
        const parent = this.#parentOf(id);
        below.set(parent, [...(below.get(parent) ?? []), id]);
      }
      this.#radius = this.#spread(this.#root, below, 0, 0, 0, 0);
    }
    for (const entry of this.#nodes.values()) {
      if (!entry.seat) continue;
      const hub = this.#nodes.get(entry.cell);
      const point = this.#cells.get(entry.cell)?.pointOf(entry.seat);
      entry.x = (hub?.x ?? 0) + (point?.x ?? 0);
      entry.y = (hub?.y ?? 0) + (point?.y ?? 0);
    }
  }

  /** The relay above a relay: the broadcaster's where none is known, or words lead in a circle. */
  #parentOf(id: number): number {
    let above = this.#nodes.get(this.#nodes.get(id)?.parents[0] ?? 0);
    const parent = above?.kind === 'relay' ? above.id : this.#root;
    for (let step = 0; above && step < STEPS_MAX; step++) {
      if (above.id === this.#root) return parent;
      above = this.#nodes.get(above.parents[0] ?? 0);
    }
    return this.#root;
  }

  /** Places a cell and those below it around it; returns the radius of it all. `away` is the angle to its own parent. */
  #spread(
    id: number,
    below: ReadonlyMap<number, readonly number[]>,
    x: number,
    y: number,
    away: number,
    level: number,
  ): number {
    const entry = this.#nodes.get(id);
    if (entry) Object.assign(entry, { x, y });
    const own = this.#cells.get(id)?.radius ?? 0;
    const children = level < STEPS_MAX ? (below.get(id) ?? []) : [];
    if (children.length === 0) return own;
    const radii = children.map((child) => this.#radiusOf(child, below, level + 1) + GAP / 2);
    const distance = distanceFor(own, radii);
    const angles = radii.map((radius) => Math.asin(Math.min(1, radius / distance)));
    const slack = Math.max(0, 2 * Math.PI - 2 * angles.reduce((sum, angle) => sum + angle, 0));
    let at = away + slack / (2 * children.length);
    for (const [index, child] of children.entries()) {
      const half = angles[index] ?? 0;
      at += half;
      this.#spread(
        child,
        below,
        x + distance * Math.cos(at),
        y + distance * Math.sin(at),
        at + Math.PI,
        level + 1,
      );
      at += half + slack / children.length;
    }
    return distance + Math.max(...radii);
  }

  #radiusOf(id: number, below: ReadonlyMap<number, readonly number[]>, level: number): number {
    const own = this.#cells.get(id)?.radius ?? 0;
    const children = level < STEPS_MAX ? (below.get(id) ?? []) : [];
    if (children.length === 0) return own;
    const radii = children.map((child) => this.#radiusOf(child, below, level + 1) + GAP / 2);
    return distanceFor(own, radii) + Math.max(...radii);
  }
}

/** How far from the middle circles of these radii find room around one of radius `own`. */
function distanceFor(own: number, radii: readonly number[]): number {
  const least = own + GAP + Math.max(...radii);
  const angleAt = (distance: number): number =>
    radii.reduce((sum, radius) => sum + 2 * Math.asin(Math.min(1, radius / distance)), 0);
  if (angleAt(least) <= 2 * Math.PI) return least;
  let [low, high] = [least, least * 2];
  while (angleAt(high) > 2 * Math.PI) high *= 2;
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if (angleAt(middle) > 2 * Math.PI) low = middle;
    else high = middle;
  }
  return high;
}
