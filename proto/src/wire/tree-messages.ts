/** What relays tell each other, and their viewers, about the tree (PROTOCOL.md §9). */

import { isRelayOrigin } from '../identity/link.js';
import { HOPS_MAX, POSTER_BYTES_MAX, REDIRECTS_MAX, SIBLINGS_MAX } from '../limits.js';
import { isCount } from './decode.js';
import type { freshet } from './generated/wire.js';

/** The random number by which a publisher or relay is known in paths, for as long as it runs. */
export type NodeId = number;

/** Where a parent stands. */
export type Path = {
  readonly kind: 'path';
  /** From the publisher to the sender. */
  readonly nodes: readonly NodeId[];
  /** Of the links that the sender takes at most, in thousandths. */
  readonly loadPermille: number;
  /** Origins of other relays below it. */
  readonly siblings: readonly string[];
};

/** Where else to go: the sender is full, or is leaving. */
export type Redirect = {
  readonly kind: 'redirect';
  /** Origins, best first. */
  readonly relays: readonly string[];
  readonly isLeaving: boolean;
};

/** The picture that stands for the broadcast; nobody has compared it with the catalog's digest yet. */
export type Poster = { readonly kind: 'poster'; readonly picture: Uint8Array };

/** A message between relays, decoded and within its limits. */
export type TreeMessage = Path | Redirect | Poster;

/** The message as the generated encoder takes it. */
export function treeToWire(message: TreeMessage): freshet.v1.Control.$Properties {
  if (message.kind === 'poster') return { poster: message.picture };
  if (message.kind === 'redirect')
    return { redirect: { relays: [...message.relays], isLeaving: message.isLeaving } };
  const { nodes, loadPermille, siblings } = message;
  return { path: { nodes: [...nodes], loadPermille, siblings: [...siblings] } };
}

/** Reads a message about the tree; `undefined` for none, or one beyond its limits. */
export function treeFromWire(wire: freshet.v1.Control): TreeMessage | undefined {
  if (wire.path) return pathFromWire(wire.path);
  if (wire.poster) return posterFromWire(wire.poster);
  if (!wire.redirect) return undefined;
  const relays = originsWithin(wire.redirect.relays, REDIRECTS_MAX);
  return relays && { kind: 'redirect', relays, isLeaving: wire.redirect.isLeaving ?? false };
}

function posterFromWire(picture: Uint8Array): Poster | undefined {
  if (picture.length === 0 || picture.length > POSTER_BYTES_MAX) return undefined;
  return { kind: 'poster', picture };
}

function pathFromWire(wire: freshet.v1.Path.$Properties): Path | undefined {
  const nodes = wire.nodes ?? [];
  const loadPermille = wire.loadPermille ?? 0;
  const siblings = originsWithin(wire.siblings, SIBLINGS_MAX);
  if (nodes.length > HOPS_MAX || !nodes.every((node) => isCount(node)) || loadPermille > 1000)
    return undefined;
  return siblings && { kind: 'path', nodes, loadPermille, siblings };
}

function originsWithin(
  origins: readonly string[] | null | undefined,
  countMax: number,
): readonly string[] | undefined {
  const given = origins ?? [];
  return given.length <= countMax && given.every(isRelayOrigin) ? given : undefined;
}
