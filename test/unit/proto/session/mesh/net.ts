/** A relay and viewers, real sessions all of them, wired in one process with a time that the test lets pass. */

import { createCell, decodeControl, FrameKind, type Output } from '@freshet/proto';
import { BROADCAST_START_MS, Broadcast } from '../../../../sim/broadcast.js';
import { RIG_START_MS, type Rig } from '../rig.js';
import { MeshRig, MeshViewer, STEP_MS } from './mesh-rig.js';

/** One way, over every link. */
const DELAY_MS = 5;

type End = { readonly node: NetNode; readonly link: number };

/** A session in the net. */
export type NetNode = {
  readonly rig: Rig;
  /** The other ends of its links. */
  readonly ends: Map<number, End>;
  /** Topics that its links are attached to, by topic. */
  readonly topics: Map<string, Set<number>>;
  seen: number;
  /** It has gone without a word: nothing reaches it or comes from it. */
  isGone: boolean;
  /** Pieces that it sends nobody any more, while it still answers. */
  isMute: boolean;
};

/** Carries what sessions send to each other, in order, {@link DELAY_MS} later. */
export class Net {
  readonly broadcast: Broadcast = new Broadcast();
  readonly relay: NetNode;
  readonly viewers: NetNode[] = [];
  nowMs: number = RIG_START_MS;
  readonly #relayRig: MeshRig;
  readonly #nodes: NetNode[] = [];
  #queue: { readonly at: number; readonly run: () => void }[] = [];
  readonly #offers = new Map<string, End>();
  #nextChild = 1;
  #nextPieceAt = Number.POSITIVE_INFINITY;

  /** How long a verification takes; 0: it is there at once. */
  readonly #verifyMs: number;

  constructor(headsMax: number, verifyMs = 0) {
    this.#verifyMs = verifyMs;
    this.#relayRig = new MeshRig(this.broadcast, {
      role: 'publisher',
      wallAtZeroMs: BROADCAST_START_MS - RIG_START_MS,
      cell: { create: createCell, headsMax, stunPort: 0 },
    });
    this.relay = this.#add(this.#relayRig);
    this.#relayRig.input({ kind: 'publish-catalog', signed: this.broadcast.catalog() });
    this.#carry(this.relay);
    this.#nextPieceAt = this.nowMs;
  }

  /** A viewer comes, which may upload so much. */
  join(uplinkBps: number): NetNode {
    const rig = new MeshViewer({
      broadcast: this.broadcast,
      seed: `viewer ${this.viewers.length}`,
      mesh: { linksMax: 8, uplinkBps },
    });
    rig.isVerifying = this.#verifyMs === 0;
    const node = this.#add(rig);
    this.viewers.push(node);
    rig.nowMs = this.nowMs;
    rig.input({ kind: 'timeout' });
    this.#carry(node);
    return node;
  }

  /** Lets the broadcast and everything else go on for so long. */
  pass(ms: number): void {
    const until = this.nowMs + ms;
    for (;;) {
      const due = this.#nextDue();
      if (due > until) break;
      this.nowMs = Math.max(this.nowMs, due);
      this.#runDue();
    }
    this.nowMs = until;
  }

  /** Sequence numbers that a viewer has played. */
  played(node: NetNode): number[] {
    return node.rig.chunks.map(({ chunkNumber }) => chunkNumber);
  }

  /** Pieces so far. */
  get pieceCount(): number {
    return this.#relayRig.pieces.length;
  }

  #add(rig: Rig): NetNode {
    const node: NetNode = { rig, ends: new Map(), topics: new Map(), seen: 0, isGone: false, isMute: false };
    this.#nodes.push(node);
    return node;
  }

  #nextDue(): number {
    let due = this.#nextPieceAt;
    for (const { at } of this.#queue) due = Math.min(due, at);
    for (const { rig, isGone } of this.#nodes)
      if (!isGone) due = Math.min(due, rig.session.nextTimeout() ?? Number.POSITIVE_INFINITY);
    return due;
  }

  #runDue(): void {
    const due = this.#queue.filter(({ at }) => at <= this.nowMs);
    this.#queue = this.#queue.filter(({ at }) => at > this.nowMs);
    for (const { run } of due) run();
    if (this.#nextPieceAt <= this.nowMs) {
      this.#nextPieceAt += STEP_MS;
      this.#input(this.relay, () => this.#relayRig.publish([this.#relayRig.cut()]));
    }
    for (const node of this.#nodes) {
      const timeout = node.rig.session.nextTimeout();
      if (!node.isGone && timeout !== undefined && timeout <= this.nowMs)
        this.#input(node, () => node.rig.input({ kind: 'timeout' }));
    }
  }

  #input(node: NetNode, hand: () => void): void {
    if (node.isGone) return;
    node.rig.nowMs = this.nowMs;
    hand();
    this.#carry(node);
  }

  #later(run: () => void): void {
    this.#queue.push({ at: this.nowMs + DELAY_MS, run });
  }

  #verify(node: NetNode, { id, request }: Extract<Output, { kind: 'verify' }>): void {
    if (node.rig.isVerifying) return;
    const ok = this.broadcast.scheme.isValid(request);
    const run = (): void => this.#input(node, () => node.rig.input({ kind: 'verified', id, ok }));
    this.#queue.push({ at: this.nowMs + this.#verifyMs, run });
  }

  #carry(node: NetNode): void {
    for (; node.seen < node.rig.outputs.length; node.seen++) {
      const output = node.rig.outputs[node.seen];
      if (output) this.#carryOne(node, output);
    }
  }

  #carryOne(node: NetNode, output: Output): void {
    switch (output.kind) {
      case 'dial':
        return this.#dial({ node, link: output.link });
      case 'transmit':
        return this.#send(node, output.link, output.bytes);
      case 'verify':
        return this.#verify(node, output);
      case 'publish':
        for (const link of node.topics.get(output.topic) ?? []) this.#send(node, link, output.bytes);
        return;
      case 'attach': {
        const links = node.topics.get(output.topic) ?? new Set();
        node.topics.set(output.topic, links.add(output.link));
        return;
      }
      case 'detach':
        node.topics.get(output.topic)?.delete(output.link);
        return;
      case 'connect': {
        const token = `${this.#nodes.indexOf(node)} ${output.link}`;
        this.#offers.set(token, { node, link: output.link });
        if (output.isOfferer) this.#signal(node, output.link, token);
        return;
      }
      case 'signal':
        return this.#answer({ node, link: output.link }, new TextDecoder().decode(output.bytes));
      case 'close':
        return this.#close(node, output.link, output.code);
    }
  }

  #dial(viewer: End): void {
    const child: End = { node: this.relay, link: this.#nextChild++ };
    this.#join(viewer, child);
    this.#later(() => {
      if (this.relay.isGone) return this.#close(this.relay, child.link, 1006);
      const network = `10.${child.link}`;
      this.#input(this.relay, () =>
        this.relay.rig.input({ kind: 'child-opened', link: child.link, network }),
      );
      this.#input(viewer.node, () => viewer.node.rig.input({ kind: 'parent-opened', link: viewer.link }));
    });
  }

  /** The body of a signal is the token of the connection that it comes from: the offer's, then the answer's. */
  #signal(node: NetNode, link: number, token: string): void {
    const bytes = new TextEncoder().encode(token);
    this.#later(() => this.#input(node, () => node.rig.input({ kind: 'signal', link, bytes })));
  }

  #answer(to: End, token: string): void {
    const from = this.#offers.get(token);
    if (!from || to.node.ends.has(to.link) || from.node.ends.has(from.link)) return;
    this.#join(from, to);
    this.#later(() => {
      for (const { node, link } of [from, to])
        this.#input(node, () => node.rig.input({ kind: 'peer-opened', link }));
    });
  }

  #join(one: End, other: End): void {
    one.node.ends.set(one.link, other);
    other.node.ends.set(other.link, one);
  }

  #send(node: NetNode, link: number, bytes: Uint8Array): void {
    const end = node.ends.get(link);
    const isPiece = bytes[0] === FrameKind.piece;
    this.#later(() => {
      this.#input(node, () => node.rig.input({ kind: 'writable', link, bufferedBytes: 0 }));
      if (!end || end.node.ends.get(end.link)?.node !== node || node.isGone || (node.isMute && isPiece))
        return;
      this.#input(end.node, () =>
        end.node.rig.input({ kind: 'received', link: end.link, bytes: bytes.slice(), bufferedBytes: 0 }),
      );
    });
  }

  #close(node: NetNode, link: number, code: number): void {
    const end = node.ends.get(link);
    node.ends.delete(link);
    if (!end) return;
    this.#later(() => {
      end.node.ends.delete(end.link);
      this.#input(end.node, () => end.node.rig.input({ kind: 'closed', link: end.link, code, reason: '' }));
    });
  }
}

/** How often each piece was sent over each link of a node, for those sent more than once. */
export function sentTwice(node: NetNode): number {
  const sent = new Set<string>();
  let twice = 0;
  for (const output of node.rig.of('transmit')) {
    if (output.bytes[0] !== FrameKind.piece) continue;
    const key = `${output.link} ${output.bytes.subarray(0, 40).join()}`;
    if (sent.has(key)) twice++;
    sent.add(key);
  }
  return twice;
}

/** Control messages of one kind that a node sent to anybody. */
export function saidBy(node: NetNode, kind: string): number {
  return node.rig.of('transmit').filter(({ bytes }) => decodeControl(bytes)?.kind === kind).length;
}
