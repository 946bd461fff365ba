import { describe, expect, it } from 'vitest';
import { readDescription, readStart, readTitle } from '../../../../broadcaster/src/show/show-words.js';

const at = (hours: number, minutes: number): number => new Date(2026, 4, 10, hours, minutes).getTime();

describe('the words of a show', () => {
  it('are one line for a title, and what no catalog takes is left out of both', () => {
    expect(readTitle('  a\n\tb\u001b[2J ')).toBe('a b[2J');
    expect(readDescription('a\r\nb\u0007\t')).toBe('a\nb');
    expect(readDescription('  ')).toBeUndefined();
  });

  it('are refused in a sentence when they are too long or empty', () => {
    expect(() => readTitle(' ')).toThrow('at least one');
    expect(() => readTitle('x'.repeat(257))).toThrow('256');
    expect(() => readDescription('x'.repeat(2_001))).toThrow('2000');
  });
});

describe('a start', () => {
  it('at a time of day is today, or tomorrow once it has passed', () => {
    expect(readStart('20:00', at(19, 0))).toBe(at(20, 0));
    expect(readStart('8:05', at(19, 0))).toBe(new Date(2026, 4, 11, 8, 5).getTime());
  });

  it('may be a whole time', () => {
    expect(readStart('2026-05-11T20:00:00Z', at(19, 0))).toBe(Date.UTC(2026, 4, 11, 20));
    expect(readStart('2026-05-11 20:00', at(19, 0))).toBe(new Date(2026, 4, 11, 20, 0).getTime());
  });

  it('is refused when it is no time, has passed, or is too far away', () => {
    for (const text of ['', 'soon', '24:00', '12:60', '2026-13-01T00:00'])
      expect(() => readStart(text, at(19, 0))).toThrow('A start is a time such as');
    expect(() => readStart('2026-05-09T20:00', at(19, 0))).toThrow('passed');
    expect(() => readStart('2030-05-09T20:00', at(19, 0))).toThrow('a year');
  });
});
