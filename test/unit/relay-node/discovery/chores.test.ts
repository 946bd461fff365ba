import { describe, expect, it } from 'vitest';
import { Chores } from '../../../../relay-node/src/discovery/chores.js';
import { HandClock } from './hand-clock.js';

describe('chores', () => {
  it('are done at once, then when they are due again, one at a time', async () => {
    const clock = new HandClock();
    const chores = new Chores(clock);
    const done: string[] = [];
    let running = 0;
    const chore = (name: string, everyMs: number) => async (): Promise<number> => {
      running += 1;
      await Promise.resolve();
      done.push(`${name} ${clock.now()} ${running}`);
      running -= 1;
      return everyMs;
    };
    chores.set('a', chore('a', 100));
    chores.set('b', chore('b', 250));
    for (let ring = 0; ring < 5; ring++) await clock.ring();
    expect(done).toEqual(['a 0 1', 'b 0 1', 'a 100 1', 'a 200 1', 'b 250 1']);
  });

  it('give way to a newer one of the same name, and are told', async () => {
    const clock = new HandClock();
    const chores = new Chores(clock);
    const done: string[] = [];
    const first = chores.set('a', () => Promise.resolve(done.push('first')));
    chores.set('a', () => Promise.resolve(done.push('second')));
    await clock.ring();
    expect([first.aborted, done, chores.size]).toEqual([true, ['second'], 1]);
  });

  it('are not done any more once they are deleted or closed', async () => {
    const clock = new HandClock();
    const chores = new Chores(clock);
    const deleted = chores.set('a', () => Promise.reject(new Error('not to be done')));
    chores.delete('a');
    await clock.ring();
    let runningSignal: AbortSignal | undefined;
    chores.set('b', (signal) => {
      runningSignal = signal;
      return new Promise(() => undefined);
    });
    await clock.ring();
    chores.close();
    const late = chores.set('c', () => Promise.reject(new Error('not to be done')));
    expect([deleted.aborted, runningSignal?.aborted, late.aborted, clock.dueAtMs]).toEqual([
      true,
      true,
      true,
      undefined,
    ]);
  });
});
