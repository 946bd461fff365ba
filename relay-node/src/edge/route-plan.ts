/** Which address belongs to whom: visitors that have only asked, and the paths of links. */

import { addressBytesOf } from '../stun/stun-message.js';
import type { EdgeRoute } from './edge-client.js';

/** Addresses remembered that have sent a check and no more; beyond it the one that was quiet longest is forgotten. */
export const VISITORS_MAX = 4_096;

/** Addresses of one link: interfaces of a page, and where it has moved to. One more replaces the oldest. */
export const PATHS_PER_LINK_MAX = 8;

/** An address that has sent a check that holds. */
export type Path<Link> = {
  /** The same object for as long as the path is known. */
  readonly route: EdgeRoute;
  readonly peerUfrag: string;
  /** `undefined` for a visitor. */
  readonly link: Link | undefined;
};

type Place = { readonly keys: string[]; readonly peerUfrag: string; readonly source: string };

/** The table of an edge. */
export class RoutePlan<Link> {
  readonly #visitors = new Map<string, Path<Link>>();
  readonly #paths = new Map<string, Path<Link>>();
  readonly #places = new Map<Link, Place>();
  readonly #linkByUfrag = new Map<string, Link>();
  readonly #countBySource = new Map<string, number>();

  /** All links. */
  get links(): readonly Link[] {
    return [...this.#places.keys()];
  }

  /** Links at the moment. */
  get linkCount(): number {
    return this.#places.size;
  }

  /** Addresses of visitors at the moment. */
  get visitorCount(): number {
    return this.#visitors.size;
  }

  /** Links that began from this IP address (in IPv6 from its /64, all of which one home has). */
  linkCountFrom(address: string): number {
    return this.#countBySource.get(sourceOf(address)) ?? 0;
  }

  /** What is known of an address. */
  find(from: EdgeRoute): Path<Link> | undefined {
    const key = keyOf(from);
    return this.#paths.get(key) ?? this.#visitors.get(key);
  }

  /**
   * Takes note of a check that holds; gives the path, which is one of the link of that name if there is one. An address
   * that has another name now, as a page behind a NAT may get an old port, is taken from its link if `mayLeave` says so;
   * `undefined` otherwise, since a sender's address is easily forged.
   */
  note(from: EdgeRoute, peerUfrag: string, mayLeave: (link: Link) => boolean): Path<Link> | undefined {
    const key = keyOf(from);
    const known = this.#paths.get(key);
    const link = this.#linkByUfrag.get(peerUfrag);
    if (known?.link !== undefined) {
      if (known.link === link) return known;
      if (!mayLeave(known.link)) return undefined;
      this.#paths.delete(key);
    }
    const { address, port } = from;
    const path: Path<Link> = { route: known?.route ?? { address, port }, peerUfrag, link };
    if (link === undefined) this.#remember(key, path);
    else this.#addPath(key, path, link);
    return path;
  }

  /** The visitor has become a link. */
  open(path: Path<Link>, link: Link): void {
    const source = sourceOf(path.route.address);
    this.#places.set(link, { keys: [], peerUfrag: path.peerUfrag, source });
    this.#linkByUfrag.set(path.peerUfrag, link);
    this.#countBySource.set(source, (this.#countBySource.get(source) ?? 0) + 1);
    this.#addPath(keyOf(path.route), { ...path, link }, link);
  }

  /** Forgets a link and its addresses. */
  remove(link: Link): void {
    const place = this.#places.get(link);
    if (place === undefined) return;
    this.#places.delete(link);
    for (const key of place.keys) if (this.#paths.get(key)?.link === link) this.#paths.delete(key);
    if (this.#linkByUfrag.get(place.peerUfrag) === link) this.#linkByUfrag.delete(place.peerUfrag);
    const count = (this.#countBySource.get(place.source) ?? 1) - 1;
    if (count > 0) this.#countBySource.set(place.source, count);
    else this.#countBySource.delete(place.source);
  }

  #remember(key: string, path: Path<Link>): void {
    // Put last again, so that the first one is the quietest.
    this.#visitors.delete(key);
    this.#visitors.set(key, path);
    if (this.#visitors.size <= VISITORS_MAX) return;
    for (const quietest of this.#visitors.keys()) {
      this.#visitors.delete(quietest);
      return;
    }
  }

  #addPath(key: string, path: Path<Link>, link: Link): void {
    this.#visitors.delete(key);
    this.#paths.set(key, path);
    const keys = this.#places.get(link)?.keys ?? [];
    if (!keys.includes(key)) keys.push(key);
    const oldest = keys.length > PATHS_PER_LINK_MAX ? keys.shift() : undefined;
    if (oldest !== undefined && this.#paths.get(oldest)?.link === link) this.#paths.delete(oldest);
  }
}

function keyOf({ address, port }: EdgeRoute): string {
  return `${address} ${port}`;
}

function sourceOf(address: string): string {
  const bytes = addressBytesOf(address);
  return bytes.length === 4 ? bytes.join('.') : bytes.subarray(0, 8).join(':');
}
