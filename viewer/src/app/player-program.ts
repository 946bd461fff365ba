/** The players that `freshet watch` can feed, and where they are. */

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { WatchError } from './watch-error.js';

/** A player that reads fragmented MP4 from its standard input. */
export type PlayerName = 'mpv' | 'ffplay' | 'vlc';

/** In the order in which they are tried: the one with the least delay first. */
export const PLAYER_NAMES: readonly PlayerName[] = ['mpv', 'ffplay', 'vlc'];

/** A player that was found. */
export type PlayerProgram = { readonly name: PlayerName; readonly path: string };

/** Whether a text names a player. */
export function isPlayerName(text: string): text is PlayerName {
  return PLAYER_NAMES.some((name) => name === text);
}

/** What makes the player read its standard input with little delay and end with it. `title` names the window. */
export function playerArguments(name: PlayerName, title: string): readonly string[] {
  switch (name) {
    case 'mpv':
      return ['--profile=low-latency', '--no-cache', '--really-quiet', `--force-media-title=${title}`, '-'];
    case 'ffplay': {
      const input = [
        '-fflags',
        'nobuffer',
        '-flags',
        'low_delay',
        '-probesize',
        '65536',
        '-analyzeduration',
        '0',
      ];
      return ['-loglevel', 'error', '-autoexit', '-window_title', title, ...input, '-f', 'mp4', '-i', '-'];
    }
    case 'vlc': {
      const caching = ['--network-caching=300', '--file-caching=300', '--live-caching=300'];
      return ['--quiet', '--play-and-exit', '--no-video-title-show', ...caching, '-'];
    }
  }
}

/** Finds a program in the folders of `searchPath` (the `PATH` variable); `undefined` where it is not. */
export function findProgram(name: string, searchPath: string): string | undefined {
  const fileName = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of searchPath.split(delimiter)) {
    const path = join(folder, fileName);
    if (folder !== '' && isExecutable(path)) return path;
  }
  return undefined;
}

/**
 * The player that was asked for, or the first that is there. Throws a WatchError ('player-missing') that says what
 * else can be done.
 */
export function choosePlayer(wanted: PlayerName | undefined, searchPath: string): PlayerProgram {
  for (const name of wanted ? [wanted] : PLAYER_NAMES) {
    const path = findProgram(name, searchPath);
    if (path !== undefined) return { name, path };
  }
  const why = wanted
    ? `${wanted} was not found on the PATH. Install it, choose another with --player, or record with --out FILE.mp4.`
    : 'No player was found: install mpv, ffplay or vlc, or record with --out FILE.mp4.';
  throw new WatchError('player-missing', why);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
