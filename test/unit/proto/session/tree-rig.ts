/** A relay among relays under test: its parents' answers, and what it says to each link. */

import { Capability, type ControlMessage, Limits } from '@freshet/proto';
import { BROADCAST_START_MS, Broadcast } from '../../../sim/broadcast.js';
import { RIG_START_MS, Rig } from './rig.js';

export const PARENTS = ['ws://a', 'ws://b', 'ws://c'];
export const CHILD = 5;
/** A chunk each 40 ms. */
export const CHUNK_MS = 40;

export type Kind = ControlMessage['kind'];
export const saidOf = <K extends Kind>(
  rig: Rig,
  link: number,
  kind: K,
): Extract<ControlMessage, { kind: K }>[] => {
  const isOfKind = (message: ControlMessage): message is Extract<ControlMessage, { kind: K }> =>
    message.kind === kind;
  return rig.said(link).filter(isOfKind);
};
export const path = (...nodes: number[]): ControlMessage => ({
  kind: 'path',
  nodes,
  loadPermille: 0,
  siblings: [],
});
export const closeOf = (rig: Rig, link: number): number | undefined =>
  rig.of('close').find((output) => output.link === link)?.code;
export const urlOf = (rig: Rig, link: number): string | undefined =>
  rig.of('dial').find((output) => output.link === link)?.url;

/** Answers a dial as a relay of today does; returns its link. */
export function answer(rig: Rig, link: number, more: readonly ControlMessage[] = []): number {
  rig.input({ kind: 'parent-opened', link });
  rig.received(link, { ...rig.hello('relay'), capabilities: [Capability.stripes, Capability.tree] });
  rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog() });
  for (const message of more) rig.received(link, message);
  return link;
}

export const lastDial = (rig: Rig): number => rig.of('dial').at(-1)?.link ?? 0;

/** A relay with a parent in use that has said where it stands. */
export function relay(
  parents: readonly string[] = PARENTS,
  more: readonly ControlMessage[] = [path(1, 2)],
): Rig {
  const rig = new Rig(new Broadcast(), { role: 'relay', parents });
  rig.input({ kind: 'timeout' });
  const link = answer(rig, lastDial(rig), more);
  rig.received(link, { kind: 'pong', sentMs: RIG_START_MS, broadcastMs: BROADCAST_START_MS });
  return rig;
}

/** The links of a relay with a warm parent, live: twenty pieces have come. */
export function warmRelay(): { rig: Rig; first: number; second: number; messages: Uint8Array[] } {
  const rig = relay();
  const first = lastDial(rig);
  rig.pass(Limits.WARM_AFTER_MS);
  const second = answer(rig, lastDial(rig), [path(1, 3)]);
  const messages = rig.broadcast.groups(10, 10);
  feed(rig, first, messages.splice(0, 20));
  return { rig, first, second, messages };
}

export function feed(rig: Rig, link: number, messages: readonly Uint8Array[]): void {
  for (const message of messages) {
    rig.pass(CHUNK_MS);
    rig.received(link, message);
  }
}
