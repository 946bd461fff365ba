/** A relay's settings, from a file and flags; flags win. */

import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isRelayOrigin, parseLink } from '@freshet/proto';
import { type DiscoveryOptions, readDiscoveryOptions } from '../discovery/discovery-options.js';
import { isLoopbackHost } from '../discovery/loopback.js';
import type { WindowSettings } from '../hls/relay-hls.js';
import type { LogFormat, LogLevel } from '../log/log.js';
import type { RelayEdge } from '../relay.js';
import type { AcmeSettings } from '../tls/acme-order.js';
import type { TlsFiles } from '../tls/tls-identity.js';
import { CHANNEL_WORDS, type PortRange } from './setting-kind.js';
import { flagOf, SETTINGS, type Setting, type SettingName } from './setting-table.js';
import { SettingsError } from './settings-error.js';
import { type FileEntries, readSettingsFile } from './settings-file.js';

/** Everything that the table names, read and free of contradictions. */
export type RelaySettings = {
  /** Watch links, and origins. */
  readonly parents: readonly string[];
  /** Addresses; all when left out. */
  readonly channels: readonly string[] | undefined;
  /** Public key of the operator without whose ticket no channel is taken; `undefined` where none is needed. */
  readonly ticketOperator: Uint8Array | undefined;
  readonly port: number;
  /** For STUN and WebRTC, in place of the number of {@link port}. */
  readonly udpPorts: PortRange | undefined;
  readonly host: string | undefined;
  /** Origin. */
  readonly publicUrl: string | undefined;
  readonly viewersMax: number;
  readonly relaysMax: number;
  /** Bits per second. */
  readonly egressMaxBps: number | undefined;
  readonly region: string | undefined;
  readonly heads: number;
  /** Addresses and networks of reverse proxies. */
  readonly trustProxy: readonly string[];
  /** Paths of PEM files; both or none. */
  readonly tls: TlsFiles | undefined;
  /** The certificate is ordered; there are no files of one's own then. */
  readonly acme: AcmeSettings | undefined;
  /** Where viewers reach it by WebRTC. */
  readonly edge: RelayEdge | undefined;
  /** What is kept on disk. */
  readonly window: WindowSettings | undefined;
  /** How relays find each other. */
  readonly discovery: DiscoveryOptions;
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
  const read: Read = (name, setting) => settingOf(name, setting, sources) ?? setting.fallback;
  const settings: RelaySettings = {
    parents: read('parents', SETTINGS.parents) ?? [],
    ...channelsOf(read, sources),
    port: read('port', SETTINGS.port) ?? 0,
    udpPorts: read('udp-ports', SETTINGS['udp-ports']),
    host: read('host', SETTINGS.host),
    publicUrl: read('public-url', SETTINGS['public-url']),
    viewersMax: read('viewers-max', SETTINGS['viewers-max']) ?? 1,
    relaysMax: read('relays-max', SETTINGS['relays-max']) ?? 0,
    egressMaxBps: read('egress-max', SETTINGS['egress-max']),
    region: read('region', SETTINGS.region),
    heads: read('heads', SETTINGS.heads) ?? 1,
    trustProxy: read('trust-proxy', SETTINGS['trust-proxy']) ?? [],
    tls: tlsOf(read('tls-cert', SETTINGS['tls-cert']), read('tls-key', SETTINGS['tls-key']), sources),
    acme: acmeOf(read),
    edge: edgeOf(read),
    window: windowOf(read, sources),
    discovery: discoveryOf(read),
    logFormat: read('log-format', SETTINGS['log-format']) ?? 'text',
    logLevel: read('log-level', SETTINGS['log-level']) ?? 'info',
  };
  const { dht, mdns } = settings.discovery;
  if (settings.parents.length === 0 && !dht && !mdns && source.mayLackParents !== true)
    throw new SettingsError(
      'There is nothing to pass on, and nobody is looked for. Name a watch link with --parent, or under "parents" in the settings file.',
    );
  if (!dht && !mdns && settings.parents.some(namesNoRelay))
    throw new SettingsError(
      `${whereOf('parents', sources)}: A link names no relay, and nobody is looked for. Add ?relay=https://host to it.`,
    );
  refuseContradictions(settings, sources);
  return settings;
}

function namesNoRelay(parent: string): boolean {
  const parsed = isRelayOrigin(parent) ? undefined : parseLink(parent);
  return parsed?.ok === true && parsed.link.relays.length === 0;
}

/** Gives the value of a setting, or what it is when nobody says. */
type Read = <Value>(name: SettingName, setting: Setting<Value>) => Value | undefined;

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

function channelsOf(read: Read, sources: Sources): Pick<RelaySettings, 'channels' | 'ticketOperator'> {
  const given = read('channels', SETTINGS.channels);
  const operator = read('ticket-operator', SETTINGS['ticket-operator']);
  const word = given?.find((entry) => CHANNEL_WORDS.includes(entry));
  if (word !== undefined && given?.length !== 1)
    throw new SettingsError(
      `${whereOf('channels', sources)} holds "${word}" beside others. Leave the word alone, or take it out.`,
    );
  if (word !== 'ticket') {
    if (operator === undefined)
      return { channels: word === 'all' ? undefined : given, ticketOperator: undefined };
    throw new SettingsError(
      `${whereOf('ticket-operator', sources)} counts only where "channels" is "ticket". Write that, or take this out.`,
    );
  }
  if (operator !== undefined) return { channels: undefined, ticketOperator: operator };
  throw new SettingsError(
    `${whereOf('channels', sources)} by ticket needs "ticket-operator" beside it: what "freshet relay ticket" prints.`,
  );
}

function acmeOf(read: Read): AcmeSettings | undefined {
  const domains = read('acme-domains', SETTINGS['acme-domains']);
  if (domains === undefined || domains.length === 0) return undefined;
  return {
    domains,
    email: read('acme-email', SETTINGS['acme-email']),
    directoryUrl: read('acme-directory', SETTINGS['acme-directory']) ?? '',
    folder: read('acme-folder', SETTINGS['acme-folder']) ?? join(stateFolder(), 'acme'),
    port: read('acme-port', SETTINGS['acme-port']) ?? 0,
    host: read('host', SETTINGS.host),
  };
}

function edgeOf(read: Read): RelayEdge | undefined {
  const address = read('webrtc-address', SETTINGS['webrtc-address']);
  const certificateFile =
    read('webrtc-certificate', SETTINGS['webrtc-certificate']) ?? join(stateFolder(), 'edge.pem');
  return address === undefined ? undefined : { address, certificateFile };
}

function windowOf(read: Read, sources: Sources): WindowSettings | undefined {
  const durationMs = read('window', SETTINGS.window);
  const folder = read('window-folder', SETTINGS['window-folder']) ?? join(stateFolder(), 'window');
  const bytesMax = read('window-size', SETTINGS['window-size']);
  if (durationMs !== undefined) return { durationMs, folder, bytesMax };
  const given = (['window-folder', 'window-size'] as const).find(
    (name) => sources.flags.has(name) || sources.file.has(name),
  );
  if (given === undefined) return undefined;
  throw new SettingsError(`${whereOf(given, sources)} needs "window" beside it: how long, such as 2h.`);
}

/** A relay that only this machine reaches is told to nobody, unless the DHT is one of its own. */
function discoveryOf(read: Read): DiscoveryOptions {
  const bootstrap = read('dht-bootstrap', SETTINGS['dht-bootstrap']) ?? [];
  const isHere = isLoopbackHost(read('host', SETTINGS.host));
  const isUnwanted = read('dht', SETTINGS.dht) === 'off';
  const isOff = isUnwanted || (isHere && bootstrap.length === 0);
  const port = read('dht-port', SETTINGS['dht-port']) ?? 0;
  const reading = readDiscoveryOptions({
    dht: !isOff,
    mdns: read('mdns', SETTINGS.mdns) !== 'off' && !isHere,
    ...(port !== 0 && (isUnwanted || !isOff) && { dhtPort: String(port) }),
    dhtBootstrap: bootstrap,
  });
  if (!reading.ok) throw new SettingsError(reading.why);
  return reading.options;
}

/** Where a service keeps what it has to remember: systemd says, else the user's own place for it. */
function stateFolder(): string {
  const { STATE_DIRECTORY, XDG_STATE_HOME } = process.env;
  return STATE_DIRECTORY || join(XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'freshet');
}

function refuseContradictions(settings: RelaySettings, sources: Sources): void {
  const { acme, discovery, port, publicUrl, tls, udpPorts } = settings;
  const dhtPort = discovery.dht?.port ?? 0;
  if (udpPorts !== undefined && dhtPort >= udpPorts.first && dhtPort <= udpPorts.last)
    throw new SettingsError(
      `${whereOf('dht-port', sources)} is one of the "udp-ports". Take one outside of ${udpPorts.first}-${udpPorts.last}.`,
    );
  if (tls !== undefined && acme !== undefined)
    throw new SettingsError(
      `${whereOf('acme-domains', sources)} orders a certificate, and "tls-cert" names one. Take one of them out.`,
    );
  if (acme !== undefined && acme.port === port && port !== 0)
    throw new SettingsError(
      `${whereOf('port', sources)} is the port on which the authority asks. Take another, such as 443.`,
    );
  if ((tls ?? acme) !== undefined && publicUrl?.startsWith('http:') === true)
    throw new SettingsError(
      `${whereOf('public-url', sources)} begins with http:, but with a certificate the relay speaks https. Write https:.`,
    );
}
