/** The watch page in a real browser, seen as a person sees it: pixels, status, figures. */

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type TestBrowser, untilTrue } from '../browser.js';

/** The player's own figures, as its `stats` property gives them. */
export type PlayerStats = Readonly<Record<string, unknown>> & {
  readonly piecesVerified: number;
  readonly piecesRefused: number;
  readonly epoch: number | undefined;
  readonly stallCount: number;
  readonly framesDropped: number;
};

/** One open watch page. */
export class PlayerPage {
  readonly page: Page;
  readonly errors: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  /** Opens the link. */
  static async open(browser: TestBrowser, link: string): Promise<PlayerPage> {
    const player = new PlayerPage(await browser.context.newPage());
    await player.page.goto(link);
    return player;
  }

  /** The player's figures now. */
  stats(): Promise<PlayerStats> {
    return this.page.evaluate<PlayerStats>("document.querySelector('freshet-player').stats");
  }

  /** The kind of the player's status now. */
  status(): Promise<string> {
    return this.page.evaluate<string>("document.querySelector('freshet-player').status.kind");
  }

  /** Frames the picture's element has shown so far. */
  frames(): Promise<number> {
    return this.page.evaluate<number>(
      "document.querySelector('freshet-player').shadowRoot.querySelector('video').getVideoPlaybackQuality().totalVideoFrames",
    );
  }

  /** Waits until the status is of this kind. */
  async untilStatus(kind: string, timeoutMs: number = 20_000): Promise<void> {
    await untilTrue(
      this.page,
      `document.querySelector('freshet-player')?.status?.kind === '${kind}'`,
      timeoutMs,
    );
  }

  /** Waits until `count` more frames were shown than at the call. */
  async untilFramesAdvance(count: number = 30, timeoutMs: number = 20_000): Promise<void> {
    await untilTrue(
      this.page,
      "document.querySelector('freshet-player')?.shadowRoot?.querySelector('video')",
    );
    const before = await this.frames();
    await expect
      .poll(() => this.frames(), { timeout: timeoutMs, interval: 100 })
      .toBeGreaterThan(before + count);
  }

  /** The words on the page, inside the player too. */
  words(): Promise<string> {
    return this.page.evaluate<string>(
      "document.body.innerText + ' ' + document.querySelector('freshet-player').shadowRoot.textContent",
    );
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
