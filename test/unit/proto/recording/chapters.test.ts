import { Cmaf, Recording } from '@freshet/proto';
import { expect, test } from 'vitest';
import { chunksOf, initOf } from '../../viewer/app/broadcast.js';

const finished = (chapters: readonly Recording.Chapter[]): Uint8Array => {
  const init = Recording.readMovieInit(initOf());
  if (!init) throw new Error('the init segment can be read');
  const layout = new Recording.RecordingLayout(init);
  const timeline = new Recording.FragmentTimeline({ init, gapUsMax: 0 });
  layout.noteWritten(layout.head.length);
  for (const chunk of chunksOf(0, 3).flatMap((added) => timeline.add(added))) layout.noteChunk(chunk);
  return layout.finish(chapters)?.movie ?? new Uint8Array(0);
};

const chaptersIn = (movie: Uint8Array): string => {
  const moov = Cmaf.findBox(movie, 0, movie.length, 'moov');
  const udta = moov && Cmaf.findBox(movie, moov.bodyStart, moov.end, 'udta');
  return new TextDecoder().decode(udta ? movie.subarray(udta.bodyStart, udta.end) : undefined);
};

test('chapters stand in the movie box, one at the beginning added, in order of time', () => {
  const text = chaptersIn(
    finished([
      { atMs: 200, title: 'Zweites — 河' },
      { atMs: 100, title: 'First' },
    ]),
  );
  expect(text).toMatch(/chpl.*Start.*First.*Zweites — 河/s);
});

test('a movie without chapters has no list of them', () => {
  expect(chaptersIn(finished([]))).toBe('');
});

test('a long title is cut at a character, and no more chapters are listed than the count can say', () => {
  const many = Array.from({ length: 300 }, (_, index) => ({ atMs: index, title: '河'.repeat(100) }));
  const text = chaptersIn(finished(many));
  expect(text.match(/河+/g)).toHaveLength(Recording.CHAPTERS_MAX);
  expect(text.match(/河+/)?.[0]).toHaveLength(85);
});

test('the WebVTT file gives each chapter the time until the next one, and lets no title break out', () => {
  const vtt = Recording.chaptersToVtt([{ atMs: 3_723_004, title: 'a\n\n00:00 --> <b>&' }], 4_000_000);
  expect(vtt.split('\n\n')).toEqual([
    'WEBVTT',
    '00:00:00.000 --> 01:02:03.004\nStart',
    '01:02:03.004 --> 01:06:40.000\na 00:00 --> &lt;b>&amp;\n'
      .replace('-->  ', '--> ')
      .replace('00:00 -->', '00:00 →'),
  ]);
});
