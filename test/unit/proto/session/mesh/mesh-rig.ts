/** One session of a mesh under test, its relay and its neighbours played by hand. */

import {
  Capability,
  type ControlMessage,
  decodePiece,
  type Hello,
  type PlanLink,
  Prng,
  type SessionOptions,
} from '@freshet/proto';
import { BROADCAST_START_MS, Broadcast } from '../../../../sim/broadcast.js';
import { RIG_START_MS, Rig } from '../rig.js';

/** What a neighbour, or the test, says: messages by their kind. */
type Of<Kind extends ControlMessage['kind']> = Extract<ControlMessage, { kind: Kind }>;

/** Between two pieces, each a chunk of its own, so that every stripe of four has ten a second. */
export const STEP_MS = 25;

/** Pieces of a group: a keyframe a second. */
export const GROUP_PIECES = 40;

/** Parents that a viewer under test knows. */
export const RELAYS = ['ws://a', 'ws://b'];

/** A link of a plan; what is not given is nothing. */
export function planLink(peer: number, changes: Partial<PlanLink> = {}): PlanLink {
  return { peer, parentMask: 0, childMask: 0, standbyMask: 0, weight: 1, isOfferer: true, ...changes };
}

/** A rig whose pieces are numbered and come at a steady rate. */
export class MeshRig extends Rig {
  /** What others name in their hellos. */
  capabilities: readonly number[] = [Capability.stripes, Capability.mesh];
  /** Of a chunk, which is one piece. */
  pieceBytes = 900;
  /** Every piece message so far, by its sequence number. */
  readonly pieces: Uint8Array[] = [];

  override hello(role: 'viewer' | 'relay'): Hello {
    return { ...super.hello(role), capabilities: this.capabilities };
  }

  /** The next piece of the broadcast, captured now. */
  cut(): Uint8Array {
    const sequence = this.pieces.length;
    const [message = new Uint8Array()] = this.broadcast.cut({
      isKeyframe: sequence % GROUP_PIECES === 0,
      bytes: new Uint8Array(this.pieceBytes).fill(sequence),
      atMs: Math.round(this.nowMs - RIG_START_MS),
    });
    this.pieces.push(message);
    return message;
  }

  /** Messages of one kind said to a link. */
  saidOf<Kind extends ControlMessage['kind']>(link: number, kind: Kind): Of<Kind>[] {
    return this.said(link).filter((message): message is Of<Kind> => message.kind === kind);
  }

  /** Sequence numbers of the pieces sent to a link, in order. */
  sequencesTo(link: number): number[] {
    return this.burst(link).map((bytes) => decodePiece(bytes)?.header.sequence ?? -1);
  }

  /** The code that a link was closed with; `undefined` while it is open. */
  closeCode(link: number): number | undefined {
    return this.of('close').find((output) => output.link === link)?.code;
  }

  /** Sequence numbers of the chunks that were played. */
  get played(): number[] {
    return this.chunks.map(({ chunkNumber }) => chunkNumber);
  }
}

/** A viewer in a mesh. */
export class MeshViewer extends MeshRig {
  relay = 0;
  /** Neighbours that answer pings, and the newest that each has answered. */
  readonly #answered = new Map<number, number>();

  constructor({
    broadcast = new Broadcast(),
    seed = 'rig',
    ...options
  }: Partial<SessionOptions> & { broadcast?: Broadcast; seed?: string } = {}) {
    super(broadcast, {
      role: 'viewer',
      parents: RELAYS,
      mesh: { linksMax: 8, uplinkBps: 10_000_000 },
      prng: new Prng(seed),
      ...options,
    });
  }

  /** Connects to a relay and learns the clock and the catalog. */
  join(): this {
    this.relay = this.connect();
    this.received(this.relay, { kind: 'catalog', signed: this.broadcast.catalog() });
    const broadcastMs = BROADCAST_START_MS + this.nowMs - RIG_START_MS;
    this.received(this.relay, { kind: 'pong', sentMs: this.nowMs, broadcastMs });
    return this;
  }

  /** The relay tells of these neighbours. */
  plan(...links: PlanLink[]): void {
    this.received(this.relay, { kind: 'plan', links, stunPort: 3478, uplinkBps: 10_000_000 });
  }

  /** The link of a neighbour that was planned. */
  linkOf(peer: number): number {
    return this.of('connect').findLast((output) => output.peer === peer)?.link ?? 0;
  }

  /** A neighbour as planned, connected and greeted. */
  meet(peer: number, changes: Partial<PlanLink> = {}): number {
    this.plan(planLink(peer, changes));
    const link = this.linkOf(peer);
    this.input({ kind: 'peer-opened', link });
    this.received(link, this.hello('viewer'));
    this.answerPings(link);
    this.#answered.set(link, this.nowMs);
    return link;
  }

  /** The neighbour does not answer any more. */
  vanish(link: number): void {
    this.#answered.delete(link);
  }

  /** So many pieces, one each {@link STEP_MS}; each comes over the links that `via` names for it. */
  feed(count: number, via: (stripe: number, sequence: number) => number | readonly number[]): void {
    for (let i = 0; i < count; i++) {
      this.pass(STEP_MS);
      const sequence = this.pieces.length;
      const message = this.cut();
      for (const link of [via(sequence % 4, sequence)].flat())
        if (link !== 0) this.received(link, message.slice());
      this.#answerWhatIsAsked();
    }
  }

  /** The neighbours answer as if they had been asked this moment: they are near, and there. */
  answerPings(...links: number[]): void {
    for (const link of links)
      this.received(link, { kind: 'pong', sentMs: this.nowMs, broadcastMs: undefined });
  }

  #answerWhatIsAsked(): void {
    for (const [link, answeredMs] of this.#answered) {
      const sentMs = this.saidOf(link, 'ping').at(-1)?.sentMs ?? 0;
      if (sentMs <= answeredMs || this.closeCode(link) !== undefined) continue;
      this.#answered.set(link, sentMs);
      this.received(link, { kind: 'pong', sentMs, broadcastMs: undefined });
    }
  }

  /** Stripes that the relay is asked for at this moment; 0 for none. */
  get relayMask(): number {
    let mask = 0;
    for (const message of this.said(this.relay)) {
      if (message.kind === 'subscribe') mask = message.stripeMask || 0b1111;
      if (message.kind === 'unsubscribe') mask = 0;
    }
    return mask;
  }
}

/** The planned parent of stripe 0 of {@link fedByParent}, and its stand-in. */
export const PARENT = 7;
export const STAND_IN = 8;

/** A viewer in the middle of the stream; stripe 0 comes from a neighbour, another may stand in, the rest is the relay's. */
export function fedByParent(): { rig: MeshViewer; parent: number; standIn: number } {
  const rig = new MeshViewer().join();
  rig.feed(GROUP_PIECES, () => rig.relay);
  const parent = rig.meet(PARENT, { parentMask: 0b0001 });
  const standIn = rig.meet(STAND_IN, { standbyMask: 0b0001 });
  rig.feed(GROUP_PIECES, (stripe) => (stripe === 0 ? parent : rig.relay));
  rig.answerPings(parent, standIn);
  rig.clear();
  return { rig, parent, standIn };
}
