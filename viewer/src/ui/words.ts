/** Every text that the player shows or speaks. Pure. */

import type { FeedStatus } from '../playback/feed.js';

/** Names of the controls, for tooltips and screen readers. */
export const CONTROL_WORDS = {
  player: 'Freshet live player',
  controls: 'Player controls',
  play: 'Play',
  pause: 'Pause',
  watchLive: 'Watch live',
  mute: 'Mute',
  unmute: 'Unmute',
  noSound: 'This broadcast has no sound',
  volume: 'Volume',
  muted: 'Muted',
  tapToUnmute: 'Tap to unmute',
  statistics: 'Statistics',
  pictureInPicture: 'Picture in picture',
  enterFullScreen: 'Full screen',
  leaveFullScreen: 'Leave full screen',
  keys: 'Keyboard shortcuts',
  live: 'LIVE',
  goLive: 'Go live',
  notLive: 'Not live now',
  watchingLive: 'You are watching live',
  /** Before a number: the sign in the corner while this viewer passes the broadcast on. */
  helping: 'helping',
  closeStatistics: 'Close statistics',
  closeKeys: 'Close keyboard shortcuts',
} as const;

/** Short notes after a command, shown for a moment and spoken. */
export const HINT_WORDS = {
  muted: 'Sound off',
  unmuted: 'Sound on',
  paused: 'Paused',
  live: 'Live',
  linkCopied: 'Link copied',
  linkNotCopied: 'The link could not be copied: take it from the address bar.',
  noPictureInPicture: 'This browser does not show picture in picture now.',
  noFullScreen: 'This browser does not allow full screen here.',
} as const;

/** Labels of the statistics. */
export const STATS_WORDS = {
  latency: 'Glass to glass',
  latencyChart: 'Latency over the last half minute',
  buffer: 'Buffer',
  bufferChart: 'Buffer over the last half minute',
  target: 'Target',
  bitrate: 'Bit rate',
  picture: 'Picture',
  droppedFrames: 'Dropped frames',
  stalls: 'Stalls',
  verified: 'Pieces verified',
  refused: 'Pieces refused',
  received: 'Received',
  roundTrip: 'Round trip',
  rendition: 'Rendition',
  codec: 'Codec',
  epoch: 'Epoch',
  firstFrame: 'First frame',
  origin: 'Where it comes from',
  fromViewers: 'from other viewers',
  fromRelayOnly: 'from the relay',
  viewers: 'Viewers',
  relay: 'Relay',
  passedOn: 'Passed on',
  uplink: 'Uplink',
  neighbours: 'Neighbours',
  repairs: 'Repairs',
  off: 'off',
} as const;

/** The help sheet: keys and what they do, in order. */
export const KEY_WORDS: readonly { readonly keys: readonly string[]; readonly what: string }[] = [
  { keys: ['Space', 'K'], what: 'Play or pause' },
  { keys: ['L', 'End'], what: 'Go to live' },
  { keys: ['M'], what: 'Sound on or off' },
  { keys: ['↑', '↓'], what: 'Louder, softer' },
  { keys: ['F'], what: 'Full screen' },
  { keys: ['I'], what: 'Picture in picture' },
  { keys: ['S'], what: 'Statistics' },
  { keys: ['?', 'H'], what: 'This sheet' },
  { keys: ['Esc'], what: 'Close' },
];

/** What a status screen says. */
export type ScreenWords = { readonly title: string; readonly detail: string };

/** Labels of the buttons on status screens. */
export const ACTION_WORDS = {
  retry: 'Try again',
  reload: 'Reload the page',
  'copy-link': 'Copy the link',
} as const;

/** Screens that say the same each time. */
export const SCREEN_WORDS = {
  connecting: { title: 'Connecting', detail: 'Looking for the broadcast.' },
  joining: { title: 'Joining the broadcast', detail: 'The picture is on its way.' },
  buffering: { title: 'Catching up', detail: '' },
  'not-started': {
    title: 'Not live yet',
    detail: 'Stay on this page: the picture appears by itself when the broadcast begins.',
  },
  waiting: {
    title: 'The broadcaster will be right back',
    detail: 'Their picture is gone for a moment. It goes on here by itself.',
  },
  ended: {
    title: 'The broadcast has ended',
    detail: 'Thank you for watching. If it starts again, it appears on this page.',
  },
  'unknown-channel': {
    title: 'No such channel here',
    detail: 'Nobody broadcasts at this address. Check the link, or ask whoever sent it for a new one.',
  },
} as const satisfies Record<string, ScreenWords>;

/** The broadcaster is there and sends nothing: their own words, and the time to a start that was announced. */
export const waitingWords = (
  kind: 'not-started' | 'waiting',
  wait: { readonly reason: string | undefined; readonly startsInMs: number | undefined } | undefined,
): ScreenWords => {
  const { title, detail } = SCREEN_WORDS[kind];
  const ms = wait?.startsInMs;
  if (ms === undefined) return { title, detail: wait?.reason ?? detail };
  const when = ms > 0 ? `Begins in ${countdown(ms)}` : 'Beginning any moment';
  return { title: when, detail: SCREEN_WORDS['not-started'].detail };
};

/** `1:02:03`: whole seconds that are left. */
const countdown = (ms: number): string => {
  const seconds = Math.ceil(ms / 1000);
  const two = (value: number): string => String(value % 60).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60))}:${two(seconds)}`;
};

/** The channel's or relay's address cannot be read. */
export const badAddressWords = (why: string): ScreenWords => ({
  title: 'This link is not complete',
  detail: sentences(why, 'If somebody sent it to you, ask them to send it again.'),
});

/** The relay speaks another version of the protocol. */
export const incompatibleWords = (why: string): ScreenWords => ({
  title: 'A newer player is needed',
  detail: sentences(why, 'Reloading the page usually brings it.'),
});

/** What arrives is not what the broadcaster signed. */
export const untrustedWords = (why: string): ScreenWords => ({
  title: 'Stopped to keep you safe',
  detail: sentences(why, 'Try again in a moment, or use another link to the same broadcast.'),
});

/** The connection is lost; `remainingMs` until the next try. */
export const reconnectingWords = (attempt: number, remainingMs: number): ScreenWords => {
  const seconds = Math.ceil(Math.max(0, remainingMs) / 1000);
  const when = seconds < 1 ? 'Trying again now.' : `Trying again in ${seconds}\u00a0s.`;
  return {
    title: 'Connection lost',
    detail: attempt > 2 ? `${when} Check your own connection too.` : when,
  };
};

/** Playback broke; `isBrowser`: this browser could never have played it. */
export const failureWords = (isBrowser: boolean, why: string | undefined): ScreenWords =>
  isBrowser
    ? {
        title: 'This browser can’t play it',
        detail: why ?? 'Update it, or open the link in Chrome, Edge, Firefox or Safari.',
      }
    : {
        title: 'Playback stopped',
        detail: sentences(why ?? 'Something in the browser’s player broke.', 'Reloading usually helps.'),
      };

/** The relay addresses of an embedded player cannot be read. */
export const badRelayWords = (text: string): string =>
  `The relay address “${text.slice(0, 80)}” is not one: it should look like https://relay.example.`;

/** The tab's title: a dot while live. */
export const documentTitle = (status: FeedStatus['kind'], title: string | undefined): string => {
  const name = title === undefined || title.trim() === '' ? 'Freshet' : `${title.trim()} — Freshet`;
  return status === 'live' ? `● ${name}` : name;
};

/** What is spoken when the volume changed; `volume` from 0 to 1. */
export const volumeWords = (volume: number): string => `Volume ${Math.round(volume * 100)} %`;

/** A share from 0 to 1 as a percentage; all and nothing only where it is exactly that. */
export const formatShare = (share: number | undefined): string => {
  if (share === undefined) return '–';
  const percent = share > 0 && share < 1 ? Math.min(99, Math.max(1, Math.round(share * 100))) : share * 100;
  return `${percent} %`;
};

/** Where the broadcast comes from, in one sentence; `share`: of other viewers. */
export const originWords = (share: number | undefined): string => {
  if (share === undefined) return 'Nothing has come yet.';
  if (share === 0) return 'Everything comes from the relay.';
  if (share === 1) return 'Everything comes from other viewers.';
  const percent = formatShare(share);
  return `${percent} came from other viewers, ${100 - Number.parseInt(percent, 10)} % from the relay.`;
};

/** Whom this viewer passes the broadcast on to, in the statistics. */
export const helpedWords = (count: number): string =>
  count === 0 ? 'to nobody now' : `to ${count} ${count === 1 ? 'viewer' : 'viewers'}`;

/** What that sign means. */
export const helpingSentence = (count: number): string => {
  const whom = count === 1 ? 'one other viewer' : `${count} other viewers`;
  return `Your browser passes this broadcast on to ${whom}. Open the statistics for more.`;
};

const sentences = (...parts: readonly string[]): string =>
  parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(' ');
