import { type Catalog, decodeCatalog, decodeCertificate, decodePiece } from '@freshet/proto';
import { createKeyPair } from '@freshet/relay-node';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MediaFormat } from '../../../../broadcaster/src/ingest/media-source.js';
import { EpochSigners } from '../../../../broadcaster/src/keys/epoch-signer.js';
import { certifySessionKey, type HeldKey } from '../../../../broadcaster/src/keys/key-file.js';
import { Broadcast } from '../../../../broadcaster/src/live/broadcast.js';

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
const chunk = (isKeyframe: boolean, n: number) => ({
  bytes: new Uint8Array(100).fill(n),
  isKeyframe,
  mediaTimeUs: n * 33_000,
  durationUs: 33_000,
});

describe('a broadcast', () => {
  const key: HeldKey = { kind: 'channel-key', channel: createKeyPair() };
  let now: number;
  let catalogs: Catalog[];
  let epochRanges: [number, number][];
  let pieces: ReturnType<typeof decodePiece>[];

  const create = (signers = new EpochSigners(key)): Broadcast =>
    new Broadcast({
      signers,
      title: 'test',
      wallNow: () => now,
      sink: {
        publishCatalog: (signed) => {
          const catalog = decodeCatalog(signed.catalog);
          const certificate = decodeCertificate(signed.certificate);
          if (catalog) catalogs.push(catalog);
          if (certificate) epochRanges.push([certificate.epochFirst, certificate.epochLast]);
        },
        publishPiece: (message) => pieces.push(decodePiece(message)),
      },
    });

  beforeEach(() => {
    now = START_MS;
    catalogs = [];
    epochRanges = [];
    pieces = [];
  });

  it('names relays in a catalog of its own, and in those that follow, but not after its end', () => {
    const broadcast = create();
    broadcast.nameRelays(['https://a.example']);
    broadcast.begin(format);
    broadcast.end();
    broadcast.nameRelays([]);
    expect(catalogs.map(({ revision, state, relays }) => [revision, state, relays])).toEqual([
      [0, 'waiting', []],
      [1, 'waiting', ['https://a.example']],
      [2, 'live', ['https://a.example']],
      [3, 'ended', ['https://a.example']],
    ]);
  });

  it('is announced as waiting before its source delivers', () => {
    create();
    expect(catalogs).toMatchObject([{ state: 'waiting', epoch: START_MS, renditions: [] }]);
  });

  it('goes live in the epoch that was announced, and back to waiting in the same', () => {
    const broadcast = create();
    broadcast.begin(format);
    broadcast.wait();
    expect(catalogs.map(({ state }) => state)).toEqual(['waiting', 'live', 'waiting']);
    expect(new Set(catalogs.map(({ epoch }) => epoch)).size).toBe(1);
    expect(catalogs.map(({ revision }) => revision)).toEqual([0, 1, 2]);
  });

  it('gives a source that comes back a higher epoch and pieces that count from 0', () => {
    const broadcast = create();
    broadcast.begin(format);
    broadcast.add(chunk(true, 0));
    broadcast.add(chunk(false, 1));
    broadcast.wait();
    now += 5_000;
    broadcast.begin(format);
    broadcast.add(chunk(true, 0));
    expect(pieces.map((piece) => piece?.header.epoch)).toEqual([START_MS, START_MS, START_MS + 5_000]);
    expect(pieces.map((piece) => piece?.header.sequence)).toEqual([0, 1, 0]);
    expect(catalogs.at(-1)?.startedMs).toBe(START_MS);
  });

  it('certifies each epoch alone while it holds the channel key', () => {
    const broadcast = create();
    broadcast.begin(format);
    broadcast.begin(format);
    // Within one millisecond: epochs rise all the same.
    expect(epochRanges.at(-1)).toEqual([START_MS + 1, START_MS + 1]);
  });

  it('sends nothing after its end, nor while it waits', () => {
    const broadcast = create();
    broadcast.begin(format);
    broadcast.add(chunk(true, 0));
    broadcast.wait();
    broadcast.add(chunk(true, 1));
    broadcast.end();
    broadcast.end();
    broadcast.add(chunk(true, 2));
    expect(pieces).toHaveLength(1);
    expect(catalogs.filter(({ state }) => state === 'ended')).toHaveLength(1);
  });

  it('says that a session key has run out instead of signing with it', () => {
    const session = certifySessionKey(key.channel, { first: START_MS, last: START_MS + 1_000 });
    const broadcast = create(new EpochSigners(session));
    broadcast.begin(format);
    now += 2_000;
    expect(() => broadcast.begin(format)).toThrow(/certified until.*freshet keys session/);
  });
});
