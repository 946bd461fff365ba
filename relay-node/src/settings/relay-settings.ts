/** A relay's settings, from a file and flags; flags win. */

import { dirname, resolve } from 'node:path';
import type { LogFormat, LogLevel } from '../log/log.js';
import { flagOf, SETTINGS, type Setting, type SettingName } from './setting-table.js';
import { SettingsError } from './settings-error.js';
import { type FileEntries, readSettingsFile } from './settings-file.js';

/** Everything that the table names, read and free of contradictions. */
export type RelaySettings = {
  /** Watch links. */
  readonly parents: readonly string[];
  readonly port: number;
  readonly host: string | undefined;
  /** Origin. */
  readonly publicUrl: string | undefined;
  readonly viewersMax: number;
  readonly heads: number;
  /** Addresses and networks of reverse proxies. */
  readonly trustProxy: readonly string[];
  /** Paths of PEM files; both or none. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly logFormat: LogFormat;
  readonly logLevel: LogLevel;
};

/** What the command line gave: the text of each flag, a list of texts for flags that may be repeated. */
export type GivenFlags = ReadonlyMap<SettingName, unknown>;

/** Where settings come from. */
export type SettingsSource = {
  readonly configPath?: string | undefined;
  readonly flags: GivenFlags;
  /** What relative paths of flags start from. */
  readonly folder: string;
  /** A relay with nothing to pass on is none; who only looks at the machine does not mind. */
  readonly mayLackParents?: boolean;
};

/** Reads and checks all settings; throws a SettingsError that says where and what would be right. */
export function readRelaySettings(source: SettingsSource): RelaySettings {
  const { configPath, flags, folder } = source;
  const file: FileEntries =
    configPath === undefined ? new Map() : readSettingsFile(resolve(folder, configPath));
  const sources = {
    file,
    flags,
    flagFolder: folder,
    fileFolder: dirname(resolve(folder, configPath ?? '.')),
  };
  const read = <Value>(name: SettingName, setting: Setting<Value>): Value | undefined =>
    settingOf(name, setting, sources) ?? setting.fallback;
  const settings: RelaySettings = {
    parents: read('parents', SETTINGS.parents) ?? [],
    port: read('port', SETTINGS.port) ?? 0,
    host: read('host', SETTINGS.host),
    publicUrl: read('public-url', SETTINGS['public-url']),
    viewersMax: read('viewers-max', SETTINGS['viewers-max']) ?? 1,
    heads: read('heads', SETTINGS.heads) ?? 1,
    trustProxy: read('trust-proxy', SETTINGS['trust-proxy']) ?? [],
    tls: tlsOf(read('tls-cert', SETTINGS['tls-cert']), read('tls-key', SETTINGS['tls-key']), sources),
    logFormat: read('log-format', SETTINGS['log-format']) ?? 'text',
    logLevel: read('log-level', SETTINGS['log-level']) ?? 'info',
  };
  if (settings.parents.length === 0 && source.mayLackParents !== true)
    throw new SettingsError(
      'There is nothing to pass on. Name a watch link with --parent, or under "parents" in the settings file.',
    );
  refuseContradictions(settings, sources);
  return settings;
}

type Sources = {
  readonly file: FileEntries;
  readonly flags: GivenFlags;
  readonly fileFolder: string;
  readonly flagFolder: string;
};

function settingOf<Value>(name: SettingName, { kind }: Setting<Value>, sources: Sources): Value | undefined {
  const isFlag = sources.flags.has(name);
  const given = isFlag ? sources.flags.get(name) : sources.file.get(name)?.given;
  if (given === undefined) return undefined;
  const reading = kind.read(given, isFlag ? sources.flagFolder : sources.fileFolder);
  if (reading.ok) return reading.value;
  const where = whereOf(name, sources);
  if (reading.why !== undefined) throw new SettingsError(`${where}: ${reading.why}`);
  const shown = Array.isArray(given) ? given.join(', ') : String(given);
  throw new SettingsError(`${where} takes ${kind.takes}, not "${shown.slice(0, 100)}".`);
}

/** How a person finds a setting again: `--port`, or `relay.yaml:3: "port"`. */
function whereOf(name: SettingName, sources: Sources): string {
  const entry = sources.flags.has(name) ? undefined : sources.file.get(name);
  return entry === undefined ? flagOf(name) : `${entry.where}: "${name}"`;
}

function tlsOf(
  certFile: string | undefined,
  keyFile: string | undefined,
  sources: Sources,
): RelaySettings['tls'] {
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile === undefined && keyFile === undefined) return undefined;
  const [there, missing]: [SettingName, SettingName] =
    certFile === undefined ? ['tls-key', 'tls-cert'] : ['tls-cert', 'tls-key'];
  throw new SettingsError(`${whereOf(there, sources)} needs "${missing}" beside it. Give both, or neither.`);
}

function refuseContradictions(settings: RelaySettings, sources: Sources): void {
  const { publicUrl, tls } = settings;
  if (tls !== undefined && publicUrl?.startsWith('http:') === true)
    throw new SettingsError(
      `${whereOf('public-url', sources)} begins with http:, but "tls-cert" makes the relay speak https. Write https:.`,
    );
}
