import { encodeAddress } from '@freshet/proto';
import { expect, test } from 'vitest';
import { type RawWatchOptions, readWatchOptions } from '../../../../viewer/src/app/watch-options.js';

const address = encodeAddress(new Uint8Array(32).fill(7));
const link = `https://relay.example/watch/${address}`;
const read = (text: string, raw: RawWatchOptions = {}, output?: string) =>
  readWatchOptions(text, output, raw);

test('a link brings its relay, --relay comes first, and no relay comes twice', () => {
  expect(read(link).relays).toEqual(['https://relay.example']);
  const relay = ['http://127.0.0.1:8080/', 'https://relay.example'];
  expect(read(link, { relay }).relays).toEqual(['http://127.0.0.1:8080', 'https://relay.example']);
  expect(read(`freshet:${address}?relay=https%3A%2F%2Fa.example`).relays).toEqual(['https://a.example']);
});

test('a player is the default unless the media goes somewhere else', () => {
  expect(read(link)).toMatchObject({ player: 'any', outFile: undefined, isStdout: false });
  expect(read(link, { out: 'a.mp4' })).toMatchObject({
    player: undefined,
    outFile: 'a.mp4',
    isStdout: false,
  });
  expect(read(link, { out: '-' })).toMatchObject({ player: undefined, outFile: undefined, isStdout: true });
  expect(read(link, {}, '-')).toMatchObject({ player: undefined, isStdout: true });
  expect(read(link, { out: 'a.mp4', player: 'vlc' }, '-')).toMatchObject({
    player: 'vlc',
    outFile: 'a.mp4',
    isStdout: true,
  });
});

test('times are seconds; a timeout of 0 waits for ever', () => {
  expect(read(link)).toMatchObject({ durationMs: undefined, timeoutMs: 30_000 });
  expect(read(link, { duration: '1.5', timeout: '2' })).toMatchObject({ durationMs: 1500, timeoutMs: 2000 });
  expect(read(link, { timeout: '0' }).timeoutMs).toBeUndefined();
});

test('the upload is unlimited unless Mbit/s are named; 0 gives nothing to others', () => {
  expect(read(link).uploadBps).toBe(1_000_000_000);
  expect(read(link, { uploadLimit: '2.5' }).uploadBps).toBe(2_500_000);
  expect(read(link, { uploadLimit: '0' }).uploadBps).toBe(0);
  expect(read(link, { uploadLimit: '99999999999' }).uploadBps).toBe(1_000_000_000);
});

test('other viewers are connected to unless only the relay may learn the address', () => {
  expect(read(link).isRelayOnly).toBe(false);
  expect(read(link, { relayOnly: true }).isRelayOnly).toBe(true);
});

test('werift connects to other viewers unless wrtc is asked for', () => {
  expect(read(link).rtcEngine).toBe('werift');
  expect(read(link, { rtc: 'wrtc' }).rtcEngine).toBe('wrtc');
});

const wrong = address.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'));

test.each<[string, string, RawWatchOptions, string | undefined, string]>([
  ['bad-link', `https://relay.example/watch/${wrong}`, {}, undefined, 'wrong character'],
  ['bad-link', 'https://relay.example/elsewhere', {}, undefined, 'not a watch link'],
  ['no-relay', address, {}, undefined, '--relay'],
  ['bad-option', link, { relay: ['relay.example'] }, undefined, 'https://relay.example.org'],
  ['bad-option', link, { player: 'xine' }, undefined, 'mpv, ffplay, vlc'],
  ['bad-option', link, { duration: '0' }, undefined, '--duration'],
  ['bad-option', link, { duration: '1e3' }, undefined, '--duration'],
  ['bad-option', link, { timeout: 'soon' }, undefined, '--timeout'],
  ['bad-option', link, { uploadLimit: 'off' }, undefined, '--upload-limit'],
  ['bad-option', link, { uploadLimit: '-1' }, undefined, '--upload-limit'],
  ['bad-option', link, { uploadLimit: '1e3' }, undefined, '--upload-limit'],
  ['bad-option', link, { uploadLimit: '' }, undefined, '--upload-limit'],
  ['bad-option', link, { rtc: 'webrtc' }, undefined, '--rtc takes werift or wrtc'],
  ['bad-option', link, { out: '' }, undefined, '--out'],
  ['bad-option', link, {}, 'file.mp4', '--out'],
])('%s: a mistake in the command line is one sentence and exit code 2', (kind, text, raw, output, words) => {
  expect(() => read(text, raw, output)).toThrow(
    expect.objectContaining({ kind, exitCode: 2, message: expect.stringContaining(words) }),
  );
});
