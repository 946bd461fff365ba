/** Where recordings go, and what they are called. */

import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder of the recordings below the user's videos. */
const FOLDER = 'Freshet';

/** Characters of the title that go into a file's name. */
const TITLE_LENGTH_MAX = 80;

/** The `Freshet` folder under the user's videos: `XDG_VIDEOS_DIR`, what the desktop says, or the system's usual one. */
export async function defaultRecordFolder(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const home = homedir();
  if (env.XDG_VIDEOS_DIR) return join(env.XDG_VIDEOS_DIR, FOLDER);
  if (process.platform === 'darwin') return join(home, 'Movies', FOLDER);
  if (process.platform === 'win32') return join(home, 'Videos', FOLDER);
  const config = env.XDG_CONFIG_HOME || join(home, '.config');
  const text = await readFile(join(config, 'user-dirs.dirs'), 'utf8').catch(() => '');
  return join(videosIn(text, home) ?? join(home, 'Videos'), FOLDER);
}

/** The videos' folder in xdg-user-dirs' file: `XDG_VIDEOS_DIR="$HOME/Videos"`. */
function videosIn(text: string, home: string): string | undefined {
  const [, value] = /^\s*XDG_VIDEOS_DIR="([^"]+)"/m.exec(text) ?? [];
  return value?.replace(/^\$HOME(?=\/|$)/, home);
}

/** `2030-01-31 20-00 Title`, fit for every file system: what a recording is called, without its ending. */
export function recordingName(at: Date, title: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  // What Windows refuses in a name, and what begins or ends one badly anywhere.
  const words = title
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*]/g, ' ')
    .replace(/\s+/g, ' ')
    .slice(0, TITLE_LENGTH_MAX)
    .replace(/^[. ]+|[. ]+$/g, '');
  return `${day} ${two(at.getHours())}-${two(at.getMinutes())} ${words || 'Live'}`;
}
