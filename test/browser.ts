/** Headless Chromium for tests and benches. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, chromiumPath } from './require-real.js';

/** A Chromium with an empty profile that is thrown away at the end. */
export type TestBrowser = { readonly context: BrowserContext; close(): Promise<void> };

/** Starts Chromium. Sound needs no click unless `isAutoplayBlocked`. */
export async function openBrowser(
  options: { readonly isAutoplayBlocked?: boolean } = {},
): Promise<TestBrowser> {
  if (!chromiumPath) throw new Error('Chromium is not on this machine: install it, or set CHROMIUM_PATH.');
  const profile = mkdtempSync(join(tmpdir(), 'freshet-chromium-'));
  const autoplay = options.isAutoplayBlocked ? [] : ['--autoplay-policy=no-user-gesture-required'];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    args: [...CHROMIUM_FLAGS.filter((flag) => flag !== '--headless'), ...autoplay],
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
