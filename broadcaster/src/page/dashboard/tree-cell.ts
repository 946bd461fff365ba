/**
 * Places for the viewers of one relay: rings around it, one band of rings for each depth. Nobody moves when somebody
 * comes or goes, unless a band has become too small, or far too large.
 */

/** Distance of neighbouring places, in units of the drawing. */
export const SPACING = 12;

/** Bands of a cell; deeper viewers stand in the last. */
const BANDS_MAX = 12;
const CAPACITY_MIN = 6;
const GROWTH = 1.6;
/** Places that may be empty, as a multiple of those taken, before a band shrinks. */
const SLACK_MAX = 5;
/** Room around the relay itself. */
const HUB = 2.2 * SPACING;

/** A point of the drawing. */
export type Point = { readonly x: number; readonly y: number };

type Band = { capacity: number; count: number; readonly free: number[]; next: number; places: Point[] };

/** Where a viewer stands in a cell. */
export type Seat = { readonly band: number; readonly slot: number };

/** One relay's viewers. Points are relative to the relay. */
export class TreeCell {
  readonly #bands: Band[] = [];
  #radius = HUB;
  #version = 0;

  /** From the relay to beyond the last ring. */
  get radius(): number {
    return this.#radius;
  }

  /** Changes when places have moved: seats are taken anew then. */
  get version(): number {
    return this.#version;
  }

  /** A place at this depth below the relay, from 1. */
  take(depth: number): Seat {
    const band = Math.max(0, Math.min(BANDS_MAX, depth) - 1);
    while (this.#bands.length <= band)
      this.#bands.push({ capacity: 0, count: 0, free: [], next: 0, places: [] });
    const own = this.#bands[band];
    if (!own) return { band, slot: 0 };
    own.count++;
    const slot = own.free.pop() ?? own.next++;
    if (slot >= own.capacity) this.#resize();
    return { band, slot };
  }

  /** Gives a place back. */
  leave({ band, slot }: Seat): void {
    const own = this.#bands[band];
    if (!own) return;
    own.count--;
    own.free.push(slot);
  }

  /** Whether so much is empty that all should be seated anew. */
  get isSparse(): boolean {
    return this.#bands.some(
      ({ capacity, count }) => capacity > CAPACITY_MIN && capacity > SLACK_MAX * Math.max(1, count),
    );
  }

  /** Forgets everybody, to be seated anew. */
  clear(): void {
    this.#bands.length = 0;
    this.#resize();
  }

  /** Where the seat is. */
  pointOf({ band, slot }: Seat): Point {
    return this.#bands[band]?.places[slot] ?? { x: 0, y: 0 };
  }

  #resize(): void {
    let radius = HUB;
    for (const band of this.#bands) {
      band.capacity = capacityFor(band.next);
      band.places = [];
      if (band.capacity === 0) continue;
      while (band.places.length < band.capacity) {
        const left = band.capacity - band.places.length;
        const fits = Math.max(1, Math.floor((2 * Math.PI * radius) / SPACING));
        ring(radius, Math.min(fits, left), band.places);
        radius += SPACING;
      }
      radius += SPACING * 0.6;
    }
    this.#radius = radius;
    this.#version++;
  }
}

function capacityFor(count: number): number {
  if (count === 0) return 0;
  let capacity = CAPACITY_MIN;
  while (capacity < count) capacity = Math.ceil(capacity * GROWTH);
  return capacity;
}

/** Even places on a ring, in an order that spreads the first few over all of it. */
function ring(radius: number, count: number, places: Point[]): void {
  let stride = Math.max(1, Math.round(count * 0.618));
  while (divisor(stride, count) > 1) stride++;
  // Turned a little from ring to ring, so that no spokes show.
  const turn = radius * 0.37;
  for (let index = 0; index < count; index++) {
    const angle = (2 * Math.PI * ((index * stride) % count)) / count + turn;
    places.push({ x: radius * Math.cos(angle), y: radius * Math.sin(angle) });
  }
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
