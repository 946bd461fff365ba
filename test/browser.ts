/** Headless Chromium for tests and benches. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, chromiumPath } from './require-real.js';

/** A Chromium with an empty profile that is thrown away at the end. */
export type TestBrowser = { readonly context: BrowserContext; close(): Promise<void> };

/** How to start Chromium. */
export type BrowserOptions = {
  /** Sound needs a click. */
  readonly isAutoplayBlocked?: boolean;
  readonly flags?: readonly string[];
  /** Makes the command line that is really run, such as one in another network. */
  readonly wrap?: (argv: readonly string[]) => readonly string[];
};

/** Starts Chromium. Sound needs no click unless `isAutoplayBlocked`. */
export async function openBrowser(options: BrowserOptions = {}): Promise<TestBrowser> {
  if (!chromiumPath) throw new Error('Chromium is not on this machine: install it, or set CHROMIUM_PATH.');
  const profile = mkdtempSync(join(tmpdir(), 'freshet-chromium-'));
  const autoplay = options.isAutoplayBlocked ? [] : ['--autoplay-policy=no-user-gesture-required'];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: options.wrap ? writeWrapper(profile, options.wrap([chromiumPath])) : chromiumPath,
    args: [...CHROMIUM_FLAGS.filter((flag) => flag !== '--headless'), ...autoplay, ...(options.flags ?? [])],
    viewport: { width: 1280, height: 800 },
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** A program that runs `argv` with its own arguments added, for who can only name a program. */
function writeWrapper(folder: string, argv: readonly string[]): string {
  const path = join(folder, 'run-chromium');
  const words = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  writeFileSync(path, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  return path;
}

/** Between two looks at a page. */
const LOOK_MS = 50;

/**
 * Waits until an expression is true in the page. Asked from outside each time: the page's content security policy
 * lets nothing evaluate text inside, and stays in force.
 */
export async function untilTrue(page: Page, expression: string, timeoutMs: number = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await page.evaluate<boolean>(`Boolean(${expression})`))) {
    if (Date.now() > deadline) throw new Error(`not true within ${timeoutMs} ms: ${expression}`);
    await delay(LOOK_MS);
  }
}
