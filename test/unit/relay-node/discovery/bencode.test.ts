import { describe, expect, it } from 'vitest';
import { decodeBencoded } from '../../../../relay-node/src/discovery/bencode.js';
import { judgeDhtMessage } from '../../../../relay-node/src/discovery/dht-message.js';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('bencoded bytes', () => {
  it('are read', () => {
    const value = decodeBencoded(latin1('d1:ai-42e1:bl0:2:xyi0eee'));
    expect(value).toEqual(
      new Map<string, unknown>([
        ['a', -42],
        ['b', [latin1(''), latin1('xy'), 0]],
      ]),
    );
  });

  it.each([
    ...['', 'i', 'i1', 'ie', 'i-0e', 'i01e', 'i1.5e', 'i+1e', 'i9007199254740992e', 'i99999999999999999e'],
    ...[
      '5:abc',
      '-1:',
      '01:a',
      '1',
      ':',
      'l',
      'd',
      'li1e',
      'di1ei1ee',
      'd1:ae',
      'd1:ai1e1:ai1ee',
      'i1ei1e',
      'e',
    ],
    ...['lllllllllleeeeeeeeee', `l${'0:'.repeat(5_000)}e`],
  ])('are refused when they are %s', (text) => {
    expect(decodeBencoded(latin1(text))).toBeUndefined();
  });
});

describe('a datagram of the DHT', () => {
  const ID = `2:id20:${'i'.repeat(20)}`;

  it.each([
    ['a ping', `d1:ad${ID}e1:q4:ping1:t2:aa1:y1:qe`, 'query'],
    ['an answer', `d1:rd${ID}e1:t2:aa1:y1:re`, 'reply'],
    [
      'an answer of another program, with more in it',
      `d2:ip6:1234561:rd${ID}1:pi1e5:extrale e1:t2:aa1:v4:LT011:y1:re`.replace(' ', ''),
      'reply',
    ],
    ['an error', 'd1:eli201e5:oh noe1:t2:aa1:y1:ee', 'reply'],
    ['an unsigned item', `d1:rd${ID}1:v1:xe1:t2:aa1:y1:re`, 'unsigned-item'],
    ['half of a signed item', `d1:rd${ID}1:k32:${'k'.repeat(32)}1:v1:xe1:t2:aa1:y1:re`, 'unsigned-item'],
    [
      'a signed item without a key',
      `d1:rd${ID}3:sig64:${'s'.repeat(64)}1:v1:xe1:t2:aa1:y1:re`,
      'malformed-message',
    ],
    ['no transaction', `d1:rd${ID}e1:y1:re`, 'malformed-message'],
    ['a short identity', 'd1:rd2:id3:abce1:t2:aa1:y1:re', 'malformed-message'],
    ['an IPv6 relay', `d1:rd${ID}6:valuesl18:${'v'.repeat(18)}ee1:t2:aa1:y1:re`, 'malformed-message'],
    ['an error made of dictionaries', 'd1:eld8:toStringi1eee1:t2:aa1:y1:ee', 'malformed-message'],
    ['a query without arguments', 'd1:q4:ping1:t2:aa1:y1:qe', 'malformed-message'],
    ['a query for a number', `d1:ad${ID}9:info_hashi1ee1:q9:get_peers1:t2:aa1:y1:qe`, 'malformed-message'],
    ['a long query', `d1:ad${ID}1:x3000:${'x'.repeat(3_000)}e1:q4:ping1:t2:aa1:y1:qe`, 'oversized-message'],
  ])('that is %s is found to be one', (_what, text, verdict) => {
    expect(judgeDhtMessage(latin1(text))).toBe(verdict);
  });
});
