import { type Input, type Output, Prng, type RunnerEffects, Session, SessionRunner } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { Broadcast } from '../../../sim/broadcast.js';

/** A platform whose clock and timers the test moves. */
class FakePlatform implements RunnerEffects {
  nowMs = 0;
  readonly outputs: Output[] = [];
  readonly timers: { readonly dueMs: number; readonly callback: () => void; isCancelled: boolean }[] = [];
  onOutput: (output: Output) => void = () => undefined;

  now(): number {
    return this.nowMs;
  }

  carryOut(output: Output): void {
    this.outputs.push(output);
    this.onOutput(output);
  }

  startTimer(delayMs: number, callback: () => void): () => void {
    const timer = { dueMs: this.nowMs + delayMs, callback, isCancelled: false };
    this.timers.push(timer);
    return () => {
      timer.isCancelled = true;
    };
  }

  /** Runs the timers that are due at `nowMs`, each once. */
  moveTo(nowMs: number): void {
    this.nowMs = nowMs;
    for (const timer of [...this.timers]) {
      if (timer.isCancelled || timer.dueMs > nowMs) continue;
      timer.isCancelled = true;
      timer.callback();
    }
  }
}

const broadcast = new Broadcast();

function createRunner(parents: readonly string[]): { platform: FakePlatform; runner: SessionRunner } {
  const platform = new FakePlatform();
  const { channelKey } = broadcast;
  const session = new Session({
    role: 'viewer',
    channelKey,
    agent: 'runner',
    prng: new Prng('runner'),
    parents,
  });
  return { platform, runner: new SessionRunner(session, platform) };
}

const kindsOf = ({ outputs }: FakePlatform): string[] => outputs.map(({ kind }) => kind);

describe('the runner', () => {
  it('carries out what an input asks for, and sets a timer for what follows', () => {
    const { platform, runner } = createRunner(['ws://a']);
    runner.handle({ kind: 'timeout' });
    expect(kindsOf(platform)).toEqual(['dial']);
    expect(platform.timers).toHaveLength(1);
  });

  it('lets an input that comes while it carries out join the running drain', () => {
    const { platform, runner } = createRunner(['ws://a']);
    let depth = 0;
    let depthMax = 0;
    platform.onOutput = (output) => {
      depthMax = Math.max(depthMax, ++depth);
      const next: Input | undefined =
        output.kind === 'dial' ? { kind: 'parent-opened', link: output.link } : undefined;
      if (next) runner.handle(next);
      depth--;
    };
    runner.handle({ kind: 'timeout' });
    expect(kindsOf(platform)).toEqual(['dial', 'transmit', 'transmit', 'transmit']);
    expect(depthMax).toBe(1);
  });

  it('dials again by its timer alone', () => {
    const { platform, runner } = createRunner(['ws://a']);
    runner.handle({ kind: 'timeout' });
    const [dial] = platform.outputs;
    if (dial?.kind === 'dial') runner.handle({ kind: 'closed', link: dial.link, code: 1006, reason: '' });
    for (let ms = 0; ms < 1_000; ms += 10) platform.moveTo(ms);
    expect(kindsOf(platform).filter((kind) => kind === 'dial')).toHaveLength(2);
  });

  it('lets what has arrived go before a timer that comes late', () => {
    const { platform, runner } = createRunner(['ws://a']);
    runner.handle({ kind: 'timeout' });
    const [dial] = platform.outputs;
    if (dial?.kind === 'dial') runner.handle({ kind: 'closed', link: dial.link, code: 1006, reason: '' });
    // The process was busy for ten seconds: the second dial has to wait for one more turn, and no longer.
    platform.moveTo(10_000);
    expect(kindsOf(platform).filter((kind) => kind === 'dial')).toHaveLength(1);
    platform.moveTo(10_000);
    expect(kindsOf(platform).filter((kind) => kind === 'dial')).toHaveLength(2);
  });

  it('does nothing more once it is closed', () => {
    const { platform, runner } = createRunner(['ws://a']);
    runner.handle({ kind: 'timeout' });
    runner.close();
    runner.close();
    expect(kindsOf(platform)).toEqual(['dial', 'close']);
    runner.handle({ kind: 'timeout' });
    platform.moveTo(1_000_000);
    expect(kindsOf(platform)).toEqual(['dial', 'close']);
  });
});
