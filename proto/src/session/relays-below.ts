/** The relays below this one: what they are told of their place, and who is sent to them. */

import { PATH_MS, REDIRECTS_MAX, SIBLINGS_MAX } from '../limits.js';
import { addMs, type MonoMs } from '../time.js';
import type { ControlMessage, Hello, Role } from '../wire/control.js';
import type { Path, Redirect } from '../wire/tree-messages.js';
import type { SessionContext } from './context.js';
import type { LinkId } from './io.js';
import type { TreePlace } from './tree-place.js';

/** Load is told in steps of a tenth. */
const LOAD_STEP_PERMILLE = 100;

type RelayBelow = {
  readonly link: LinkId;
  /** Where others reach it, as it says. */
  readonly claimed: string | undefined;
  /** The same once it is proven: nobody is sent to an origin that only somebody's word speaks for. */
  origin: string | undefined;
  /** What it was told last, to say nothing twice. */
  told: string;
};

/** Keeps the child relays that speak of the tree. */
export class RelaysBelow {
  readonly #context: SessionContext;
  readonly #place: TreePlace;
  readonly #say: (link: LinkId, message: ControlMessage) => void;
  readonly #relays = new Map<LinkId, RelayBelow>();
  /** When the relays are told what has changed; `undefined` while nothing has. */
  #tellAt: MonoMs | undefined;
  #toldAt: MonoMs | undefined;
  /** Counts redirects, so that newcomers are spread over the relays below. */
  #turn = 0;

  constructor(
    context: SessionContext,
    place: TreePlace,
    say: (link: LinkId, message: ControlMessage) => void,
  ) {
    this.#context = context;
    this.#place = place;
    this.#say = say;
  }

  /** A child relay has said hello. It is told its place at once, and its origin is to be proven. */
  add(link: LinkId, hello: Pick<Hello, 'origin' | 'originToken'>): void {
    const { origin, originToken: token } = hello;
    const relay: RelayBelow = { link, claimed: origin, origin: undefined, told: '' };
    this.#relays.set(link, relay);
    if (origin !== undefined && token !== undefined)
      this.#context.event({ kind: 'origin-claimed', link, origin, token });
    this.#tell(relay);
    this.noteChange();
  }

  /** The child answers where it said. From now on others are sent there. */
  prove(link: LinkId): void {
    const relay = this.#relays.get(link);
    if (!relay || relay.origin !== undefined) return;
    relay.origin = relay.claimed;
    this.noteChange();
  }

  /** Origins that are proven, each once, in the order in which the relays came. */
  get origins(): readonly string[] {
    return [...new Set(this.#originsBelow())];
  }

  /** A child is gone; one that is no relay is none of this. */
  remove(link: LinkId): void {
    if (this.#relays.delete(link)) this.noteChange();
  }

  /** The place, the load or the siblings may have changed: whoever is concerned is told, at most each {@link PATH_MS}. */
  noteChange(): void {
    if (this.#relays.size === 0) return;
    const { now } = this.#context;
    this.#tellAt ??=
      this.#toldAt === undefined ? now : (Math.max(now, addMs(this.#toldAt, PATH_MS)) as MonoMs);
  }

  /** Tells what has changed, when it is time. */
  handleTimeout(): void {
    const { now } = this.#context;
    if (this.#tellAt === undefined || now < this.#tellAt) return;
    this.#tellAt = undefined;
    this.#toldAt = now;
    for (const relay of this.#relays.values()) this.#tell(relay);
  }

  /** When {@link handleTimeout} has something to do. */
  nextTimeout(): MonoMs | undefined {
    return this.#tellAt;
  }

  /**
   * Where a child is to go: to the relays below, to those beside this one, to the parent. A relay that is moved away is not
   * sent to another one that is moved as well.
   */
  redirectOf(role: Role, isLeaving: boolean): Redirect {
    const { siblings, origin } = this.#place.above;
    const below = isLeaving && role === 'relay' ? [] : this.#originsBelow();
    const turn = below.length === 0 ? 0 : this.#turn++ % below.length;
    const turned = [...below.slice(turn), ...below.slice(0, turn)];
    const beside = isLeaving && origin !== undefined ? [...siblings, origin] : siblings;
    // A place is kept for those beside: the ones below may be full, or go with this one.
    const own = this.#context.options.tree?.origin;
    const kept = turned.slice(0, Math.max(REDIRECTS_MAX - beside.length, REDIRECTS_MAX / 2));
    const relays = [...new Set([...kept, ...beside])].filter((relay) => relay !== own);
    return { kind: 'redirect', relays: relays.slice(0, REDIRECTS_MAX), isLeaving };
  }

  #originsBelow(): string[] {
    const origins: string[] = [];
    for (const { origin } of this.#relays.values()) if (origin !== undefined) origins.push(origin);
    return origins;
  }

  #tell(relay: RelayBelow): void {
    const load = this.#context.options.tree?.loadPermille?.() ?? 0;
    const path: Path = {
      kind: 'path',
      nodes: this.#place.path,
      loadPermille: Math.floor(Math.min(load, 1000) / LOAD_STEP_PERMILLE) * LOAD_STEP_PERMILLE,
      siblings: this.#siblingsOf(relay),
    };
    const said = JSON.stringify(path);
    if (said === relay.told) return;
    relay.told = said;
    this.#say(relay.link, path);
  }

  /** The first few others: a list that changes little, so that joins of relays are not told to all. */
  #siblingsOf({ link, claimed }: RelayBelow): string[] {
    const siblings: string[] = [];
    for (const other of this.#relays.values()) {
      if (siblings.length === SIBLINGS_MAX) break;
      if (other.link === link || other.origin === undefined || other.origin === claimed) continue;
      siblings.push(other.origin);
    }
    return siblings;
  }
}
