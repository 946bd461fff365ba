import { CloseCode, FrameKind } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import {
  decodeCloseNote,
  decodeRequestNote,
  encodeCloseNote,
  isNote,
} from '../../../../relay-node/src/edge/edge-note.js';
import { encodeCloseNote as encodeAtViewer } from '../../../../viewer/src/link/rtc-close-note.js';

const request = (text: string): Buffer => Buffer.concat([Buffer.alloc(3), Buffer.from(text)]);

describe('a request', () => {
  it('is a path with or without a query', () => {
    expect(decodeRequestNote(request('/channel/fr1x'))).toEqual({ path: '/channel/fr1x', query: '' });
    expect(decodeRequestNote(request('/channel/fr1x?a=1?b'))).toEqual({
      path: '/channel/fr1x',
      query: 'a=1?b',
    });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no path', request('')],
    ['no slash', request('channel')],
    ['a space', request('/a b')],
    ['a line', request('/a\n/b')],
    ['what is not ASCII', request('/ä')],
    ['too much', request(`/${'a'.repeat(2_000)}`)],
    ['a message of the protocol', Buffer.from([FrameKind.control, 0, 0, 0x2f])],
    ['a close note', encodeCloseNote(CloseCode.goingAway, '/channel')],
  ])('is not made of %s', (_name, bytes) => {
    expect(decodeRequestNote(bytes)).toBeUndefined();
  });
});

describe('a close note', () => {
  it('says code and reason, also as viewers write it', () => {
    const note = { code: CloseCode.badSignature, reason: 'forged, älas' };
    expect(decodeCloseNote(encodeCloseNote(note.code, note.reason))).toEqual(note);
    expect(decodeCloseNote(Buffer.from(encodeAtViewer(note)))).toEqual(note);
    expect(decodeCloseNote(encodeCloseNote(1001, '')).code).toBe(1001);
  });

  it('without sense is a protocol violation', () => {
    for (const bytes of [Buffer.alloc(1), Buffer.from([0, 3, 0xe7]), Buffer.from([0, 0xff, 0xff, 1])]) {
      expect(decodeCloseNote(bytes).code).toBe(CloseCode.protocolViolation);
    }
  });

  it('is told from messages of the protocol', () => {
    expect(isNote(encodeCloseNote(1001, ''))).toBe(true);
    for (const kind of Object.values(FrameKind)) expect(isNote(Uint8Array.of(kind))).toBe(false);
  });
});
