import { describe, expect, it } from 'vitest';
import { commandFor, VOLUME_STEP } from '../../../../viewer/src/ui/keyboard.js';

const press = (key: string, rest = {}) =>
  commandFor({ key, hasModifier: false, isOnButton: false, isOnSlider: false, ...rest });

describe('commandFor', () => {
  it.each([
    [' ', 'toggle-play'],
    ['k', 'toggle-play'],
    ['m', 'toggle-mute'],
    ['f', 'toggle-full-screen'],
    ['i', 'toggle-picture-in-picture'],
    ['s', 'toggle-stats'],
    ['l', 'go-live'],
    ['End', 'go-live'],
    ['?', 'toggle-keys'],
    ['h', 'toggle-keys'],
    ['Escape', 'close'],
  ])('takes %j for %s', (key, kind) => {
    expect(press(key)?.kind).toBe(kind);
  });

  it('changes the volume by one step in the direction of the arrow', () => {
    expect(press('ArrowUp')).toEqual({ kind: 'change-volume', by: VOLUME_STEP });
    expect(press('ArrowDown')).toEqual({ kind: 'change-volume', by: -VOLUME_STEP });
  });

  it('takes capital letters too', () => {
    expect(press('M')?.kind).toBe('toggle-mute');
  });

  it('leaves keys with Ctrl, Alt or Meta to the browser', () => {
    expect(press('s', { hasModifier: true })).toBeUndefined();
  });

  it('leaves space to a focused button, which it activates by itself', () => {
    expect(press(' ', { isOnButton: true })).toBeUndefined();
    expect(press('k', { isOnButton: true })?.kind).toBe('toggle-play');
  });

  it('leaves the arrows and End to a focused slider', () => {
    for (const key of ['ArrowUp', 'ArrowDown', 'End'])
      expect(press(key, { isOnSlider: true })).toBeUndefined();
  });

  it('knows no command for other keys, not even those every object has', () => {
    for (const key of ['x', 'Tab', 'Enter', 'constructor', '__proto__']) expect(press(key)).toBeUndefined();
  });
});
