/** An association of the relay and a client of the other side, over a line with a virtual clock. */

import type { Prng } from '@freshet/proto';
import {
  type AssociationHandlers,
  SctpAssociation,
} from '../../../../relay-node/src/edge/sctp-association.js';
import { SctpReceiver } from '../../../../relay-node/src/edge/sctp-receiver.js';
import { SctpSender } from '../../../../relay-node/src/edge/sctp-sender.js';
import {
  ChunkType,
  decodePacket,
  decodeParameters,
  encodePacket,
  SCTP_HEADER_BYTES,
  startPacket,
} from '../../../../relay-node/src/edge/sctp-wire.js';

const CLIENT_TAG = 0x1234_5678;
/** Just below the end of the circle, so that numbers go around in every test. */
const CLIENT_TSN = 0xffff_fff0;
export const RELAY_TAG = 0x9abc_def0;
const RELAY_TSN = 0xffff_fffa;

/** What the line does to a packet. */
export type Line = {
  readonly delayMs: number;
  /** How often a packet is lost, twice there, or late by another delay. */
  readonly lossShare?: number;
  readonly twiceShare?: number;
  readonly lateShare?: number;
  /** What the line carries towards the client, and how long it lets packets wait; a longer wait loses the packet. */
  readonly bytesPerMs?: number;
  readonly queueMsMax?: number;
};

type Due = { readonly atMs: number; readonly order: number; readonly run: () => void };

/** Both ends and the line between them. */
export class AssociationRig {
  nowMs = 0;
  /** Of the relay's end: `open`, and why it ended. */
  readonly events: string[] = [];
  readonly relayGot: Buffer[] = [];
  readonly clientGot: Buffer[] = [];
  /** Everything the relay's end has sent. */
  readonly sent: Buffer[] = [];
  readonly relay: SctpAssociation;
  /** Packets that the narrow line had no room for. */
  lostCount = 0;
  isCut = false;
  /** What the client says it has room for. */
  clientWindowBytes: number | undefined;
  readonly #line: Line;
  readonly #prng: Prng;
  readonly #due: Due[] = [];
  #order = 0;
  #freeAtMs = 0;
  #receiver: SctpReceiver | undefined;
  #sender: SctpSender | undefined;

  constructor(line: Line, prng: Prng, messageBytesMax: number = 65_536) {
    this.#line = line;
    this.#prng = prng;
    const handlers: AssociationHandlers = {
      emit: (packet) => {
        this.sent.push(packet);
        const waitMs = this.#queue(packet);
        if (waitMs === undefined) this.lostCount += 1;
        else this.#carry(() => this.#handleAtClient(packet), waitMs);
      },
      onOpen: () => this.events.push('open'),
      onMessage: (bytes) => this.relayGot.push(bytes),
      onEnd: (fault) => this.events.push(`end ${fault}`),
    };
    const seed = { tag: RELAY_TAG, firstTsn: RELAY_TSN, cookie: Buffer.alloc(16, 7) };
    this.relay = new SctpAssociation(seed, messageBytesMax, handlers);
  }

  /** Sends the client's first packet; with it, parameters that it asks for. */
  connect(parameters: Buffer = Buffer.alloc(0)): void {
    const body = Buffer.alloc(16);
    body.writeUInt32BE(CLIENT_TAG, 0);
    body.writeUInt32BE(1024 * 1024, 4);
    body.writeUInt16BE(16, 8);
    body.writeUInt16BE(16, 10);
    body.writeUInt32BE(CLIENT_TSN, 12);
    this.toRelay(encodePacket(0, ChunkType.init, Buffer.concat([body, parameters])));
  }

  /** Sends a message of the client. */
  sendFromClient(bytes: Uint8Array): void {
    this.#sender?.send(this.nowMs, bytes);
  }

  /** Puts a packet on the line. */
  toRelay(packet: Buffer): void {
    this.#carry(() => this.relay.handlePacket(this.nowMs, packet));
  }

  /** Sends one DATA chunk of the client as it stands. */
  sendChunk(tsnOffset: number, flags: number, stream: number, kind: number, payload: Uint8Array): void {
    const packet = startPacket(RELAY_TAG, ChunkType.data, flags, 16 + payload.length);
    packet.writeUInt32BE((CLIENT_TSN + tsnOffset) >>> 0, 16);
    packet.writeUInt16BE(stream, 20);
    packet.writeUInt16BE(0, 22);
    packet.writeUInt32BE(kind, 24);
    packet.set(payload, 28);
    this.toRelay(packet);
  }

  /** Lets time pass until nothing is under way, or the time is up. */
  run(untilMs: number): void {
    for (;;) {
      this.#due.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
      const next = this.#due[0];
      const timers = [this.relay.deadlineMs, this.#sender?.deadlineMs].filter((at) => at !== undefined);
      const timerMs = Math.min(...timers, Number.POSITIVE_INFINITY);
      const atMs = Math.min(next?.atMs ?? Number.POSITIVE_INFINITY, timerMs);
      if (atMs > untilMs) {
        if (Number.isFinite(untilMs)) this.nowMs = untilMs;
        return;
      }
      this.nowMs = Math.max(this.nowMs, atMs);
      if (next && next.atMs <= timerMs) {
        this.#due.shift();
        next.run();
      } else {
        this.relay.handleTimeout(this.nowMs);
        this.#sender?.handleTimeout(this.nowMs);
      }
    }
  }

  #queue(packet: Buffer): number | undefined {
    const { bytesPerMs, queueMsMax = 0 } = this.#line;
    if (bytesPerMs === undefined) return 0;
    const waitMs = Math.max(0, this.#freeAtMs - this.nowMs);
    if (waitMs > queueMsMax) return undefined;
    this.#freeAtMs = this.nowMs + waitMs + packet.length / bytesPerMs;
    return this.#freeAtMs - this.nowMs;
  }

  #carry(run: () => void, waitMs: number = 0): void {
    if (this.isCut) return;
    const { delayMs, lossShare = 0, twiceShare = 0, lateShare = 0 } = this.#line;
    const copies = this.#prng.next() < lossShare ? 0 : this.#prng.next() < twiceShare ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const isLate = this.#prng.next() < lateShare;
      this.#order += 1;
      this.#due.push({ atMs: this.nowMs + waitMs + delayMs * (isLate ? 2 : 1), order: this.#order, run });
    }
  }

  #handleAtClient(bytes: Buffer): void {
    const packet = decodePacket(bytes);
    if (packet === undefined || packet.tag !== CLIENT_TAG) throw new Error('the relay sent no packet for us');
    let hasData = false;
    for (const { type, flags, body } of packet.chunks) {
      if (type === ChunkType.initAck) this.#handleInitAck(body);
      else if (type === ChunkType.data) {
        hasData = true;
        const fault = this.#receiver?.handleData(flags, body);
        if (fault !== undefined) throw new Error(fault);
      } else if (type === ChunkType.sack) {
        this.#sender?.handleSack(this.nowMs, {
          cumulativeTsn: body.readUInt32BE(0),
          windowBytes: body.readUInt32BE(4),
          gaps: Array.from({ length: body.readUInt16BE(8) }, (_, index) => [
            body.readUInt16BE(12 + 4 * index),
            body.readUInt16BE(14 + 4 * index),
          ]),
        });
      }
    }
    if (!hasData || !this.#receiver) return;
    const sack = this.#receiver.encodeSack();
    if (this.clientWindowBytes !== undefined) sack.writeUInt32BE(this.clientWindowBytes, 4);
    this.toRelay(encodePacket(RELAY_TAG, ChunkType.sack, sack));
  }

  #handleInitAck(body: Buffer): void {
    const cookie = decodeParameters(body.subarray(16)).find(({ type }) => type === 7);
    this.#receiver ??= new SctpReceiver(body.readUInt32BE(12), 1024 * 1024, (message) => {
      this.clientGot.push(message);
    });
    this.#sender ??= new SctpSender(CLIENT_TSN, (chunkBytes, flags, write) => {
      const packet = startPacket(RELAY_TAG, ChunkType.data, flags, chunkBytes);
      write(packet, SCTP_HEADER_BYTES + 4);
      this.toRelay(packet);
    });
    this.#sender.open(body.readUInt32BE(4));
    this.toRelay(encodePacket(RELAY_TAG, ChunkType.cookieEcho, cookie?.value ?? Buffer.alloc(0)));
  }
}
