/** What a viewer tells its relay about itself and its neighbours. */

import { PROBE_BYTES_MAX, PROBE_STEP_BYTES, PROBES_ANSWERED_MAX, REPORT_MS } from '../../limits.js';
import { type PeerId, RELAY, type ReportKind } from '../../plan/index.js';
import { addMs, type MonoMs } from '../../time.js';
import type { ControlMessage } from '../../wire/control.js';
import type { Edge } from '../../wire/mesh-messages.js';
import type { ClockSync } from '../clock-sync.js';
import type { SessionContext } from '../context.js';
import type { StripeSources } from './stripe-sources.js';

/** Reports of which the time is remembered; beyond it the oldest is forgotten. */
const REPORTS_REMEMBERED_MAX = 64;

/** Speaks to the relay in use; nothing is said while there is none. */
export class RelayTalk {
  readonly #context: SessionContext;
  readonly #clock: ClockSync;
  readonly #linksMax: number;
  readonly #say: (message: ControlMessage) => void;
  /** This viewer's number among its neighbours, and what proves it. */
  readonly #peer: PeerId;
  readonly #secret: number;
  readonly #reported = new Map<string, MonoMs>();
  #hasShared = false;
  /** Of the relay in use. */
  #probesAnswered = 0;

  constructor(
    context: SessionContext,
    clock: ClockSync,
    linksMax: number,
    say: (message: ControlMessage) => void,
  ) {
    this.#context = context;
    this.#clock = clock;
    this.#linksMax = linksMax;
    this.#say = say;
    const prng = context.options.prng.fork('mesh');
    this.#peer = 1 + prng.uint32() * 2 ** 20 + (prng.uint32() >>> 12);
    this.#secret = prng.uint32() * 2 ** 20 + (prng.uint32() >>> 12);
  }

  /** This viewer's number. */
  get peer(): PeerId {
    return this.#peer;
  }

  /** Whether the relay in use knows what this viewer takes and gives. */
  get hasShared(): boolean {
    return this.#hasShared;
  }

  /** Another relay is in use: it knows nothing yet. */
  restart(): void {
    this.#hasShared = false;
    this.#probesAnswered = 0;
  }

  /** Tells what this viewer takes and can carry. */
  share(sources: StripeSources, renditionId: number, uplinkBps: number): void {
    const kept: Edge[] = [];
    for (let stripe = 0; stripe < sources.count; stripe++) {
      const current = sources.current(stripe);
      if (current !== RELAY) kept.push({ stripe, parent: current.peer });
    }
    this.#hasShared = true;
    this.#say({
      kind: 'share',
      peer: this.#peer,
      secret: this.#secret,
      renditionId,
      uplinkBps: Math.floor(uplinkBps),
      linksMax: this.#linksMax,
      rttMs: Math.round(this.#clock.rttMs ?? 0),
      kept,
    });
  }

  /** Sends the padding by which the relay measures the uplink; a relay that asks for more than that is not heard. */
  answerProbe(bytes: number): void {
    if (this.#probesAnswered >= PROBES_ANSWERED_MAX) return;
    this.#probesAnswered++;
    let left = Math.min(bytes, PROBE_BYTES_MAX);
    for (; left > 0; left -= PROBE_STEP_BYTES) {
      const padding = new Uint8Array(Math.min(left, PROBE_STEP_BYTES));
      this.#say({ kind: 'probe', bytes: 0, padding });
    }
  }

  /** Says what is wrong with a neighbour, unless it was said a moment ago. */
  report(peer: PeerId, why: ReportKind): void {
    const { now } = this.#context;
    const key = `${why} ${peer}`;
    const last = this.#reported.get(key);
    if (last !== undefined && now < addMs(last, REPORT_MS)) return;
    this.#reported.delete(key);
    this.#reported.set(key, now);
    const [oldest] = this.#reported.keys();
    if (this.#reported.size > REPORTS_REMEMBERED_MAX && oldest !== undefined) this.#reported.delete(oldest);
    this.#say({ kind: 'report', peer, why });
  }
}
