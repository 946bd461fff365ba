/** One link away from the broadcaster: a viewer's or a child relay's. */

import type { MonoMs } from '../time.js';
import type { Role } from '../wire/control.js';
import type { LinkId } from './io.js';

/**
 * How a rendition reaches a child:
 * `waiting` for a keyframe to begin with; `bursting` through the window up to its end; `live`, attached to the
 * topics; `lagging`, detached until its queue has drained and a newer group has begun.
 */
export type SubscriptionMode = 'waiting' | 'bursting' | 'live' | 'lagging';

/** A child's subscription to one rendition. */
export type Subscription = {
  /** As asked last; 0 is the catalog's first. */
  askedId: number;
  renditionId: number;
  stripeMask: number;
  mode: SubscriptionMode;
  /** While bursting: the next arrival number of the window to send. */
  cursor: number;
  /** The group it started from or fell behind in; only a newer one can set it forward. */
  group: number;
  /** Pieces below are not sent: the child has them, or does not want them. */
  from: number;
  /** The keyframe to begin with is at least this old. */
  readonly behindMs: number;
};

/** A child. Kept small: a relay holds ten thousands of them. */
export type Child = {
  readonly link: LinkId;
  role: Role | undefined;
  /** It understands where else to go. */
  hasTree: boolean;
  /** It takes posters. */
  hasPoster: boolean;
  readonly subscriptions: Subscription[];
  /** Bytes that may still be sent before the link's queue must drain. */
  creditBytes: number;
  lastHeard: MonoMs;
  /** Control messages since `countedSince`. */
  controlCount: number;
  countedSince: MonoMs;
  /** Subscriptions since then that were sent what was held. */
  catchUps: number;
  /** A message to it was dropped, which may have been the catalog: it gets that again once its queue has drained. */
  owesCatalog: boolean;
  /** Viewers below it: 1 for a viewer, for a relay what it reported. */
  viewerCount: number;
};

/** A child whose link has just opened. */
export function createChild(link: LinkId, now: MonoMs, creditBytes: number): Child {
  return {
    link,
    role: undefined,
    hasTree: false,
    hasPoster: false,
    subscriptions: [],
    creditBytes,
    lastHeard: now,
    controlCount: 0,
    catchUps: 0,
    countedSince: now,
    owesCatalog: false,
    viewerCount: 0,
  };
}
