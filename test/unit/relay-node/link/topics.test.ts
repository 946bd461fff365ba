import { describe, expect, it } from 'vitest';
import { Topics } from '../../../../relay-node/src/link/topics.js';

describe('topics', () => {
  it('knows who is attached, once each', () => {
    const topics = new Topics<string>();
    topics.attach('ann', 't');
    topics.attach('ann', 't');
    topics.attach('bob', 't');
    expect([...(topics.membersOf('t') ?? [])]).toEqual(['ann', 'bob']);
    topics.detach('ann', 't');
    topics.detach('ann', 'never');
    expect([...(topics.membersOf('t') ?? [])]).toEqual(['bob']);
  });

  it('detaches one who leaves from everything and keeps no empty topic', () => {
    const topics = new Topics<string>();
    topics.attach('ann', 't');
    topics.attach('ann', 'u');
    topics.attach('bob', 'u');
    topics.detachAll('ann');
    topics.detachAll('ann');
    expect(topics.membersOf('t')).toBeUndefined();
    expect([...(topics.membersOf('u') ?? [])]).toEqual(['bob']);
    topics.detach('bob', 'u');
    expect(topics.topicCount).toBe(0);
  });
});
