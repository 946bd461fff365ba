import { type Catalog, decodeCatalog } from '@freshet/proto';
import { createKeyPair } from '@freshet/relay-node';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MediaFormat } from '../../../../broadcaster/src/ingest/media-source.js';
import { EpochSigners } from '../../../../broadcaster/src/keys/epoch-signer.js';
import { Broadcast } from '../../../../broadcaster/src/live/broadcast.js';
import { MARKERS_MAX, PAUSE_REASON, Show } from '../../../../broadcaster/src/show/show.js';

const START_MS = 1_700_000_000_000;
const format: MediaFormat = {
  mimeType: 'video/mp4; codecs="avc1.64001f"',
  width: 640,
  height: 360,
  frameRateMilli: 30_000,
  bitrate: 1_000_000,
  initSegment: new Uint8Array([1, 2, 3]),
  mode: 'encoded',
  describe: 'test',
};
const chunk = (isKeyframe: boolean) => ({
  bytes: new Uint8Array(100),
  isKeyframe,
  mediaTimeUs: 0,
  durationUs: 500_000,
});

describe('a show', () => {
  let now: number;
  let catalogs: Catalog[];
  let pieceCount: number;
  let tapped: string[];

  const create = (startsMs?: number): { show: Show; broadcast: Broadcast } => {
    const broadcast = new Broadcast({
      signers: new EpochSigners({ kind: 'channel-key', channel: createKeyPair() }),
      title: 'test',
      words: { startsMs },
      wallNow: () => now,
      sink: {
        publishCatalog: (signed) => {
          const catalog = decodeCatalog(signed.catalog);
          if (catalog) catalogs.push(catalog);
        },
        publishPiece: () => pieceCount++,
      },
    });
    const tap = { begin: () => tapped.push('begin'), add: () => tapped.push('add') };
    const show = new Show({ broadcast, startsMs, taps: [tap], wallNow: () => now });
    return { show, broadcast };
  };

  beforeEach(() => {
    now = START_MS;
    catalogs = [];
    pieceCount = 0;
    tapped = [];
  });

  it('sends nothing while it is paused, says why, and goes on with the next keyframe in a new epoch', () => {
    const { show } = create();
    show.begin(format);
    show.add(chunk(true));
    show.pause();
    show.add(chunk(true));
    expect(catalogs.at(-1)).toMatchObject({ state: 'waiting', reason: PAUSE_REASON });
    now += 1_000;
    show.resume();
    show.add(chunk(false));
    expect([pieceCount, catalogs.at(-1)?.state]).toEqual([1, 'waiting']);
    show.add(chunk(true));
    expect(catalogs.at(-1)).toMatchObject({ state: 'live', epoch: START_MS + 1_000 });
    expect(catalogs.at(-1)?.reason).toBeUndefined();
    expect(tapped).toEqual(['begin', 'add', 'begin', 'add']);
  });

  it('begins by itself at its time, with what the source delivers then', () => {
    const { show } = create(START_MS + 60_000);
    expect(catalogs[0]).toMatchObject({ state: 'waiting', startsMs: START_MS + 60_000 });
    show.begin(format);
    show.add(chunk(true));
    show.handleTime();
    expect([show.phase, pieceCount]).toEqual(['scheduled', 0]);
    now += 60_000;
    show.handleTime();
    show.add(chunk(true));
    expect([show.phase, pieceCount]).toEqual(['on', 1]);
    expect(catalogs.at(-1)).toMatchObject({ state: 'live', startedMs: START_MS + 60_000 });
    expect(catalogs.at(-1)?.startsMs).toBeUndefined();
  });

  it('calls for a source that is to begin with it once, when it goes on air', () => {
    const { show } = create(START_MS + 60_000);
    let calls = 0;
    show.whenOn(() => calls++);
    expect(calls).toBe(0);
    show.resume();
    show.end();
    show.resume();
    expect(calls).toBe(1);
    show.whenOn(() => calls++);
    expect(calls).toBe(2);
  });

  it('begins earlier when asked to, and tells nobody a time any more that has lost its meaning', () => {
    const { show } = create(START_MS + 60_000);
    show.resume();
    expect(show.phase).toBe('on');
    expect(catalogs.at(-1)).toMatchObject({ state: 'waiting' });
    expect(catalogs.at(-1)?.startsMs).toBeUndefined();
    show.begin(format);
    expect(catalogs.at(-1)?.state).toBe('live');
  });

  it('ends without ending the link: it may be announced anew, and begins as another show', () => {
    const { show } = create();
    show.begin(format);
    show.add(chunk(true));
    show.mark('one');
    show.end();
    show.add(chunk(true));
    expect([catalogs.at(-1)?.state, pieceCount]).toEqual(['ended', 1]);
    now += 5_000;
    show.schedule(now + 1_000);
    expect(catalogs.at(-1)).toMatchObject({ state: 'waiting', startsMs: now + 1_000 });
    now += 1_000;
    show.handleTime();
    show.add(chunk(true));
    expect(catalogs.at(-1)).toMatchObject({ state: 'live', startedMs: now, epoch: now });
  });

  it('forgets markers and time with a new show, not with a pause', () => {
    const { show } = create();
    show.begin(format);
    show.add(chunk(true));
    expect(show.mark('  a\n b ')).toMatchObject({ title: 'a b', mediaMs: 500 });
    show.pause();
    show.resume();
    expect(show.markers).toHaveLength(1);
    show.end();
    show.resume();
    expect([show.markers.length, show.mediaMs]).toEqual([0, 0]);
  });

  it('waits for its source when it is resumed without one', () => {
    const { show } = create();
    show.begin(format);
    show.pause();
    show.wait();
    show.resume();
    expect(catalogs.at(-1)?.state).toBe('waiting');
    expect(catalogs.at(-1)?.reason).toBeUndefined();
    show.begin(format);
    expect(catalogs.at(-1)?.state).toBe('live');
  });

  it('refuses in a sentence what makes no sense', () => {
    const { show } = create();
    expect(() => show.mark('x')).toThrow('while the show is on air');
    show.begin(format);
    expect(() => show.schedule(START_MS + 5)).toThrow('on air');
    for (let index = 0; index < MARKERS_MAX; index++) show.mark('');
    expect(() => show.mark('x')).toThrow('at most');
    show.pause();
    expect(() => show.pause()).toThrow('nothing to pause');
  });

  it('tells viewers new words at once', () => {
    const { broadcast } = create();
    broadcast.describe({ title: 'new', description: 'about', posterDigest: new Uint8Array(32) });
    expect(catalogs.at(-1)).toMatchObject({ title: 'new', description: 'about', revision: 1 });
  });
});
