import { type Catalog, mediaUs, PieceCutter, wallMs } from '@freshet/proto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type HlsAnswer, HlsChannel } from '../../../../relay-node/src/hls/hls-channel.js';
import { type Directives, parseDirectives, parseHlsTarget } from '../../../../relay-node/src/hls/hls-path.js';
import {
  BACKLOG_MS,
  BLOCKED_MS_MAX,
  LIVE_SEGMENTS_MAX,
  WANTED_MS,
} from '../../../../relay-node/src/hls/limits.js';
import type { SegmentStore } from '../../../../relay-node/src/hls/segment-store.js';
import { WaitingRoom } from '../../../../relay-node/src/hls/waiting-room.js';
import { body, run, segment } from '../window/segments.js';
import { catalog, EPOCH, rendition, TestClock, TestPublisher } from './broadcast.js';

const FIRST = Math.floor(EPOCH / 1000);

let clock: TestClock;
let room: WaitingRoom;
let channel: HlsChannel;
let publisher: TestPublisher;

const make = (announced: Catalog = catalog()): void => {
  clock = new TestClock();
  room = new WaitingRoom(clock, 3);
  channel = new HlsChannel({ room, startedMs: EPOCH });
  channel.addCatalog(announced);
  publisher = new TestPublisher();
};

/** Publishes so many seconds of it, as time goes on. */
const publish = (seconds: number, from: TestPublisher = publisher): void => {
  for (let frame = 0; frame < Math.round(seconds * 30); frame++) {
    for (const message of from.next(1)) channel.addPiece(message);
    clock.advance(1000 / 30);
  }
};

const ask = (rest: string, query: string = ''): Promise<HlsAnswer> => {
  const target = parseHlsTarget(rest);
  const directives: Directives | undefined = parseDirectives(query);
  if (!target || !directives) throw new Error(`not a request: ${rest}?${query}`);
  return channel.answer(target, directives);
};

const text = async (answer: Promise<HlsAnswer>): Promise<string> => {
  const settled = await answer;
  if (settled.kind !== 'playlist') throw new Error(`no playlist: ${JSON.stringify(settled)}`);
  return settled.text;
};

const mediaUris = (playlist: string): string[] =>
  playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

const status = async (answer: Promise<HlsAnswer>): Promise<number> => {
  const settled = await answer;
  return settled.kind === 'refused' ? settled.status : 200;
};

describe('a channel as HLS', () => {
  beforeEach(() => make());

  it('cuts nothing before somebody asks, and then begins with what it kept', async () => {
    publish(7);
    expect([channel.isWanted, channel.heldBytes]).toEqual([false, 0]);
    const playlist = await text(ask('1/live.m3u8'));
    expect(channel.isWanted).toBe(true);
    expect(mediaUris(playlist)).toEqual([0, 1, 2].map((n) => `segment-${FIRST + n}-${EPOCH + n * 2000}.m4s`));
    expect(playlist).not.toContain('DISCONTINUITY\n');
  });

  it('keeps no more than the last seconds for who asks first', async () => {
    publish(60);
    const [first] = mediaUris(await text(ask('1/live.m3u8')));
    const keptFromMs = Number(/-(\d+)\.m4s/.exec(first ?? '')?.[1]) - EPOCH;
    expect(keptFromMs).toBeGreaterThanOrEqual(60_000 - BACKLOG_MS);
  });

  it('lets go of everything when nobody has asked for long, and goes on with higher numbers', async () => {
    publish(5);
    await ask('1/live.m3u8');
    publish(20);
    expect(channel.heldBytes).toBeGreaterThan(0);
    clock.advance(WANTED_MS);
    expect([channel.isWanted, channel.heldBytes, clock.timerCount]).toEqual([false, 0, 0]);
    publish(5);
    const playlist = await text(ask('1/live.m3u8'));
    const first = Number(/MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1]);
    expect(first).toBeGreaterThan(FIRST + 10);
    expect(playlist).toContain('#EXT-X-DISCONTINUITY\n');
  });

  it('lets a player wait that comes before the broadcast, and not for ever', async () => {
    make(catalog({ state: 'waiting', renditions: [] }));
    const early = text(ask('index.m3u8'));
    expect(room.count).toBe(1);
    channel.addCatalog(catalog({ revision: 2 }));
    expect(await early).toContain('\n1/live.m3u8\n');
    const first = text(ask('1/live.m3u8'));
    publish(2.1);
    expect(mediaUris(await first)).toHaveLength(1);
    make(catalog({ state: 'waiting', renditions: [] }));
    const inVain = status(ask('index.m3u8'));
    clock.advance(BLOCKED_MS_MAX);
    expect(await inVain).toBe(404);
  });

  it('gives the segments and parts that it lists, byte for byte', async () => {
    publish(5);
    const playlist = await text(ask('1/live.m3u8'));
    const [segment = ''] = mediaUris(playlist);
    const whole = await ask(`1/${segment}`);
    const partUris = [...playlist.matchAll(/#EXT-X-PART:.*URI="([^"]+)"/g)].map(([, uri]) => uri ?? '');
    expect(partUris).toHaveLength(25);
    const parts: number[] = [];
    for (const uri of partUris.slice(0, 10)) {
      const part = await ask(`1/${uri}`);
      if (part.kind === 'media') parts.push(...part.bytes);
    }
    expect(whole.kind === 'media' && [...whole.bytes]).toEqual(parts);
    expect(parts).toHaveLength(60 * 100);
    const mapUri = /EXT-X-MAP:URI="([^"]+)"/.exec(playlist)?.[1] ?? '';
    expect(await ask(`1/${mapUri}`)).toEqual({ kind: 'media', bytes: rendition(1).initSegment });
  });

  it('holds a playlist back until the part that was asked for is there (clause 6.2.5.2)', async () => {
    publish(4.1);
    const sequence = FIRST + 2;
    await ask('1/live.m3u8');
    let answered: string | undefined;
    const waiting = text(ask('1/live.m3u8', `_HLS_msn=${sequence}&_HLS_part=1`)).then((playlist) => {
      answered = playlist;
    });
    publish(0.2);
    await Promise.resolve();
    expect([answered, room.count]).toEqual([undefined, 1]);
    publish(0.2);
    await waiting;
    expect(answered).toContain('part-1767225600000-21.m4s');
    expect([room.count, clock.timerCount]).toEqual([0, 1]);
  });

  it('takes a part after the last of a segment for the first of the next', async () => {
    publish(3.95);
    await ask('1/live.m3u8');
    const waiting = text(ask('1/live.m3u8', `_HLS_msn=${FIRST + 1}&_HLS_part=10`));
    expect(room.count).toBe(1);
    // The segment ends here, after ten parts, and the next has none yet.
    publish(0.15);
    expect(mediaUris(await text(ask('1/live.m3u8')))).toHaveLength(2);
    expect(room.count).toBe(1);
    publish(0.2);
    expect(await waiting).toContain('part-1767225600000-20.m4s');
  });

  it('holds the hinted part back until it is complete (clause 6.2.6)', async () => {
    publish(4.05);
    const playlist = await text(ask('1/live.m3u8'));
    const hint = /PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/.exec(playlist)?.[1] ?? '';
    const waiting = ask(`1/${hint}`);
    expect(room.count).toBe(1);
    publish(0.3);
    expect(await waiting).toMatchObject({ kind: 'media', bytes: { length: 600 } });
  });

  it.each([
    ['a segment', '1/live.m3u8', `_HLS_msn=${FIRST + 4}`],
    ['a part', '1/live.m3u8', `_HLS_msn=${FIRST + 2}&_HLS_part=30`],
    ['a part by its name', '1/part-1767225600000-500.m4s', ''],
  ])('refuses %s far in the future at once', async (_what, rest, query) => {
    publish(4.1);
    await ask('1/live.m3u8');
    expect(await status(ask(rest, query))).toBe(400);
    expect(room.count).toBe(0);
  });

  it('answers 503 when no more may wait, and others go on', async () => {
    publish(4.1);
    await ask('1/live.m3u8');
    const query = `_HLS_msn=${FIRST + 2}`;
    const waiting = [0, 1, 2].map(() => status(ask('1/live.m3u8', query)));
    expect(await status(ask('1/live.m3u8', query))).toBe(503);
    expect(await status(ask('1/part-1767225600000-20.m4s'))).toBe(503);
    expect(await status(ask('1/live.m3u8'))).toBe(200);
    publish(2.1);
    expect(await Promise.all(waiting)).toEqual([200, 200, 200]);
    expect(room.count).toBe(0);
  });

  it('answers with what there is when nothing comes for three target durations', async () => {
    publish(4.1);
    const before = await text(ask('1/live.m3u8'));
    const waiting = text(ask('1/live.m3u8', `_HLS_msn=${FIRST + 2}&_HLS_part=3`));
    clock.advance(BLOCKED_MS_MAX);
    expect(await waiting).toBe(before);
  });

  it('leaves out of a delta update what is older than the skip boundary', async () => {
    publish(5);
    await ask('1/live.m3u8');
    publish(20);
    const whole = await text(ask('1/live.m3u8'));
    const delta = await text(ask('1/live.m3u8', '_HLS_skip=YES'));
    const skipped = Number(/SKIPPED-SEGMENTS=(\d+)/.exec(delta)?.[1]);
    expect(skipped).toBeGreaterThan(0);
    expect(mediaUris(delta)).toEqual(mediaUris(whole).slice(skipped));
    expect(mediaUris(delta).length).toBeGreaterThanOrEqual(6);
  });

  it('keeps half a minute, however long it runs', async () => {
    publish(3);
    await ask('1/live.m3u8');
    let heldMax = 0;
    for (let round = 0; round < 9; round++) {
      publish(20);
      await ask('1/live.m3u8');
      heldMax = Math.max(heldMax, channel.heldBytes);
    }
    expect(mediaUris(await text(ask('1/live.m3u8')))).toHaveLength(15);
    expect(heldMax).toBeLessThan(42 * 30 * 100);
  });

  it('keeps a bounded number of segments of a broadcaster whose media has no length', async () => {
    await ask('index.m3u8');
    const cutter = new PieceCutter({
      epoch: EPOCH,
      renditionId: 1,
      sign: () => new Uint8Array(64),
      digest: () => new Uint8Array(32),
    });
    for (let index = 0; index < 1_000; index++) {
      const mediaTimeUs = mediaUs((index % 2) * 1e9);
      const uncut = { isKeyframe: true, durationUs: 0, captureMs: wallMs(EPOCH), bytes: new Uint8Array(9) };
      for (const message of cutter.cut({ ...uncut, mediaTimeUs })) channel.addPiece(message);
    }
    expect(mediaUris(await text(ask('1/live.m3u8')))).toHaveLength(LIVE_SEGMENTS_MAX);
    expect(channel.heldBytes).toBeLessThanOrEqual((LIVE_SEGMENTS_MAX + 1) * 9);
  });

  it('lists the parts of the last three target durations, older segments whole', async () => {
    publish(5);
    await ask('1/live.m3u8');
    publish(20);
    const parts = (await text(ask('1/live.m3u8'))).match(/#EXT-X-PART:/g) ?? [];
    expect(parts.length).toBeGreaterThanOrEqual(30);
    expect(parts.length).toBeLessThanOrEqual(50);
  });

  it('goes on under a new epoch after a discontinuity, with its own initialisation segment', async () => {
    publish(4.1);
    await ask('1/live.m3u8');
    const next = { ...rendition(1), initSegment: new Uint8Array([9]) };
    const epoch = EPOCH + 60_000;
    channel.addCatalog(catalog({ state: 'waiting', revision: 2 }));
    channel.addCatalog(catalog({ epoch, renditions: [next] }));
    publish(1, publisher);
    publish(2.2, new TestPublisher(epoch));
    const playlist = await text(ask('1/live.m3u8'));
    expect(playlist).toContain(`#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-${epoch}.mp4"\n`);
    expect(playlist.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    expect(mediaUris(playlist)).toHaveLength(4);
    expect(await ask(`1/init-${epoch}.mp4`)).toEqual({ kind: 'media', bytes: next.initSegment });
    expect(await ask(`1/init-${EPOCH}.mp4`)).toEqual({ kind: 'media', bytes: rendition(1).initSegment });
  });

  it('counts discontinuities alike in a rendition that comes later', async () => {
    publish(4);
    await ask('1/live.m3u8');
    const epoch = EPOCH + 60_000;
    channel.addCatalog(catalog({ epoch, renditions: [rendition(1), rendition(2)] }));
    for (const id of [1, 2]) publish(2.2, new TestPublisher(epoch, id));
    channel.addCatalog(
      catalog({ epoch, revision: 2, renditions: [rendition(1), rendition(2), rendition(3)] }),
    );
    publish(2.2, new TestPublisher(epoch, 3));
    const last = async (id: number): Promise<number> => {
      const playlist = await text(ask(`${id}/live.m3u8`));
      const before = Number(/DISCONTINUITY-SEQUENCE:(\d+)/.exec(playlist)?.[1]);
      return before + (playlist.match(/#EXT-X-DISCONTINUITY\n/g)?.length ?? 0);
    };
    expect([await last(1), await last(2), await last(3)]).toEqual([1, 1, 1]);
  });

  it('ends the playlist with the broadcast, and releases who waits', async () => {
    publish(4.5);
    await ask('1/live.m3u8');
    const waiting = text(ask('1/live.m3u8', `_HLS_msn=${FIRST + 3}`));
    channel.addCatalog(catalog({ state: 'ended', revision: 2 }));
    expect(await waiting).toMatch(/\nsegment-.*\n#EXT-X-ENDLIST\n$/);
    expect(await status(ask('1/part-1767225600000-23.m4s'))).toBe(404);
  });

  it('says what can be played, and reports how far the other rendition has come', async () => {
    make(catalog({ renditions: [rendition(1), rendition(2)] }));
    const second = new TestPublisher(EPOCH, 2);
    publish(4);
    publish(3, second);
    expect(await text(ask('index.m3u8'))).toMatch(/\n1\/live.m3u8\n.*\n2\/live.m3u8\n$/);
    expect(await text(ask('window.m3u8'))).toMatch(/\n1\/window.m3u8\n/);
    const playlist = await text(ask('1/live.m3u8'));
    expect(playlist).toContain(
      `#EXT-X-RENDITION-REPORT:URI="../2/live.m3u8",LAST-MSN=${FIRST + 1},LAST-PART=4`,
    );
  });

  it('lists what was kept before a restart, what could not be kept as gaps, and goes on behind a break', async () => {
    const held = [50, 51, 54].map((sequence) => segment(sequence));
    const kept: number[] = [];
    const store: SegmentStore = {
      restored: held,
      restoredRuns: [run],
      append: (info) => kept.push(info.sequence),
      has: (_, sequence) => held.some((info) => info.sequence === sequence) || kept.includes(sequence),
      read: (_, sequence) => Promise.resolve(body(sequence)),
    };
    channel = new HlsChannel({ room, startedMs: EPOCH });
    channel.keepIn(store);
    expect(channel.isWanted).toBe(true);
    const restored = await text(ask('1/window.m3u8'));
    expect(restored).toContain('#EXT-X-MEDIA-SEQUENCE:50\n');
    expect(mediaUris(restored).map((uri) => Number(uri.split('-')[1]))).toEqual([50, 51, 52, 53, 54]);
    expect(restored.match(/#EXT-X-GAP\n/g)).toHaveLength(2);
    expect(await ask(`1/${mediaUris(restored)[1]}`)).toEqual({ kind: 'media', bytes: body(51) });
    channel.addCatalog(catalog({ epoch: EPOCH + 500_000 }));
    publish(50, new TestPublisher(EPOCH + 500_000));
    expect(kept.slice(0, 3)).toEqual([55, 56, 57]);
    const all = await text(ask('1/window.m3u8'));
    expect(all).toContain('#EXT-X-MEDIA-SEQUENCE:50\n');
    expect(all.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    expect(all.match(/#EXT-X-GAP\n/g)).toHaveLength(2);
    expect(mediaUris(all)).toHaveLength(29);
    expect(mediaUris(await text(ask('1/live.m3u8')))).toHaveLength(15);
    expect(channel.heldBytes).toBeLessThan(42 * 30 * 100);
  });

  it('answers 404 for what there is not, and holds nothing for it', async () => {
    expect(await status(ask('3/live.m3u8'))).toBe(404);
    publish(3);
    expect(await status(ask(`1/segment-${FIRST + 50}-${EPOCH}.m4s`))).toBe(404);
    expect(await status(ask(`1/segment-${FIRST}-${EPOCH + 1}.m4s`))).toBe(404);
    expect(await status(ask('1/part-5-0.m4s'))).toBe(404);
    expect(room.count).toBe(0);
  });

  it('takes anything for a piece without a word', () => {
    channel.addPiece(new Uint8Array(0));
    channel.addPiece(new Uint8Array(200).fill(1));
    void ask('1/live.m3u8');
    channel.addPiece(new Uint8Array([1, 0, 255, 3]));
    channel.close();
    channel.addPiece(publisher.next(1)[0] ?? new Uint8Array(0));
    expect([room.count, clock.timerCount]).toEqual([0, 0]);
  });
});
