import { CloseCode } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { decodeCloseNote, encodeCloseNote, isCloseNote } from '../../../../viewer/src/link/rtc-close-note.js';

describe('a close note', () => {
  it('carries code and reason', () => {
    const note = { code: CloseCode.badSignature, reason: 'a forged piece' };
    const bytes = encodeCloseNote(note);
    expect(isCloseNote(bytes)).toBe(true);
    expect(decodeCloseNote(bytes)).toEqual(note);
  });

  it('cuts a long reason off', () => {
    const note = decodeCloseNote(encodeCloseNote({ code: 4000, reason: 'x'.repeat(500) }));
    expect(note.reason).toBe('x'.repeat(100));
  });

  it.each([[[0]], [[0, 0x0f]], [[0, 0, 0]], [[0, 0xff, 0xff]]])(
    'that makes no sense is a violation: %j',
    (bytes) => {
      expect(decodeCloseNote(Uint8Array.from(bytes)).code).toBe(CloseCode.protocolViolation);
    },
  );
});
