import {
  decodeOperator,
  decodeTicket,
  decodeTicketText,
  encodeOperator,
  encodeTicketText,
  judgeTicket,
  Limits,
  signTicket,
  type TicketQuestion,
  wallMs,
} from '@freshet/proto';
import { createKeyPair, verifyNow } from '@freshet/relay-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const operator = createKeyPair();
const stranger = createKeyPair();
const channelKey = createKeyPair().publicKey;
const END_MS = wallMs(1_900_000_000_000);
const ticket = signTicket({ operatorKey: operator.publicKey, channelKey, notAfterMs: END_MS }, operator.sign);
const question: TicketQuestion = {
  operatorKey: operator.publicKey,
  channelKey,
  now: wallMs(END_MS - 1),
  verify: verifyNow,
};

describe('a ticket', () => {
  it('comes back as it was signed, also as text', () => {
    expect(ticket).toHaveLength(Limits.TICKET_BYTES);
    const text = encodeTicketText(ticket);
    expect(text).toMatch(/^frt[\w-]{179}$/);
    const read = decodeTicketText(`  ${text}\n`);
    expect(read.ok && decodeTicket(read.bytes)).toMatchObject({ channelKey, notAfterMs: END_MS });
    const named = decodeOperator(encodeOperator(operator.publicKey));
    expect(named.ok && named.bytes).toEqual(operator.publicKey);
  });

  it('counts up to its last millisecond', () => {
    expect(judgeTicket(ticket, question)).toBe('valid');
    expect(judgeTicket(ticket, { ...question, now: END_MS })).toBe('valid');
    expect(judgeTicket(ticket, { ...question, now: wallMs(END_MS + 1) })).toBe('expired');
  });

  it('counts for its channel and its operator alone', () => {
    expect(judgeTicket(ticket, { ...question, channelKey: stranger.publicKey })).toBe('foreign-channel');
    expect(judgeTicket(ticket, { ...question, operatorKey: stranger.publicKey })).toBe('foreign-operator');
    const said = { operatorKey: operator.publicKey, channelKey, notAfterMs: END_MS };
    expect(judgeTicket(signTicket(said, stranger.sign), question)).toBe('bad-signature');
  });

  it('does not count when it was signed as something else', () => {
    const bare = signTicket({ operatorKey: operator.publicKey, channelKey, notAfterMs: END_MS }, (message) =>
      operator.sign(message.subarray('freshet ticket v1\n'.length)),
    );
    expect(judgeTicket(bare, question)).toBe('bad-signature');
  });

  it('does not count with any bit changed, and no bytes break its reader', () => {
    for (let bit = 0; bit < ticket.length * 8; bit += 7) {
      const changed = ticket.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(judgeTicket(changed, question)).not.toBe('valid');
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, text) => {
        expect(judgeTicket(bytes, question)).not.toBe('valid');
        expect(decodeTicketText(`frt${text}`).ok).toBe(false);
      }),
    );
  });

  it('that was copied in part is refused in a sentence', () => {
    const text = encodeTicketText(ticket);
    for (const wrong of [text.slice(0, -1), text.slice(1), `${text}x`, text.replace(/.$/, '!'), ''])
      expect(decodeTicketText(wrong)).toMatchObject({ ok: false, why: expect.stringContaining('Copy it') });
    expect(decodeOperator('fro123')).toMatchObject({ ok: false });
  });
});
