/** Links that end with their page: the browser itself just falls silent, which the other end notices much later. */

import { CloseCode } from '@freshet/proto';

type Closable = { close(code: number, reason: string): void };
type Owner = { onClose(code: number, reason: string): void };

/** The links of a page that have not closed. */
export class PageLinks<Link extends Closable, Handlers extends Owner> {
  /** With how to tell their owners that the page has closed them. */
  readonly #live = new Map<Link, Handlers>();

  constructor() {
    addEventListener('pagehide', () => {
      const ended = [...this.#live];
      this.#live.clear();
      for (const [link, handlers] of ended) {
        link.close(CloseCode.goingAway, 'the page is gone');
        // A page that comes back from the browser's cache must know that its links have not.
        handlers.onClose(CloseCode.goingAway, 'the page was away');
      }
    });
  }

  /** The link was made. */
  add(link: Link, handlers: Handlers): void {
    this.#live.set(link, handlers);
  }

  /** The link has closed. */
  delete(link: Link): void {
    this.#live.delete(link);
  }
}
