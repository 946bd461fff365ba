import { decodeAddress, encodeAddress } from '@freshet/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LAN_RELAYS_MAX,
  LAN_RELAYS_PER_ADDRESS_MAX,
  LanBook,
} from '../../../../relay-node/src/discovery/lan-book.js';
import {
  askedOf,
  LAN_CHANNELS_MAX,
  LAN_SERVICE,
  type LanAnswer,
  lanAnswersOf,
  lanQuestionOf,
  readLanRelay,
} from '../../../../relay-node/src/discovery/lan-record.js';

const channelOf = (index: number): string => encodeAddress(new Uint8Array(32).fill(index));
const CHANNELS = Array.from({ length: 40 }, (_, index) => channelOf(index));
const [FIRST = '', SECOND = ''] = CHANNELS;
const LAST = CHANNELS.at(-1) ?? '';
const RELAY = { name: 'abc', port: 8_080, channels: CHANNELS, ttlSeconds: 120 };

describe('the records of a relay in a LAN', () => {
  it('are read as they were written, with the channel that was asked for', () => {
    const read = readLanRelay({ answers: lanAnswersOf(RELAY, LAST) });
    expect(read).toMatchObject({ name: 'abc', port: 8_080, ttlSeconds: 120 });
    expect(read?.channels).toHaveLength(LAN_CHANNELS_MAX);
    expect(read?.channels).toContain(LAST);
  });

  it('answer the question for a channel, or for all, and no other', () => {
    const carried = new Set([FIRST]);
    const decoded = decodeAddress(FIRST);
    const question = lanQuestionOf(decoded.ok ? decoded.channelKey : new Uint8Array(32));
    expect(askedOf([question], carried)).toBe(FIRST);
    expect(askedOf([{ ...question, name: question.name.toUpperCase() }], carried)).toBe(FIRST);
    expect(askedOf([question], new Set([SECOND]))).toBeUndefined();
    expect(askedOf([{ name: LAN_SERVICE, type: 'PTR' }], carried)).toBe('any');
    expect(askedOf([{ name: `${FIRST}.local`, type: 'PTR' }], carried)).toBeUndefined();
    expect(askedOf([{ ...question, type: 'A' }], carried)).toBeUndefined();
    expect(askedOf(undefined, carried)).toBeUndefined();
  });

  it.each<[string, (answers: readonly LanAnswer[]) => readonly LanAnswer[]]>([
    ['no port', (answers) => answers.filter(({ type }) => type !== 'SRV')],
    ['no channels', (answers) => answers.filter(({ type }) => type !== 'TXT')],
    [
      'the name of another service',
      (answers) => answers.map((record) => ({ ...record, name: 'abc._other._tcp.local' })),
    ],
    [
      'a name that is none',
      (answers) => answers.map((record) => ({ ...record, name: `a b.${LAN_SERVICE}` })),
    ],
  ])('are refused with %s', (_what, change) => {
    expect(readLanRelay({ answers: change(lanAnswersOf(RELAY, 'any')) })).toBeUndefined();
  });

  it('never throw, whatever a packet has in it', () => {
    const data = fc.oneof(fc.uint8Array(), fc.string(), fc.array(fc.oneof(fc.string(), fc.uint8Array())));
    const texts = fc.record({
      name: fc.constant(`abc.${LAN_SERVICE}`),
      type: fc.constant('TXT' as const),
      data,
    });
    fc.assert(
      fc.property(texts, (text) => {
        const [, srv] = lanAnswersOf(RELAY, 'any');
        const answers = srv ? [srv, { ...text, data: text.data as string[] }] : [];
        expect(readLanRelay({ answers })?.channels.length).toBeLessThanOrEqual(LAN_CHANNELS_MAX);
      }),
    );
  });
});

describe('the book of relays in the LAN', () => {
  const sighting = (address: string, port: number, channel: string, untilMs = 1_000) => ({
    address,
    origin: `http://${address}:${port}`,
    channels: [channel],
    untilMs,
  });

  it('knows who carries a channel, until the time is over', () => {
    const book = new LanBook();
    book.note(sighting('10.0.0.1', 1, FIRST, 500), 0);
    book.note(sighting('10.0.0.2', 1, FIRST), 0);
    book.note(sighting('10.0.0.2', 1, SECOND), 0);
    expect(book.originsOf(FIRST, 499)).toEqual(['http://10.0.0.2:1', 'http://10.0.0.1:1']);
    expect(book.originsOf(FIRST, 500)).toEqual(['http://10.0.0.2:1']);
    expect(book.originsOf(SECOND, 999)).toEqual(['http://10.0.0.2:1']);
    expect(book.originsOf(SECOND, 1_000)).toEqual([]);
  });

  it('forgets a relay that leaves', () => {
    const book = new LanBook();
    book.note(sighting('10.0.0.1', 1, FIRST), 0);
    book.note(sighting('10.0.0.1', 1, FIRST, 0), 0);
    expect(book.size).toBe(0);
  });

  it('is never full of one machine, and never larger than it may be', () => {
    const book = new LanBook();
    book.note(sighting('10.0.0.1', 1, FIRST), 0);
    for (let port = 1; port < 1_000; port++) book.note(sighting('10.0.0.9', port, SECOND), 0);
    expect(book.originsOf(SECOND, 0)).toHaveLength(LAN_RELAYS_PER_ADDRESS_MAX);
    expect(book.originsOf(FIRST, 0)).toHaveLength(1);
    for (let host = 1; host < 250; host++) book.note(sighting(`10.0.1.${host}`, 1, SECOND), 0);
    expect(book.size).toBe(LAN_RELAYS_MAX);
  });
});
