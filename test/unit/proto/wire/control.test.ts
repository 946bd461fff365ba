import {
  allStripes,
  type ControlMessage,
  decodeControl,
  encodeControl,
  FrameKind,
  Limits,
} from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { freshet } from '../../../../proto/src/wire/generated/wire.js';
import { plainBytes } from '../plain-bytes.js';
import { CONTROL_MESSAGES, CONTROL_MESSAGES_AT_LIMIT } from './control-messages.js';

const { Control } = freshet.v1;

/** A message that no node would send. */
function decodeRaw(body: Readonly<Record<string, unknown>>): ControlMessage | undefined {
  return decodeControl(Uint8Array.of(FrameKind.control, ...Control.encode({ ...body }).finish()));
}

const hello = {
  versionMin: 1,
  versionMax: 1,
  channelKey: new Uint8Array(32),
  role: freshet.v1.Role.VIEWER,
};
const signed = {
  catalog: new Uint8Array(9),
  signature: new Uint8Array(64),
  certificate: { certificate: new Uint8Array(9), signature: new Uint8Array(64) },
};

describe('a control message', () => {
  for (const [name, message] of Object.entries({ ...CONTROL_MESSAGES, ...CONTROL_MESSAGES_AT_LIMIT }))
    it(`comes back as it was sent: ${name}`, () => {
      expect(plainBytes(decodeControl(encodeControl(message)))).toEqual(message);
    });

  it('starts with its frame byte, and is nothing without it', () => {
    const encoded = encodeControl({ kind: 'absent' });
    expect(encoded[0]).toBe(FrameKind.control);
    expect(decodeControl(encoded.subarray(1))).toBeUndefined();
    expect(decodeControl(new Uint8Array(0))).toBeUndefined();
  });

  it('that was cut off is refused at every length', () => {
    const whole = encodeControl(CONTROL_MESSAGES['hello of a viewer'] ?? { kind: 'absent' });
    for (let length = 0; length < whole.length; length++)
      expect(decodeControl(whole.subarray(0, length)), `${length} bytes`).toBeUndefined();
  });

  const refused: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'no body': {},
    'a hello of no role': { hello: { ...hello, role: 0 } },
    'a hello of an unknown role': { hello: { ...hello, role: 7 } },
    'a hello with a short key': { hello: { ...hello, channelKey: new Uint8Array(31) } },
    'a hello without versions': { hello: { ...hello, versionMin: 0, versionMax: 0 } },
    'a hello whose versions are the wrong way round': { hello: { ...hello, versionMin: 2 } },
    'a hello with too long an agent': { hello: { ...hello, agent: 'x'.repeat(257) } },
    'a hello with an escape sequence': { hello: { ...hello, agent: '\u001b[2J' } },
    'a catalog without its signature': { catalog: { ...signed, signature: new Uint8Array(63) } },
    'a catalog without a certificate': { catalog: { ...signed, certificate: null } },
    'a catalog that is too long': {
      catalog: { ...signed, catalog: new Uint8Array(Limits.CATALOG_BYTES_MAX + 1) },
    },
    'a path that is too long': { path: { nodes: Array.from({ length: Limits.HOPS_MAX + 1 }, () => 1) } },
    'a path of no node': { path: { nodes: [0.5] } },
    'a path with more load than there can be': { path: { nodes: [1], loadPermille: 1_001 } },
    'a sibling that is no origin': { path: { nodes: [1], siblings: ['https://a.example/watch'] } },
    'a redirect to no origin': { redirect: { relays: ['javascript:alert(1)'] } },
    'a redirect to too many': {
      redirect: { relays: Array.from({ length: Limits.REDIRECTS_MAX + 1 }, () => 'https://a.example') },
    },
    'a ping that was never sent': { ping: { sentMs: Number.NaN } },
    'a pong from the end of time': { pong: { sentMs: 1, broadcastMs: Number.POSITIVE_INFINITY } },
  };
  for (const [what, body] of Object.entries(refused))
    it(`is refused with ${what}`, () => {
      expect(decodeRaw(body)).toBeUndefined();
    });

  it('is taken without what those tests break', () => {
    expect(decodeRaw({ hello })).toBeDefined();
    expect(decodeRaw({ catalog: signed })).toBeDefined();
  });

  it('of a relay that names no origin is taken without it', () => {
    const message = decodeRaw({ hello: { ...hello, origin: 'ftp://a.example' } });
    expect(message?.kind === 'hello' && message.origin).toBeUndefined();
  });

  it('with two bodies is its last one, as protobuf has it', () => {
    expect(decodeRaw({ ping: { sentMs: 1 }, audience: { viewerCount: 2 } })?.kind).toBe('audience');
  });

  it('longer than the limit is refused unread', () => {
    const long = new Uint8Array(Limits.CONTROL_BYTES_MAX + 2);
    long.set(encodeControl({ kind: 'absent' }));
    expect(decodeControl(long)).toBeUndefined();
  });

  it('keeps no more capabilities than the limit', () => {
    const capabilities = Array.from({ length: 1_000 }, (_, index) => index);
    const message = decodeRaw({ hello: { ...hello, capabilities } });
    expect(message?.kind === 'hello' && message.capabilities).toHaveLength(Limits.CAPABILITIES_MAX);
  });
});

describe('a stripe mask', () => {
  it('has one bit for each stripe, up to all 32', () => {
    expect(allStripes(1)).toBe(1);
    expect(allStripes(4)).toBe(0b1111);
    expect(allStripes(31)).toBe(0x7fffffff);
    expect(allStripes(32)).toBe(0xffffffff);
  });
});
