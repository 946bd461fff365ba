/** Which key does what. Pure. */

/** What a key or a button asks of the player. */
export type PlayerCommand =
  | { readonly kind: 'toggle-play' }
  | { readonly kind: 'toggle-mute' }
  | { readonly kind: 'toggle-full-screen' }
  | { readonly kind: 'toggle-picture-in-picture' }
  | { readonly kind: 'toggle-stats' }
  | { readonly kind: 'toggle-keys' }
  | { readonly kind: 'go-live' }
  | { readonly kind: 'change-volume'; readonly by: number }
  | { readonly kind: 'close' };

/** One step of the arrow keys, of a volume from 0 to 1. */
export const VOLUME_STEP = 0.05;

/** What is known of a key press. */
export type KeyPress = {
  readonly key: string;
  /** Ctrl, Alt or Meta is held: the key belongs to the browser. */
  readonly hasModifier: boolean;
  /** The focus is on something that space activates by itself. */
  readonly isOnButton: boolean;
  /** The focus is on something that arrow keys move by themselves. */
  readonly isOnSlider: boolean;
};

const COMMANDS: Readonly<Record<string, PlayerCommand>> = {
  ' ': { kind: 'toggle-play' },
  k: { kind: 'toggle-play' },
  m: { kind: 'toggle-mute' },
  f: { kind: 'toggle-full-screen' },
  i: { kind: 'toggle-picture-in-picture' },
  s: { kind: 'toggle-stats' },
  l: { kind: 'go-live' },
  end: { kind: 'go-live' },
  '?': { kind: 'toggle-keys' },
  h: { kind: 'toggle-keys' },
  arrowup: { kind: 'change-volume', by: VOLUME_STEP },
  arrowdown: { kind: 'change-volume', by: -VOLUME_STEP },
  escape: { kind: 'close' },
};

/** The command of a key press; `undefined` when the key is none of the player's business. */
export const commandFor = (press: KeyPress): PlayerCommand | undefined => {
  if (press.hasModifier) return undefined;
  const key = press.key.toLowerCase();
  if (press.isOnButton && key === ' ') return undefined;
  if (press.isOnSlider && (key.startsWith('arrow') || key === 'end')) return undefined;
  return Object.hasOwn(COMMANDS, key) ? COMMANDS[key] : undefined;
};
