/** What the parts of one session share: the time, the way out, open verifications and counters. */

import { BURST_BYTES_MAX } from '../limits.js';
import type { Prng } from '../prng.js';
import { type MonoMs, monoMs } from '../time.js';
import type { Role } from '../wire/control.js';
import type { CreateAudience } from './audience-side.js';
import type { CreateCell } from './cell-side.js';
import type { LinkId, Output, RefusalKind, SessionEvent, VerifyRequest } from './io.js';

/** What a node is in the channel's tree. */
export type SessionRole = 'publisher' | 'relay' | 'viewer';

/** Fixed for the life of a session. */
export type SessionOptions = {
  readonly role: SessionRole;
  readonly channelKey: Uint8Array;
  /** Program name and version, sent in hellos. */
  readonly agent: string;
  readonly prng: Prng;
  /** WebSocket addresses of parents to dial, best first. A publisher has none. */
  readonly parents?: readonly string[];
  /** Put in front of every topic, for adapters that share topics between sessions. */
  readonly topicPrefix?: string;
  /** For the publisher, whose clock is the broadcast's: the wall time at its own time 0. */
  readonly wallAtZeroMs?: number;
  /** Bytes that may wait in one child's link while it catches up; {@link BURST_BYTES_MAX} if left out. */
  readonly burstBytesMax?: number;
  /** How long a viewer waits for a missing piece once a later keyframe is complete. */
  readonly patienceMs?: number;
  /** Makes a viewer take part in the mesh. */
  readonly mesh?: MeshOptions;
  /** Makes a relay plan the mesh of its viewers. */
  readonly cell?: CellOptions;
  /** Makes a relay count its audience. */
  readonly audience?: AudienceOptions;
  /** A relay's place among others. */
  readonly tree?: TreeOptions;
};

/** How a publisher or relay takes part in the tree of relays. */
export type TreeOptions = {
  /** Where viewers and other relays reach it; without it nobody is sent to it. */
  readonly origin?: string | undefined;
  /** By which parents find out that the origin is this node's: drawn at random by the adapter, told to parents alone. */
  readonly originToken?: string | undefined;
  /** Whether it takes one more child of this kind; without it, any number. Who is turned away is told where else to go. */
  readonly hasRoom?: (role: Role) => boolean;
  /** Of the children that it takes at most, in thousandths. */
  readonly loadPermille?: () => number;
  /** Takes from its parents only what children want; if not, the first rendition in any case. */
  readonly isOnDemand?: boolean;
};

/** A viewer's part in the mesh. */
export type MeshOptions = {
  /** Neighbours that it may feed at once. */
  readonly linksMax: number;
  /** What it may upload for others, in bits per second; 0: nothing. */
  readonly uplinkBps: number;
};

/** How a relay plans its cell. */
export type CellOptions = {
  /** `createCell`; handed in so that viewers' pages need not carry the planner. */
  readonly create: CreateCell;
  /** Viewers that the relay feeds in each stripe when the plan is complete. */
  readonly headsMax: number;
  /** An audience up to this size is fed by the relay alone; {@link headsMax} if left out. */
  readonly directMax?: number;
  /** UDP port of its STUN service; 0: none. */
  readonly stunPort: number;
};

/** How a publisher or relay counts its audience. */
export type AudienceOptions = {
  /** `createAudience`; handed in so that viewers' pages need not carry it. */
  readonly create: CreateAudience;
  /** Bytes sent to children so far: the session does not see the fan-out. */
  readonly egressBytes?: () => number;
};

/** Shared by the parts of a session; not for adapters. */
export class SessionContext {
  readonly options: SessionOptions;
  readonly topicPrefix: string;
  readonly burstBytesMax: number;
  /** The time of the input that is being handled. */
  now: MonoMs = monoMs(0);
  readonly refused: Record<RefusalKind, number> = {
    malformed: 0,
    'bad-signature': 0,
    'bad-certificate': 0,
    'wrong-epoch': 0,
    'out-of-window': 0,
    replayed: 0,
    overflow: 0,
    flood: 0,
    impostor: 0,
    loop: 0,
  };

  #outputs: Output[] = [];
  readonly #unsent = new Map<LinkId, number>();
  #head = 0;
  #nextVerifyId = 1;
  readonly #verifications = new Map<number, (ok: boolean) => void>();

  constructor(options: SessionOptions) {
    this.options = options;
    this.topicPrefix = options.topicPrefix ?? '';
    this.burstBytesMax = options.burstBytesMax ?? BURST_BYTES_MAX;
  }

  /** Queues an output. */
  emit(output: Output): void {
    this.#outputs.push(output);
    if (output.kind === 'transmit') this.#addUnsent(output.link, output.bytes.length);
  }

  /** Bytes of transmits to this link that are queued here and not yet with the adapter. */
  unsentBytes(link: LinkId): number {
    return this.#unsent.get(link) ?? 0;
  }

  /** Queues an event. */
  event(event: SessionEvent): void {
    this.emit({ kind: 'event', event });
  }

  /** Counts something that was refused and reports it. */
  refuse(link: LinkId, why: RefusalKind): void {
    this.refused[why]++;
    this.event({ kind: 'refused', link, why });
  }

  /** The next output; `undefined` when there is none. */
  poll(): Output | undefined {
    const output = this.#outputs[this.#head];
    if (output === undefined) {
      this.#outputs = [];
      this.#head = 0;
      return undefined;
    }
    this.#head++;
    if (output.kind === 'transmit') this.#addUnsent(output.link, -output.bytes.length);
    return output;
  }

  /** Verifications that are not answered yet. */
  get verifying(): number {
    return this.#verifications.size;
  }

  /** Asks for a verification; `then` runs when the answer comes in. */
  verify(request: VerifyRequest, then: (ok: boolean) => void): void {
    const id = this.#nextVerifyId++;
    this.#verifications.set(id, then);
    this.emit({ kind: 'verify', id, request });
  }

  /** Takes an answer. An unknown id is ignored: it was answered before. */
  answer(id: number, ok: boolean): void {
    const then = this.#verifications.get(id);
    this.#verifications.delete(id);
    then?.(ok);
  }

  #addUnsent(link: LinkId, bytes: number): void {
    const unsent = this.unsentBytes(link) + bytes;
    if (unsent === 0) this.#unsent.delete(link);
    else this.#unsent.set(link, unsent);
  }
}
