/** Reads a settings file: YAML, one level deep, every name known, every entry with its line. */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from 'yaml';
import { nearestOf } from './nearest.js';
import { SETTING_NAMES, type SettingName } from './setting-table.js';
import { SettingsError } from './settings-error.js';

/** Longest settings file. A longer one is refused: no relay has so much to say. */
export const SETTINGS_BYTES_MAX = 256 * 1024;

/** What a file gives for one setting. */
export type FileEntry = {
  /** Text, or a list of texts. */
  readonly given: unknown;
  /** For a person: `relay.yaml:12`. */
  readonly where: string;
};

/** What a file gives, by name. */
export type FileEntries = ReadonlyMap<SettingName, FileEntry>;

/** Reads a file; throws a SettingsError that names the line. */
export function readSettingsFile(path: string): FileEntries {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SettingsError(`The settings file cannot be read (${why}). Correct --config.`, { cause });
  }
  return parseSettings(text, basename(path));
}

/** Parses a file's text; `fileName` is what complaints call it. Throws a SettingsError that names the line. */
export function parseSettings(text: string, fileName: string): FileEntries {
  if (Buffer.byteLength(text) > SETTINGS_BYTES_MAX)
    throw new SettingsError(`${fileName} is longer than ${SETTINGS_BYTES_MAX} bytes. Name a settings file.`);
  const lines = new LineCounter();
  // In the failsafe schema every value is text, as on the command line: no "no" that means false, no 1e3.
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const at = (offset: number | undefined): string => `${fileName}:${lines.linePos(offset ?? 0).line || 1}`;
  const [error] = document.errors;
  if (error) throw new SettingsError(`${at(error.pos[0])}: ${sentenceOf(error.code, error.message)}`);
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === '')) return new Map();
  if (!isMap(contents))
    throw new SettingsError(`${at(contents.range?.[0])}: A settings file holds lines such as "port: 8080".`);
  const entries = new Map<SettingName, FileEntry>();
  for (const pair of contents.items) {
    const where = at(offsetOf(pair.key));
    entries.set(nameOf(pair, where), { given: givenBy(pair, where), where });
  }
  return entries;
}

function nameOf({ key }: Pair, where: string): SettingName {
  const text = isScalar(key) ? String(key.value) : '';
  const name = SETTING_NAMES.find((candidate) => candidate === text);
  if (name !== undefined) return name;
  const nearest = nearestOf(text, SETTING_NAMES);
  const wayOut =
    nearest === undefined ? 'freshet relay --help lists what there is.' : `Did you mean "${nearest}"?`;
  throw new SettingsError(`${where}: There is no setting "${text.slice(0, 60)}". ${wayOut}`);
}

function givenBy({ key, value }: Pair, where: string): unknown {
  if (isScalar(value) && typeof value.value === 'string' && value.value !== '') return value.value;
  if (isSeq(value)) {
    const texts = value.items.map((item) => (isScalar(item) ? item.value : undefined));
    if (texts.every((text) => typeof text === 'string')) return texts;
  }
  const name = isScalar(key) ? String(key.value) : '';
  throw new SettingsError(
    `${where}: "${name}" needs a value, or a list of them. Give it one, or take the line out.`,
  );
}

function offsetOf(node: unknown): number | undefined {
  return isScalar(node) ? node.range?.[0] : undefined;
}

function sentenceOf(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'This setting is there twice. Take one out.';
  const first = message.split('\n')[0] ?? '';
  return `This is not YAML (${first}). Write lines such as "port: 8080".`;
}
