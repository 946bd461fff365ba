import { Limits, monoMs, Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { ParentBook, type ParentEntry } from '../../../../proto/src/session/parent-book.js';

const at = monoMs(100_000);
const bookOf = (...urls: string[]): ParentBook => new ParentBook(urls, new Prng('book'));

/** The parent that is dialled at `at`, which must exist. */
function picked(book: ParentBook, now = at): ParentEntry {
  const entry = book.pick(now);
  if (!entry) throw new Error('there is nobody to dial');
  return entry;
}

describe('the parents', () => {
  it('are asked in the order they were given', () => {
    expect(picked(bookOf('a', 'b')).url).toBe('a');
  });

  it('are each kept once, up to the limit', () => {
    const book = bookOf('a', 'a', ...Array.from({ length: 40 }, (_, index) => `r${index}`));
    expect(book.entries).toHaveLength(Limits.PARENTS_MAX);
    expect(book.entries.filter(({ url }) => url === 'a')).toHaveLength(1);
  });

  it('that failed come after those that did not, and after those that failed less', () => {
    const book = bookOf('a', 'b');
    book.failed(picked(book), at);
    expect(picked(book).url).toBe('b');
    book.failed(picked(book), at);
    book.failed(picked(book, monoMs(110_000)), at);
    expect(picked(book, monoMs(200_000)).url).toBe('b');
  });

  it('are left alone for a time that doubles, with jitter, up to a limit', () => {
    const book = bookOf('a');
    const [entry] = book.entries;
    const waits: number[] = [];
    for (let i = 0; entry && i < 12; i++) waits.push(book.failed(entry, monoMs(at + i * 100_000)));
    for (const [index, waitMs] of waits.entries()) {
      const longest = Math.min(Limits.DIAL_BACKOFF_MS_MAX, Limits.DIAL_BACKOFF_MS_MIN * 2 ** index);
      expect(waitMs).toBeGreaterThanOrEqual(longest / 2);
      expect(waitMs).toBeLessThanOrEqual(longest);
    }
    expect(new Set(waits.slice(-5)).size).toBeGreaterThan(1);
  });

  it('are dialled again exactly when their time is over', () => {
    const book = bookOf('a');
    const waitMs = book.failed(picked(book), at);
    expect(book.nextTimeout()).toBe(at + waitMs);
    expect(book.pick(monoMs(at + waitMs - 1))).toBeUndefined();
    expect(picked(book, monoMs(at + waitMs)).url).toBe('a');
  });

  it('that delivered are as good as new', () => {
    const book = bookOf('a');
    for (let i = 0; i < 8; i++) book.failed(picked(book, monoMs(at + i * 20_000)), monoMs(at + i * 20_000));
    book.succeeded(picked(book, monoMs(900_000)));
    expect(book.failed(picked(book, monoMs(900_000)), monoMs(900_000))).toBeLessThanOrEqual(
      Limits.DIAL_BACKOFF_MS_MIN,
    );
  });

  it('that forged are not asked for long, twice as long each time, whatever they deliver meanwhile', () => {
    const book = bookOf('a');
    const entry = picked(book);
    book.distrust(entry, at);
    expect(entry.notBefore - at).toBe(Limits.DISTRUST_MS);
    book.succeeded(entry);
    book.distrust(entry, at);
    expect(entry.notBefore - at).toBe(Limits.DISTRUST_MS * 2);
    for (let i = 0; i < 20; i++) book.distrust(entry, at);
    expect(entry.notBefore - at).toBe(Limits.DISTRUST_MS_MAX);
  });

  it('that forged are not asked earlier because their link failed as well', () => {
    const book = bookOf('a');
    const entry = picked(book);
    book.distrust(entry, at);
    expect(book.failed(entry, at)).toBe(Limits.DISTRUST_MS);
  });

  it('are all distrusted only while each of them is', () => {
    const book = bookOf('a', 'b');
    const [a, b] = book.entries;
    if (a) book.distrust(a, at);
    expect(book.isAllDistrusted(at)).toBe(false);
    if (b) book.distrust(b, at);
    expect(book.isAllDistrusted(at)).toBe(true);
    expect(book.isAllDistrusted(monoMs(at + Limits.DISTRUST_MS))).toBe(false);
    expect(bookOf().isAllDistrusted(at)).toBe(false);
  });

  it('have a common verdict only when they agree', () => {
    const book = bookOf('a', 'b');
    for (const entry of book.entries) {
      expect(book.commonVerdict()).toBeUndefined();
      entry.verdict = 'unknown-channel';
      entry.detail = 'not here';
    }
    expect(book.commonVerdict()).toEqual({ verdict: 'unknown-channel', detail: 'not here' });
  });

  it('that another one has just named come first, and are forgotten when they fail', () => {
    const book = bookOf('a', 'b');
    book.tell('c', 1, at);
    expect(picked(book).url).toBe('c');
    book.failed(picked(book), at);
    expect(book.entries.map(({ url }) => url)).toEqual(['a', 'b']);
  });

  it('that are named again are not dialled sooner', () => {
    const book = bookOf('a');
    const waitMs = book.failed(picked(book), at);
    book.tell('a', 1, at);
    expect(book.nextTimeout()).toBe(at + waitMs);
  });

  it('are taken from so many redirects in half a minute, and not over too many in a row', () => {
    const book = bookOf('a');
    const told: string[] = [];
    for (let index = 0; index < 100; index++) {
      book.tell(`r${index}`, 1, at);
      const entry = book.entries.find(({ depth }) => depth > 0);
      if (!entry) continue;
      told.push(entry.url);
      book.failed(entry, at);
    }
    expect(told).toHaveLength(Limits.PARENTS_TOLD_MAX);
    const later = monoMs(at + Limits.REDIRECT_SPAN_MS);
    book.tell('deep', Limits.REDIRECT_DEPTH_MAX + 1, later);
    book.tell('near', Limits.REDIRECT_DEPTH_MAX, later);
    expect(book.entries.map(({ url }) => url)).toEqual(['a', 'near']);
  });

  it('that forged are not forgotten, or a redirect would bring them back', () => {
    const book = bookOf('a');
    book.tell('forger', 1, at);
    const forger = picked(book);
    book.distrust(forger, at);
    book.failed(forger, at);
    book.tell('forger', 1, at);
    expect(picked(book).url).toBe('a');
  });

  it('that were below this relay wait for long, but not once the tree has changed', () => {
    const book = bookOf('a');
    const entry = picked(book);
    for (let round = 0; round < 8; round++) book.looped(entry, at);
    expect(entry.notBefore - at).toBeGreaterThanOrEqual(Limits.LOOP_MS_MAX / 2);
    expect(entry.notBefore - at).toBeLessThanOrEqual(Limits.LOOP_MS_MAX);
    book.forgiveLoops(at);
    expect(entry.notBefore - at).toBeLessThanOrEqual(Limits.LOOP_MS_MIN);
  });
});
