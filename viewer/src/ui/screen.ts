/** Which status screen belongs to a moment. Pure. */

import type { FeedStatus } from '../playback/feed.js';
import type { PlaybackState } from '../playback/mse-playback.js';
import {
  badAddressWords,
  failureWords,
  incompatibleWords,
  reconnectingWords,
  SCREEN_WORDS,
  type ScreenWords,
  untrustedWords,
  waitingWords,
} from './words.js';

/** What the button of a status screen does. */
export type ScreenAction = 'retry' | 'reload' | 'copy-link';

/** A status screen. */
export type Screen = ScreenWords & {
  /**
   * `cover`: nothing can be seen behind it. `veil`: the last frame shines through. `banner`: a line over the picture.
   * `spinner`: hardly a sign.
   */
  readonly form: 'cover' | 'veil' | 'banner' | 'spinner';
  /** `busy` moves; `calm` waits; `trouble` needs the person. */
  readonly tone: 'busy' | 'calm' | 'trouble';
  readonly action?: ScreenAction;
};

/** What the broadcaster says of a wait. */
export type Wait = { readonly reason: string | undefined; readonly startsInMs: number | undefined };

/** What the choice depends on. */
export type Moment = {
  readonly status: FeedStatus;
  /** Since the status was reported. */
  readonly statusAgeMs: number;
  readonly playback: Pick<PlaybackState, 'phase' | 'failure'>;
  /** Since playback came into its phase. */
  readonly phaseAgeMs: number;
  /** A frame is on the screen, or has been. */
  readonly hasPicture: boolean;
  readonly wait?: Wait | undefined;
  /** Media that is still to be played. */
  readonly behindLiveMs: number;
};

/** Quick starts show no words at all: those would flash. */
export const QUICK_START_MS = 400;
/** A picture that stands this long is explained. */
export const STALL_SHOWN_MS = 350;
/** With more than this still to play, the end of the broadcast is a remark, not a curtain. */
const STILL_TO_PLAY_MS = 1500;
/** Tries to reconnect before a person is offered to start again. */
const PATIENT_ATTEMPTS = 2;
/** The last frames are seen before the curtain falls. */
const CURTAIN_MS = 400;

/** The screen for this moment; `undefined` when the picture says it all. */
export const screenFor = (moment: Moment): Screen | undefined => {
  const { status, playback } = moment;
  if (playback.phase === 'failed') return failureScreen(playback.failure);
  switch (status.kind) {
    case 'live':
      return liveScreen(moment);
    case 'connecting':
      if (moment.statusAgeMs < QUICK_START_MS) return undefined;
      return { form: moment.hasPicture ? 'banner' : 'cover', tone: 'busy', ...SCREEN_WORDS.connecting };
    case 'reconnecting':
      return reconnectingScreen(status, moment);
    case 'not-started':
      return { form: 'cover', tone: 'calm', ...waitingWords(status.kind, moment.wait), action: 'copy-link' };
    case 'waiting':
    case 'ended':
      return pauseScreen(status.kind, moment);
    case 'unknown-channel':
      return { form: 'cover', tone: 'trouble', ...SCREEN_WORDS['unknown-channel'], action: 'retry' };
    case 'bad-address':
      return { form: 'cover', tone: 'trouble', ...badAddressWords(status.why) };
    case 'incompatible':
      return { form: 'cover', tone: 'trouble', ...incompatibleWords(status.why), action: 'reload' };
    case 'untrusted':
      return { form: 'cover', tone: 'trouble', ...untrustedWords(status.why), action: 'retry' };
  }
};

/** Whether the picture, and with it the controls, can be seen with this screen. */
export const showsPicture = (screen: Screen | undefined): boolean =>
  screen === undefined || screen.form === 'banner' || screen.form === 'spinner';

/** What a screen reader says: the countdown is left out, it would be spoken every second. */
export const spokenWords = (screen: Screen | undefined, status: FeedStatus): string => {
  if (screen === undefined) return '';
  if (/:\d\d$/.test(screen.title)) return screen.detail;
  return status.kind === 'reconnecting' ? screen.title : `${screen.title}. ${screen.detail}`.trim();
};

const liveScreen = ({ playback, statusAgeMs, phaseAgeMs, hasPicture }: Moment): Screen | undefined => {
  const isWaiting = playback.phase === 'idle' || playback.phase === 'buffering';
  if (!isWaiting) return undefined;
  if (!hasPicture)
    return statusAgeMs < QUICK_START_MS
      ? undefined
      : { form: 'cover', tone: 'busy', ...SCREEN_WORDS.joining };
  return phaseAgeMs < STALL_SHOWN_MS
    ? undefined
    : { form: 'spinner', tone: 'busy', ...SCREEN_WORDS.buffering };
};

const reconnectingScreen = (
  status: Extract<FeedStatus, { kind: 'reconnecting' }>,
  { statusAgeMs, hasPicture }: Moment,
): Screen => ({
  form: hasPicture ? 'banner' : 'cover',
  tone: 'busy',
  ...reconnectingWords(status.attempt, status.retryInMs - statusAgeMs),
  // A new start throws the last frame away: offered when waiting has not helped.
  ...(status.attempt > PATIENT_ATTEMPTS ? { action: 'retry' } : {}),
});

const pauseScreen = (kind: 'waiting' | 'ended', moment: Moment): Screen | undefined => {
  const isWaiting = kind === 'waiting';
  const tone = isWaiting ? 'busy' : 'calm';
  const words = isWaiting ? waitingWords(kind, moment.wait) : SCREEN_WORDS.ended;
  if (!moment.hasPicture) return { form: 'cover', tone, ...words };
  if (moment.behindLiveMs > STILL_TO_PLAY_MS) return { form: 'banner', tone, title: words.title, detail: '' };
  return moment.statusAgeMs < CURTAIN_MS ? undefined : { form: 'veil', tone, ...words };
};

const failureScreen = (failure: PlaybackState['failure']): Screen => {
  const isBrowser = failure?.kind === 'no-media-source' || failure?.kind === 'unsupported-codec';
  return {
    form: 'cover',
    tone: 'trouble',
    ...failureWords(isBrowser, failure?.message),
    action: isBrowser ? 'copy-link' : 'reload',
  };
};
