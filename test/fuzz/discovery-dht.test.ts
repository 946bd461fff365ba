import fc from 'fast-check';
import { describe, it } from 'vitest';
import { decodeBencoded } from '../../relay-node/src/discovery/bencode.js';
import { judgeDhtMessage } from '../../relay-node/src/discovery/dht-message.js';
import { checkForAWhile } from './run-for.js';

const ID = `2:id20:${'i'.repeat(20)}`;
const SEEDS: readonly string[] = [
  `d1:ad${ID}e1:q4:ping1:t2:aa1:y1:qe`,
  `d1:rd${ID}5:nodes26:${'n'.repeat(26)}5:token2:to6:valuesl6:123456ee1:t2:aa1:y1:re`,
  `d1:rd${ID}1:k32:${'k'.repeat(32)}3:seqi1e3:sig64:${'s'.repeat(64)}1:v3:abce1:t2:aa1:y1:re`,
  'd1:eli201e5:oh noe1:t2:aa1:y1:ee',
];

/** Bytes of any kind, and datagrams with some bytes changed to ones that mean something. */
const anyDatagram = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(
      fc.constantFrom(...SEEDS),
      fc.array(fc.tuple(fc.nat(250), fc.constantFrom(...'delias0123456789:-'), fc.boolean()), {
        maxLength: 5,
      }),
    )
    .map(([seed, changes]) => {
      const bytes = [...Buffer.from(seed, 'latin1')];
      for (const [at, character, isInserted] of changes)
        bytes.splice(Math.min(at, bytes.length), isInserted ? 0 : 1, character.charCodeAt(0));
      return Uint8Array.from(bytes);
    }),
);

describe('the gate in front of the DHT library', () => {
  it('judges any datagram, and never throws', () => {
    checkForAWhile(
      fc.property(anyDatagram, (datagram) => {
        decodeBencoded(datagram);
        judgeDhtMessage(datagram);
      }),
    );
  }, 60_000);
});
