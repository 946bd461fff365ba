/** How a relay comes to its end. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DRAIN_MS_MAX, stopGracefully } from '../../../../relay-node/src/settings/stop.js';

describe('stopping gracefully', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('moves the viewers first, tells how many are left, and closes then', async () => {
    const steps: string[] = [];
    const server = { linkCount: 2 };
    let finish = (): void => undefined;
    const drain = (): Promise<void> => {
      steps.push('drain');
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const close = async (): Promise<void> => {
      steps.push('close');
    };
    const stopped = stopGracefully({ drain, close, server }, (links) => steps.push(`${links} left`));
    server.linkCount = 1;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(steps).toEqual(['2 left', 'drain', '1 left']);
    finish();
    await stopped;
    expect(steps).toEqual(['2 left', 'drain', '1 left', 'close']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not wait for ever: the drain is told to end', async () => {
    let isClosed = false;
    const drain = (signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    const close = async (): Promise<void> => {
      isClosed = true;
    };
    const stopped = stopGracefully({ drain, close, server: { linkCount: 1 } }, () => undefined);
    await vi.advanceTimersByTimeAsync(DRAIN_MS_MAX - 1);
    expect(isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await stopped;
    expect(isClosed).toBe(true);
  });

  it('closes at once when nobody is attached, and when the drain fails', async () => {
    let closedCount = 0;
    const close = async (): Promise<void> => {
      closedCount += 1;
    };
    const drain = (): Promise<void> => Promise.reject(new Error('not now'));
    await stopGracefully({ drain, close, server: { linkCount: 0 } }, () => undefined);
    expect(closedCount).toBe(1);
    await expect(stopGracefully({ drain, close, server: { linkCount: 1 } }, () => undefined)).rejects.toThrow(
      'not now',
    );
    expect(closedCount).toBe(2);
  });
});
