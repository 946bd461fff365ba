/** One session under test: hands inputs in, answers verifications, and keeps what comes out by kind. */

import {
  type ControlMessage,
  decodeControl,
  encodeControl,
  FrameKind,
  type Hello,
  type Input,
  type MediaChunk,
  type MonoMs,
  monoMs,
  type Output,
  Prng,
  Session,
  type SessionEvent,
  type SessionOptions,
} from '@freshet/proto';
import type { Broadcast } from '../../../sim/broadcast.js';

type Of<Kind extends Output['kind']> = Extract<Output, { kind: Kind }>;

/** The own time starts here; tests count from it. */
export const RIG_START_MS = 1_000;

/** A session with its outputs. */
export class Rig {
  readonly session: Session;
  readonly broadcast: Broadcast;
  outputs: Output[] = [];
  /** Answers verifications at once; if not, they wait in `outputs`. */
  isVerifying = true;
  /** Finds every child relay at the origin that it names. */
  isProvingOrigins = true;
  nowMs: number = RIG_START_MS;

  constructor(broadcast: Broadcast, options: Partial<SessionOptions> & Pick<SessionOptions, 'role'>) {
    this.broadcast = broadcast;
    this.session = new Session({
      channelKey: broadcast.channelKey,
      agent: 'rig',
      prng: new Prng('rig'),
      ...options,
    });
  }

  get now(): MonoMs {
    return monoMs(this.nowMs);
  }

  /** Hands in and drains. */
  input(input: Input): void {
    this.session.handleInput(monoMs(this.nowMs), input);
    this.drain();
  }

  drain(): void {
    for (let output = this.session.pollOutput(); output; output = this.session.pollOutput()) {
      this.outputs.push(output);
      if (output.kind === 'event' && output.event.kind === 'origin-claimed' && this.isProvingOrigins)
        this.session.handleInput(monoMs(this.nowMs), { kind: 'origin-proven', link: output.event.link });
      if (output.kind !== 'verify' || !this.isVerifying) continue;
      const ok = this.broadcast.scheme.isValid(output.request);
      this.session.handleInput(monoMs(this.nowMs), { kind: 'verified', id: output.id, ok });
    }
  }

  /** Lets time pass, with every timeout on the way. */
  pass(ms: number): void {
    const until = this.nowMs + ms;
    for (
      let due = this.session.nextTimeout();
      due !== undefined && due <= until;
      due = this.session.nextTimeout()
    ) {
      this.nowMs = Math.max(this.nowMs, due);
      this.input({ kind: 'timeout' });
    }
    this.nowMs = until;
  }

  received(link: number, message: ControlMessage | Uint8Array, bufferedBytes = 0): void {
    const bytes = message instanceof Uint8Array ? message : encodeControl(message);
    this.input({ kind: 'received', link, bytes, bufferedBytes });
  }

  /** Opens a child's link, says hello and subscribes to the default. */
  addChild(link: number, role: 'viewer' | 'relay' = 'viewer'): void {
    this.input({ kind: 'child-opened', link });
    this.received(link, this.hello(role));
    this.received(link, { kind: 'subscribe', renditionId: 0, stripeMask: 0 });
  }

  /** Dials, opens and greets the first parent; returns its link. */
  connect(): number {
    this.input({ kind: 'timeout' });
    const link = this.of('dial').at(-1)?.link ?? 0;
    this.input({ kind: 'parent-opened', link });
    this.received(link, this.hello('relay'));
    return link;
  }

  hello(role: 'viewer' | 'relay'): Hello {
    const { channelKey } = this.broadcast;
    return {
      kind: 'hello',
      versionMin: 1,
      versionMax: 1,
      capabilities: [],
      channelKey,
      role,
      agent: 'other',
    };
  }

  publish(messages: readonly Uint8Array[]): void {
    for (const message of messages) this.input({ kind: 'publish-piece', message });
  }

  of<Kind extends Output['kind']>(kind: Kind): Of<Kind>[] {
    return this.outputs.filter((output): output is Of<Kind> => output.kind === kind);
  }

  events<Kind extends SessionEvent['kind']>(kind: Kind): Extract<SessionEvent, { kind: Kind }>[] {
    const isOfKind = (event: SessionEvent): event is Extract<SessionEvent, { kind: Kind }> =>
      event.kind === kind;
    return this.of('event')
      .map(({ event }) => event)
      .filter(isOfKind);
  }

  get chunks(): MediaChunk[] {
    return this.events('chunk').map(({ chunk }) => chunk);
  }

  /** Control messages sent to a link. */
  said(link: number): ControlMessage[] {
    return this.of('transmit')
      .filter((output) => output.link === link && output.bytes[0] === FrameKind.control)
      .map(({ bytes }) => decodeControl(bytes))
      .filter((message) => message !== undefined);
  }

  /** Pieces sent to one link by itself, not by a topic. */
  burst(link: number): Uint8Array[] {
    return this.of('transmit')
      .filter((output) => output.link === link && output.bytes[0] === FrameKind.piece)
      .map(({ bytes }) => bytes);
  }

  /** Topics the link is attached to at the end. */
  topics(link: number): string[] {
    const attached = new Set<string>();
    for (const output of this.outputs) {
      if (output.kind === 'attach' && output.link === link) attached.add(output.topic);
      if (output.kind === 'detach' && output.link === link) attached.delete(output.topic);
    }
    return [...attached];
  }

  clear(): void {
    this.outputs = [];
  }
}
