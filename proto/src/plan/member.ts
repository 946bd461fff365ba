/** The records of which the trees and the link tables are made. */

import { type MonoMs, monoMs } from '../time.js';
import { hopMsOf, pieceMsOf } from './capacity.js';
import { type PeerId, RELAY, type ViewerProfile } from './types.js';

/** Who feeds a seat: the relay within the plan, the relay outside it, another viewer. */
export type Feed = 'head' | 'guest' | 'viewer';

/** The rows of one level in which a seat that may have children is found. */
export type RowKind = 'idle' | 'open' | 'full';

/** A viewer's place in the tree of one stripe. */
export type Seat = {
  readonly member: Member;
  readonly stripe: number;
  feed: Feed;
  /** Set when another viewer feeds it. */
  parent: Seat | undefined;
  /** Index among the parent's children, the heads or the guests. */
  slot: number;
  readonly children: Seat[];
  /** Viewers in the subtree, itself included. */
  size: number;
  /** The size that its parent was last told; 0 before. */
  weightTold: number;
  /** Distance from the relay when last looked at; a hint, since a subtree moves without a walk through it. */
  level: number;
  /** Where it stands in the rows, if it may have children. */
  row: RowKind | undefined;
  rowIndex: number;
  rowLevel: number;
  /** The parent from an earlier relay that is awaited, or {@link RELAY}. Always a guest. */
  awaits: PeerId;
  /** When its source last changed or was accused, as far as that excuses what its children complain of. */
  excusedAt: MonoMs;
};

/** One end of the link between two viewers. */
export type LinkEnd = {
  readonly owner: Member;
  readonly other: Member;
  /** The other end; absent once the other viewer is gone. */
  twin: LinkEnd | undefined;
  /** Stripes that the owner feeds to the other. */
  feeds: number;
  /** The owner has this link as a standby. */
  isWanted: boolean;
  isDirty: boolean;
  /** Told even if it is the same as before: the owner has departed from what it was told. */
  isRetold: boolean;
  toldParent: number;
  toldChild: number;
  toldStandby: number;
};

/** A viewer of the cell. */
export type Member = {
  readonly peer: PeerId;
  readonly joinedAt: MonoMs;
  profile: ViewerProfile;
  /** Index in the cell's list. */
  index: number;
  isHere: boolean;
  /** Children that it may have, over all stripes. */
  slots: number;
  /** The same with stand-ins. */
  slotsHard: number;
  /** Children that it has, over all stripes. */
  used: number;
  /** Bound after an overload, and when it grows next. */
  slotsCut: number;
  cutUntil: MonoMs;
  /** Where it has children, -1: nowhere. */
  home: number;
  /** Where it has children too, for want of capacity there; -1: nowhere. */
  second: number;
  hopMs: number;
  pieceMs: number;
  strength: number;
  readonly seats: readonly Seat[];
  readonly links: Map<PeerId, LinkEnd>;
  /** Links to be looked at by the next poll. */
  dirty: LinkEnd[];
  isQueued: boolean;
  /** The relay's mask as last told. */
  relayTold: number;
  /** The same for the relay's link. */
  isRelayRetold: boolean;
  /** Neighbours that it had a while ago, with the time until which its word on them is heard. */
  readonly recent: Map<PeerId, MonoMs>;
  /** Distinct neighbours so far. */
  tried: number;
  /** When one of its sources last changed. */
  disturbedAt: MonoMs;
  /** Standby-only links that it serves to others. */
  standbysServed: number;
  duplicateTries: number;
  standbyTries: number;
};

/** A viewer that is not in any tree yet. */
export function createMember(
  peer: PeerId,
  joinedAt: MonoMs,
  profile: ViewerProfile,
  stripeCount: number,
): Member {
  const seats: Seat[] = [];
  const member: Member = {
    peer,
    joinedAt,
    profile,
    index: -1,
    isHere: true,
    slots: 0,
    slotsHard: 0,
    used: 0,
    slotsCut: Number.POSITIVE_INFINITY,
    cutUntil: joinedAt,
    home: -1,
    second: -1,
    hopMs: hopMsOf(profile),
    pieceMs: pieceMsOf(profile),
    strength: 0,
    seats,
    links: new Map(),
    dirty: [],
    isQueued: false,
    relayTold: 0,
    isRelayRetold: false,
    recent: new Map(),
    tried: 0,
    disturbedAt: monoMs(Number.NEGATIVE_INFINITY),
    standbysServed: 0,
    duplicateTries: 0,
    standbyTries: 0,
  };
  for (let stripe = 0; stripe < stripeCount; stripe++) seats.push(createSeat(member, stripe));
  return member;
}

function createSeat(member: Member, stripe: number): Seat {
  return {
    member,
    stripe,
    feed: 'guest',
    parent: undefined,
    slot: -1,
    children: [],
    size: 1,
    weightTold: 0,
    level: 1,
    row: undefined,
    rowIndex: -1,
    rowLevel: -1,
    awaits: RELAY,
    excusedAt: monoMs(Number.NEGATIVE_INFINITY),
  };
}

/** The viewer may have children in this stripe. */
export function isInterior(seat: Seat): boolean {
  const { slots, home, second } = seat.member;
  return slots > 0 && (home === seat.stripe || second === seat.stripe);
}

/** How good a carrier the viewer is in this stripe: 0 where it is a leaf. */
export function seatStrength(seat: Seat): number {
  return isInterior(seat) ? seat.member.strength : 0;
}

/** Takes an element out of an unordered list by putting the last one in its place; the caller mends the index. */
export function takeOut<T>(list: T[], index: number): T | undefined {
  const last = list.pop();
  if (last === undefined || index === list.length) return undefined;
  list[index] = last;
  return last;
}

/** Sets a key to the end of an ordered map that holds at most `max`; the oldest key goes when it is full. */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, max: number): void {
  map.delete(key);
  if (map.size >= max) {
    const oldest = map.keys().next();
    if (!oldest.done) map.delete(oldest.value);
  }
  map.set(key, value);
}
