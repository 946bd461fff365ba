import { EMPTY_SUMMARY, type Summary } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { AudienceModel, EXTRAS_MAX } from '../../../../broadcaster/src/audience/audience-model.js';
import { SUMMARY } from '../../proto/audience/summaries.js';

const LIVE = { state: 'live' as const, mediaBps: 2_000_000, renditionNames: new Map([[1, '720p']]) };
const START = 1_700_000_000_000;
const model = (isLinkLocal = false): AudienceModel =>
  new AudienceModel({ title: 'Test', startedMs: START, link: 'https://x.example/watch/fr1', isLinkLocal });
const told = (more: Partial<Summary> = {}): Summary => ({ ...EMPTY_SUMMARY, relays: 1, ...more });

describe('the model of the dashboard', () => {
  it('adds up joins and leaves, remembers the most, and names renditions', () => {
    const audience = model();
    audience.take(START + 1_000, SUMMARY, LIVE);
    audience.take(START + 2_000, told({ joins: 1, leaves: 3 }), LIVE);
    expect(audience.state).toMatchObject({ viewers: 0, viewersMost: 4, joins: 6, leaves: 4, state: 'live' });
    audience.take(
      START + 3_000,
      told({
        viewers: 2,
        renditions: new Map([
          [1, 1],
          [0, 1],
        ]),
      }),
      LIVE,
    );
    expect(audience.state.renditions).toEqual([{ id: 1, name: '720p', viewers: 2 }]);
    expect(audience.history.size).toBe(3);
  });

  it('tells pages what changed and nothing else, of the tree as well', () => {
    const audience = model();
    const first = audience.take(START + 1_000, SUMMARY, LIVE);
    expect(first.tree?.set).toHaveLength(4);
    const same = audience.take(START + 2_000, { ...SUMMARY, joins: 0, leaves: 0 }, LIVE);
    expect(Object.keys(same.state)).toEqual(['nowMs']);
    expect(same.tree).toBeUndefined();
    const nodes = SUMMARY.tree?.nodes.slice(0, 3) ?? [];
    const [last] = nodes.splice(2, 1, ...nodes.slice(2).map((node) => ({ ...node, isStalled: false })));
    const fewer = audience.take(START + 3_000, { ...SUMMARY, tree: { stripes: 2, nodes } }, LIVE);
    expect(fewer.tree).toEqual({
      isFull: false,
      stripes: 2,
      gone: [3],
      set: [[last?.id, 1, 1, 2, 1, 4, 0, 7, 7]],
    });
    expect(audience.full.tree?.set).toHaveLength(3);
  });

  it('tells parents by their numbers, and takes one of two nodes that claim one number', () => {
    const audience = model();
    const nodes = SUMMARY.tree?.nodes ?? [];
    const { tree } = audience.take(
      START,
      { ...SUMMARY, tree: { stripes: 2, nodes: [...nodes, ...nodes] } },
      LIVE,
    );
    expect(tree?.set).toHaveLength(4);
    expect(tree?.set.at(-1)?.slice(-2)).toEqual([0xffffffff, 2]);
  });

  it('warns in sentences of what can be helped, and stops when it is over', () => {
    const audience = model(true);
    audience.report({ encoder: { speed: 0.8, framesDropped: 30 } });
    const stalls = EMPTY_SUMMARY.stalls.map((_, bucket) => (bucket === 0 ? 80 : bucket === 3 ? 20 : 0));
    const crowd = told({ viewers: 100, stalls, relayBps: 9e7, peerBps: 1e7 });
    audience.take(START + 1_000, crowd, LIVE);
    const said = audience.state.warnings.join('\n');
    for (const words of ['slower than real time (0.80 x)', '20 of 100', 'only 10 %', '--public-url'])
      expect(said).toContain(words);
    audience.report({ encoder: { speed: 1 } });
    audience.take(START + 2_000, told({ viewers: 5, stalls: [5] }), { ...LIVE, state: 'ended' });
    expect(audience.state.warnings.join('\n')).not.toContain('real time');
  });

  it('takes figures of other parts by name, a bounded number of them', () => {
    const audience = model();
    for (let index = 0; index < EXTRAS_MAX + 5; index++)
      audience.report({ extras: { [`x${index}`]: index } });
    audience.report({ extras: { x0: 'news' } });
    audience.take(START, told(), LIVE);
    expect(Object.keys(audience.state.extras)).toHaveLength(EXTRAS_MAX);
    expect(audience.state.extras.x0).toBe('news');
  });
});
