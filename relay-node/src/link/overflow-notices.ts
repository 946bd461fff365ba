/**
 * Gathers the links that lost a message and tells of them once, outside of the fan-out loop: a handler that attached,
 * detached or closed in the middle of that loop would change what the loop walks over.
 */
export class OverflowNotices<Link> {
  readonly #links = new Set<Link>();
  readonly #tell: (link: Link) => void;
  #scheduled: NodeJS.Immediate | undefined;

  /** `tell` runs for each link, on a later turn of the event loop. */
  constructor(tell: (link: Link) => void) {
    this.#tell = tell;
  }

  /** A message was dropped for this link. */
  add(link: Link): void {
    this.#links.add(link);
    // Not a microtask: uWebSockets.js runs those as soon as its callback returns, still inside its own loop.
    this.#scheduled ??= setImmediate(() => this.#flush());
  }

  /** The link is gone; nothing more is told of it. */
  remove(link: Link): void {
    this.#links.delete(link);
  }

  /** Forgets everything. */
  close(): void {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    this.#links.clear();
  }

  #flush(): void {
    this.#scheduled = undefined;
    const links = [...this.#links];
    this.#links.clear();
    for (const link of links) this.#tell(link);
  }
}
