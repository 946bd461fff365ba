import { describe, expect, it } from 'vitest';
import type { FeedStatus } from '../../../../viewer/src/playback/feed.js';
import { PlaybackError } from '../../../../viewer/src/playback/playback-error.js';
import {
  type Moment,
  QUICK_START_MS,
  STALL_SHOWN_MS,
  screenFor,
  showsPicture,
  spokenWords,
} from '../../../../viewer/src/ui/screen.js';

const momentOf = (status: FeedStatus, rest: Partial<Moment> = {}): Moment => ({
  status,
  statusAgeMs: 1000,
  playback: { phase: 'idle', failure: undefined },
  phaseAgeMs: 1000,
  hasPicture: false,
  behindLiveMs: 0,
  ...rest,
});

const playing = { playback: { phase: 'playing', failure: undefined }, hasPicture: true } as const;
const buffering = { playback: { phase: 'buffering', failure: undefined }, hasPicture: true } as const;
const failedWith = (error: PlaybackError): Pick<Moment, 'playback'> => ({
  playback: { phase: 'failed', failure: error },
});

const EVERY_STATUS: readonly FeedStatus[] = [
  { kind: 'connecting' },
  { kind: 'live' },
  { kind: 'reconnecting', attempt: 1, retryInMs: 3000 },
  { kind: 'not-started' },
  { kind: 'waiting' },
  { kind: 'ended' },
  { kind: 'unknown-channel' },
  { kind: 'bad-address', why: 'This channel address is too short.' },
  { kind: 'incompatible', why: 'The relay speaks version 9.' },
  { kind: 'untrusted', why: 'Every relay lies.' },
];

describe('screenFor', () => {
  it('says something in every state that has no picture', () => {
    for (const status of EVERY_STATUS) {
      const screen = screenFor(momentOf(status));
      expect(screen?.title, status.kind).not.toBe('');
      expect(screen?.detail, status.kind).not.toBe('');
    }
  });

  it('leaves a playing broadcast alone', () => {
    expect(screenFor(momentOf({ kind: 'live' }, playing))).toBeUndefined();
  });

  it('shows no words while a start is still quick, so that nothing flashes', () => {
    const early = { statusAgeMs: QUICK_START_MS - 1 };
    expect(screenFor(momentOf({ kind: 'connecting' }, early))).toBeUndefined();
    expect(screenFor(momentOf({ kind: 'live' }, early))).toBeUndefined();
    const late = { statusAgeMs: QUICK_START_MS };
    expect(screenFor(momentOf({ kind: 'connecting' }, late))?.title).toBe('Connecting');
    expect(screenFor(momentOf({ kind: 'live' }, late))?.title).toBe('Joining the broadcast');
  });

  it('shows a spinner over a picture that stands, but not at once', () => {
    expect(
      screenFor(momentOf({ kind: 'live' }, { ...buffering, phaseAgeMs: STALL_SHOWN_MS - 1 })),
    ).toBeUndefined();
    expect(screenFor(momentOf({ kind: 'live' }, { ...buffering, phaseAgeMs: STALL_SHOWN_MS }))?.form).toBe(
      'spinner',
    );
  });

  it('keeps the picture in sight while reconnecting, and counts down', () => {
    const status: FeedStatus = { kind: 'reconnecting', attempt: 1, retryInMs: 4000 };
    const screen = screenFor(momentOf(status, { ...buffering, statusAgeMs: 1500 }));
    expect(screen).toMatchObject({ form: 'banner', detail: 'Trying again in 3\u00a0s.' });
    expect(screenFor(momentOf(status, { statusAgeMs: 4100 }))).toMatchObject({
      form: 'cover',
      detail: 'Trying again now.',
    });
  });

  it('offers to start again only when reconnecting has failed several times', () => {
    const tryNumber = (attempt: number) =>
      screenFor(momentOf({ kind: 'reconnecting', attempt, retryInMs: 1000 }));
    expect(tryNumber(2)?.action).toBeUndefined();
    expect(tryNumber(3)?.action).toBe('retry');
  });

  it('draws the curtain over the last frame at the end', () => {
    expect(screenFor(momentOf({ kind: 'ended' }, buffering))?.form).toBe('veil');
    expect(screenFor(momentOf({ kind: 'ended' }))?.form).toBe('cover');
  });

  it('lets a person who is behind live see the rest of an ended broadcast', () => {
    const screen = screenFor(momentOf({ kind: 'ended' }, { ...playing, behindLiveMs: 60_000 }));
    expect(screen?.form).toBe('banner');
    expect(showsPicture(screen)).toBe(true);
  });

  it('gives the reason and a next step when the person has to act', () => {
    const of = (status: FeedStatus) => screenFor(momentOf(status));
    expect(of({ kind: 'unknown-channel' })?.action).toBe('retry');
    expect(of({ kind: 'incompatible', why: 'The relay speaks version 9' })).toMatchObject({
      action: 'reload',
      detail: 'The relay speaks version 9. Reloading the page usually brings it.',
    });
    expect(of({ kind: 'incompatible', why: '' })?.detail).toBe('Reloading the page usually brings it.');
    expect(of({ kind: 'untrusted', why: 'Every relay lies.' })?.detail).toContain('Every relay lies.');
    expect(of({ kind: 'bad-address', why: 'It is too short.' })?.detail).toContain('It is too short.');
    expect(of({ kind: 'not-started' })?.action).toBe('copy-link');
  });

  it('tells a browser that cannot play from a playback that broke', () => {
    const live: FeedStatus = { kind: 'live' };
    const unable = screenFor(
      momentOf(live, failedWith(new PlaybackError('unsupported-codec', 'No AV1 here.'))),
    );
    expect(unable).toMatchObject({ detail: 'No AV1 here.', action: 'copy-link' });
    const broken = screenFor(momentOf(live, failedWith(new PlaybackError('decode', 'The decoder gave up.'))));
    expect(broken).toMatchObject({ action: 'reload' });
    expect(broken?.detail).toContain('The decoder gave up.');
  });

  it('hides the picture behind covers and veils only', () => {
    expect(showsPicture(undefined)).toBe(true);
    expect(showsPicture(screenFor(momentOf({ kind: 'waiting' }, buffering)))).toBe(false);
    expect(showsPicture(screenFor(momentOf({ kind: 'not-started' })))).toBe(false);
  });
});

describe('spokenWords', () => {
  it('does not speak the countdown, which changes every second', () => {
    const status: FeedStatus = { kind: 'reconnecting', attempt: 1, retryInMs: 4000 };
    expect(spokenWords(screenFor(momentOf(status)), status)).toBe('Connection lost');
  });

  it('speaks title and detail of other screens, and nothing without one', () => {
    const status: FeedStatus = { kind: 'ended' };
    expect(spokenWords(screenFor(momentOf(status)), status)).toMatch(/^The broadcast has ended\. Thank you/);
    expect(spokenWords(undefined, { kind: 'live' })).toBe('');
  });
});

describe('the wait', () => {
  const waiting = (wait: { reason: string | undefined; startsInMs: number | undefined }) =>
    screenFor({ ...momentOf({ kind: 'waiting' }), wait });

  it('is explained in the words of the broadcaster', () => {
    expect(waiting({ reason: 'Back at nine.', startsInMs: undefined })?.detail).toBe('Back at nine.');
  });

  it('counts down to the start that was announced, which is not spoken every second', () => {
    const screen = waiting({ reason: undefined, startsInMs: 3_723_000 });
    expect(screen?.title).toBe('Begins in 1:02:03');
    expect(spokenWords(screen, { kind: 'waiting' })).not.toMatch(/\d/);
    const notStarted = momentOf({ kind: 'not-started' });
    expect(screenFor({ ...notStarted, wait: { reason: undefined, startsInMs: 59_001 } })?.title).toBe(
      'Begins in 0:01:00',
    );
    expect(waiting({ reason: undefined, startsInMs: -5 })?.title).toBe('Beginning any moment');
  });
});
