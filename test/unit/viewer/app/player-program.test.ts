import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { choosePlayer, PLAYER_NAMES, playerArguments } from '../../../../viewer/src/app/player-program.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshet-players-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const install = (name: string, mode = 0o755): string => {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
};

test('the first player that is installed is taken, the one with the least delay before the others', () => {
  const vlc = install('vlc');
  expect(choosePlayer(undefined, folder)).toEqual({ name: 'vlc', path: vlc });
  const mpv = install('mpv');
  expect(choosePlayer(undefined, `${join(folder, 'none')}${delimiter}${folder}`)).toEqual({
    name: 'mpv',
    path: mpv,
  });
  expect(choosePlayer('vlc', folder)).toEqual({ name: 'vlc', path: vlc });
});

test('a folder and a file that cannot be run are no players', () => {
  mkdirSync(join(folder, 'mpv'));
  install('ffplay', 0o644);
  expect(() => choosePlayer(undefined, folder)).toThrow(/mpv, ffplay or vlc.*--out/);
  expect(() => choosePlayer('ffplay', folder)).toThrow(
    expect.objectContaining({ kind: 'player-missing', exitCode: 1 }),
  );
});

test('every player reads its standard input', () => {
  for (const name of PLAYER_NAMES) expect(playerArguments(name, 'Title').at(-1)).toBe('-');
});
