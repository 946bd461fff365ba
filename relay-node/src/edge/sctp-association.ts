/**
 * The relay's end of an SCTP association inside DTLS: it waits for the other end to begin, and has one stream, in
 * order and without losses, each way. Code of its own because werift's takes in without a bound, rejects promises
 * that nobody holds, and waits a second at least for what was lost (0.24.4).
 *
 * Without I/O: packets and the time come in, `emit` takes packets out, `deadlineMs` says when to come again.
 */

import { RECEIVE_WINDOW_BYTES, type ReceiveFault, SctpReceiver } from './sctp-receiver.js';
import { type Sack, SctpSender } from './sctp-sender.js';
import {
  type Chunk,
  ChunkType,
  decodePacket,
  decodeParameters,
  encodePacket,
  encodeParameters,
  type Parameter,
  SCTP_HEADER_BYTES,
  sealPacket,
  startPacket,
} from './sctp-wire.js';

/** Streams told to the other end each way: one is used, and engines count from 0. */
const STREAMS = 16;

const COOKIE = 0x0007;
/** "A wrong checksum is fine, DTLS has one already" (RFC 9653). */
const ZERO_CHECKSUM = 0x8001;
const OUTGOING_RESET = 0x000d;

/** Random numbers of one association, from the platform's generator. */
export type AssociationSeed = { readonly tag: number; readonly firstTsn: number; readonly cookie: Buffer };

/** What an association does to the outside. None may throw. */
export type AssociationHandlers = {
  /** A packet to be sent in one DTLS record. */
  emit(packet: Buffer): void;
  /** Messages can be sent. */
  onOpen(): void;
  /** A message, which belongs to the handler. */
  onMessage(bytes: Buffer): void;
  /** The other end is gone (`undefined`) or broke the rules; nothing follows. */
  onEnd(fault: ReceiveFault | undefined): void;
};

/** One association. */
export class SctpAssociation {
  readonly #seed: AssociationSeed;
  readonly #handlers: AssociationHandlers;
  readonly #messageBytesMax: number;
  readonly #sender: SctpSender;
  #receiver: SctpReceiver | undefined;
  #state: 'waiting' | 'open' | 'ended' = 'waiting';
  #peerTag = 0;
  #hasChecksum = true;

  constructor(seed: AssociationSeed, messageBytesMax: number, handlers: AssociationHandlers) {
    this.#seed = seed;
    this.#handlers = handlers;
    this.#messageBytesMax = messageBytesMax;
    this.#sender = new SctpSender(seed.firstTsn, (chunkBytes, flags, write) => {
      const packet = startPacket(this.#peerTag, ChunkType.data, flags, chunkBytes);
      write(packet, SCTP_HEADER_BYTES + 4);
      this.#emit(packet);
    });
  }

  /** Bytes of messages that have not been sent once. */
  get waitingBytes(): number {
    return this.#sender.waitingBytes;
  }

  /** Everything sent has arrived. */
  get isIdle(): boolean {
    return this.#sender.isIdle;
  }

  /** When to call `handleTimeout`. */
  get deadlineMs(): number | undefined {
    return this.#state === 'open' ? this.#sender.deadlineMs : undefined;
  }

  /** Sends a message, not empty; nothing unless it is open. */
  send(nowMs: number, bytes: Uint8Array): void {
    if (this.#state === 'open') this.#sender.send(nowMs, bytes);
  }

  /** Takes a packet, whatever it says. */
  handlePacket(nowMs: number, bytes: Buffer): void {
    const packet = decodePacket(bytes);
    if (packet === undefined) return;
    const isInit = packet.chunks[0]?.type === ChunkType.init;
    if (packet.tag !== (isInit ? 0 : this.#seed.tag)) return;
    let hasData = false;
    for (const chunk of packet.chunks) {
      if (this.#state === 'ended') return;
      if (chunk.type === ChunkType.data) {
        hasData = true;
        const fault = this.#receiver?.handleData(chunk.flags, chunk.body);
        if (fault !== undefined) return this.#end(fault);
      } else this.#handleChunk(nowMs, chunk);
    }
    if (!hasData || this.#receiver === undefined || this.#state === 'ended') return;
    this.#emit(encodePacket(this.#peerTag, ChunkType.sack, this.#receiver.encodeSack()));
  }

  /** Sends again what was lost; ends when nobody answers any more. */
  handleTimeout(nowMs: number): void {
    if (this.#state !== 'open') return;
    this.#sender.handleTimeout(nowMs);
    if (this.#sender.isDead) this.#end(undefined);
  }

  /** Tells the other end, without waiting for anything. */
  abort(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    if (this.#peerTag !== 0) this.#emit(encodePacket(this.#peerTag, ChunkType.abort, Buffer.alloc(0)));
  }

  #handleChunk(nowMs: number, { type, body }: Chunk): void {
    switch (type) {
      case ChunkType.init:
        return this.#handleInit(body);
      case ChunkType.cookieEcho:
        return this.#handleCookie(body);
      case ChunkType.sack: {
        const sack = this.#state === 'open' ? decodeSack(body) : undefined;
        if (sack) this.#sender.handleSack(nowMs, sack);
        return;
      }
      case ChunkType.heartbeat:
        return this.#emit(encodePacket(this.#peerTag, ChunkType.heartbeatAck, body));
      case ChunkType.shutdown:
        this.#emit(encodePacket(this.#peerTag, ChunkType.shutdownAck, Buffer.alloc(0)));
        return this.#end(undefined);
      case ChunkType.abort:
        return this.#end(undefined);
      case ChunkType.reconfig:
        // The only channel is closed at the other end.
        if (decodeParameters(body).some((parameter) => parameter.type === OUTGOING_RESET))
          this.#end(undefined);
        return;
    }
  }

  #handleInit(body: Buffer): void {
    if (this.#state !== 'waiting' || body.length < 16) return;
    const peerTag = body.readUInt32BE(0);
    if (peerTag === 0) return;
    this.#peerTag = peerTag;
    this.#sender.open(body.readUInt32BE(4));
    this.#receiver = new SctpReceiver(body.readUInt32BE(12), this.#messageBytesMax, (bytes) => {
      if (this.#state === 'open') this.#handlers.onMessage(bytes);
    });
    const wish = decodeParameters(body.subarray(16)).find(({ type }) => type === ZERO_CHECKSUM);
    const isFree = wish?.value.length === 4 && wish.value.readUInt32BE(0) === 1;
    const parameters: Parameter[] = [{ type: COOKIE, value: this.#seed.cookie }];
    if (isFree && wish) parameters.push(wish);
    const head = Buffer.allocUnsafe(16);
    head.writeUInt32BE(this.#seed.tag, 0);
    head.writeUInt32BE(RECEIVE_WINDOW_BYTES, 4);
    head.writeUInt16BE(STREAMS, 8);
    head.writeUInt16BE(STREAMS, 10);
    head.writeUInt32BE(this.#seed.firstTsn, 12);
    const answer = Buffer.concat([head, encodeParameters(parameters)]);
    // This packet itself has its checksum in any case (RFC 9653 §5.2).
    this.#hasChecksum = true;
    this.#emit(encodePacket(peerTag, ChunkType.initAck, answer));
    this.#hasChecksum = !isFree;
  }

  #handleCookie(body: Buffer): void {
    if (this.#receiver === undefined || !body.equals(this.#seed.cookie)) return;
    this.#emit(encodePacket(this.#peerTag, ChunkType.cookieAck, Buffer.alloc(0)));
    if (this.#state !== 'waiting') return;
    this.#state = 'open';
    this.#handlers.onOpen();
  }

  #emit(packet: Buffer): void {
    this.#handlers.emit(this.#hasChecksum ? sealPacket(packet) : packet);
  }

  #end(fault: ReceiveFault | undefined): void {
    if (this.#state === 'ended') return;
    if (fault !== undefined) this.abort();
    this.#state = 'ended';
    this.#handlers.onEnd(fault);
  }
}

function decodeSack(body: Buffer): Sack | undefined {
  if (body.length < 12) return undefined;
  const count = body.readUInt16BE(8);
  if (12 + 4 * count > body.length) return undefined;
  const gaps: [number, number][] = [];
  for (let at = 12; at < 12 + 4 * count; at += 4)
    gaps.push([body.readUInt16BE(at), body.readUInt16BE(at + 2)]);
  return { cumulativeTsn: body.readUInt32BE(0), windowBytes: body.readUInt32BE(4), gaps };
}
