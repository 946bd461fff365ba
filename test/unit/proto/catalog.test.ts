import { type Catalog, decodeCatalog, Limits, wallMs } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { freshet } from '../../../proto/src/wire/generated/wire.js';
import { Broadcast, createRendition } from '../../sim/broadcast.js';
import { plainBytes } from './plain-bytes.js';

const broadcast = new Broadcast();

/** Encodes a catalog that no publisher would sign. */
function encodeRaw(changes: Readonly<Record<string, unknown>>): Uint8Array {
  const wire = freshet.v1.Catalog.decode(broadcast.catalog().catalog);
  return freshet.v1.Catalog.encode({ ...wire, ...changes }).finish();
}

const wireRendition = (
  changes: Partial<freshet.v1.Rendition.$Properties>,
): freshet.v1.Rendition.$Properties => ({
  ...createRendition(1),
  ...changes,
});

describe('a catalog', () => {
  it('comes back as it was signed', () => {
    const plain: Catalog = broadcast.plain({
      revision: 7,
      title: 'Ein Fluß — 河',
      renditions: [createRendition(3), createRendition(1)],
      relays: ['https://a.example', 'http://b.example:8080'],
      tickets: [new Uint8Array(Limits.TICKET_BYTES).fill(9)],
      description: 'Two\nlines',
      reason: 'Back at nine.',
      startsMs: wallMs(1_800_000_100_000),
      posterDigest: new Uint8Array(32).fill(7),
    });
    expect(plainBytes(decodeCatalog(broadcast.catalog(plain).catalog))).toEqual(plainBytes(plain));
  });

  it('may have no renditions while it waits or when it has ended', () => {
    for (const state of ['waiting', 'ended'] as const)
      expect(decodeCatalog(broadcast.catalog({ state, renditions: [] }).catalog)?.state).toBe(state);
  });

  const refused: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'a state that is unknown': { state: 9 },
    'no state': { state: 0 },
    'an epoch that is no whole number': { epoch: 1.5 },
    'a negative epoch': { epoch: -1 },
    'a start beyond all time': { startedMs: 1e300 },
    'no stripes': { stripeCount: 0 },
    'too many stripes': { stripeCount: Limits.STRIPES_MAX + 1 },
    'a title that is too long': { title: 'x'.repeat(Limits.TEXT_LENGTH_MAX + 1) },
    'control characters in its title': { title: 'a\u001b[2J' },
    'a description that is too long': { description: 'x'.repeat(Limits.DESCRIPTION_LENGTH_MAX + 1) },
    'control characters in its description': { description: 'a\u001b[2J' },
    'a reason of two lines': { reason: 'a\nb' },
    'a start that is no time': { startsMs: Number.NaN },
    'a digest of another length': { posterSha256: new Uint8Array(20) },
    'media and no renditions': { renditions: [] },
    'too many renditions': {
      renditions: Array.from({ length: Limits.RENDITIONS_MAX + 1 }, (_, id) => wireRendition({ id: id + 1 })),
    },
    'two renditions of one number': { renditions: [wireRendition({}), wireRendition({})] },
    'a rendition numbered 0': { renditions: [wireRendition({ id: 0 })] },
    'a rendition without its init segment': {
      renditions: [wireRendition({ initSegment: new Uint8Array(0) })],
    },
    'a rendition whose type is too long': { renditions: [wireRendition({ mimeType: 'x'.repeat(300) })] },
    'too many relays': { relays: Array.from({ length: 17 }, (_, index) => `https://r${index}.example`) },
    'too many tickets': { tickets: Array.from({ length: 17 }, () => new Uint8Array(Limits.TICKET_BYTES)) },
    'a ticket of another length': { tickets: [new Uint8Array(Limits.TICKET_BYTES - 1)] },
    'a relay that is no origin': { relays: ['javascript:alert(1)'] },
  };
  for (const [what, changes] of Object.entries(refused))
    it(`is refused with ${what}`, () => {
      expect(decodeCatalog(encodeRaw(changes))).toBeUndefined();
    });

  it('is refused beyond its size limit', () => {
    const initSegment = new Uint8Array(Limits.CATALOG_BYTES_MAX);
    expect(decodeCatalog(encodeRaw({ renditions: [wireRendition({ initSegment })] }))).toBeUndefined();
  });

  it('is not signed when its readers would refuse it', () => {
    expect(() => broadcast.catalog({ title: 'x'.repeat(300) })).toThrow('limits');
    const initSegment = new Uint8Array(Limits.CATALOG_BYTES_MAX);
    expect(() => broadcast.catalog({ renditions: [{ ...createRendition(1), initSegment }] })).toThrow(
      'bytes',
    );
  });
});
