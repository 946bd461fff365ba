import { describe, expect, it } from 'vitest';
import { commandFor } from '../../../../viewer/src/ui/keyboard.js';
import {
  badRelayWords,
  documentTitle,
  formatShare,
  helpingSentence,
  KEY_WORDS,
  originWords,
  reconnectingWords,
  volumeWords,
} from '../../../../viewer/src/ui/words.js';

describe('documentTitle', () => {
  it('has a dot while the broadcast is live', () => {
    expect(documentTitle('live', 'Ferry')).toBe('● Ferry — Freshet');
    expect(documentTitle('waiting', 'Ferry')).toBe('Ferry — Freshet');
  });

  it('does without a title that is unknown or blank', () => {
    expect(documentTitle('connecting', undefined)).toBe('Freshet');
    expect(documentTitle('live', '  ')).toBe('● Freshet');
  });
});

describe('words', () => {
  it('never counts below zero', () => {
    expect(reconnectingWords(1, -500).detail).toBe('Trying again now.');
    expect(reconnectingWords(1, 1).detail).toBe('Trying again in 1\u00a0s.');
  });

  it('sends a person to their own connection when several tries have failed', () => {
    expect(reconnectingWords(2, 1000).detail).not.toContain('your own connection');
    expect(reconnectingWords(3, 1000).detail).toContain('your own connection');
  });

  it('quotes only the beginning of a bad relay address', () => {
    expect(badRelayWords('x'.repeat(10_000)).length).toBeLessThan(200);
  });

  it('speaks the volume as a percentage', () => {
    expect(volumeWords(0.55)).toBe('Volume 55 %');
  });

  it('rounds a share, but says all or nothing only where that is so', () => {
    expect(formatShare(undefined)).toBe('–');
    expect(formatShare(0.618)).toBe('62 %');
    expect([0, 0.0001, 0.9999, 1].map(formatShare)).toEqual(['0 %', '1 %', '99 %', '100 %']);
  });

  it('says in a sentence where the broadcast comes from', () => {
    expect(originWords(undefined)).toBe('Nothing has come yet.');
    expect(originWords(0)).toBe('Everything comes from the relay.');
    expect(originWords(1)).toBe('Everything comes from other viewers.');
    expect(originWords(0.618)).toBe('62 % came from other viewers, 38 % from the relay.');
  });

  it('counts whom a person helps as people do', () => {
    expect(helpingSentence(1)).toContain('to one other viewer.');
    expect(helpingSentence(3)).toContain('to 3 other viewers.');
  });

  it('lists no key on the help sheet that does nothing', () => {
    const names: Readonly<Record<string, string>> = {
      Space: ' ',
      '↑': 'ArrowUp',
      '↓': 'ArrowDown',
      Esc: 'Escape',
    };
    for (const key of KEY_WORDS.flatMap((entry) => entry.keys)) {
      const press = { key: names[key] ?? key, hasModifier: false, isOnButton: false, isOnSlider: false };
      expect(commandFor(press), key).toBeDefined();
    }
  });
});
