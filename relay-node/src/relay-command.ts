/** `freshet relay`: the command line of a stand-alone relay. */

import { randomBytes } from 'node:crypto';
import { encodeAddress, isRelayOrigin, parseLink, type SessionEvent, watchLink } from '@freshet/proto';
import type { Command } from 'commander';
import { Announcer } from './discovery/announcer.js';
import { DiscoveryError } from './discovery/discovery-error.js';
import { createFinder, type Finder } from './discovery/finder.js';
import { createAddressRedactor } from './log/address-redactor.js';
import { createLog, type Log } from './log/log.js';
import { type Relay, startRelay } from './relay.js';
import { type RelaySettings, readRelaySettings } from './settings/relay-settings.js';
import { addSettingFlags, flagsGiven } from './settings/setting-flags.js';
import { networksOf } from './settings/setting-kind.js';
import { SettingsError } from './settings/settings-error.js';
import { stopGracefully, untilSignal } from './settings/stop.js';
import { addTicketCommand } from './ticket-command.js';
import { openCertificates } from './tls/certificates.js';
import type { TlsIdentity } from './tls/tls-identity.js';

/** Links beyond the viewers and relays that are served, for those that are sent elsewhere. */
const LINK_ROOM = 1.1;
const LINKS_BESIDES = 100;

type Flags = Readonly<Record<string, unknown>> & { readonly config?: string; readonly json?: boolean };

/** Adds the command. Failures reject with an error whose message is one sentence for a person. */
export function addRelayCommand(program: Command): void {
  const command = program
    .command('relay')
    .description('pass a broadcast on to viewers and further relays')
    .option('--json', 'print JSON lines instead of text');
  addSettingFlags(command).action((flags: Flags) => run(flags));
  addTicketCommand(command);
}

async function run(flags: Flags): Promise<void> {
  const settings = readRelaySettings({
    configPath: flags.config,
    flags: flagsGiven(flags),
    folder: process.cwd(),
  });
  const { parents: origins, viewersMax: childrenMax, relaysMax } = settings;
  const channels = channelsOf(settings.parents.filter((parent) => !isRelayOrigin(parent)));
  const log = createCommandLog(settings);
  const finder = await openFinder(settings, log);
  const say = createSay(flags.json ?? false);
  const certificates = await openCertificates(settings, log);
  const keeper = certificates?.keeper;
  const relay = await startRelay({
    port: settings.port,
    host: settings.host,
    udpPorts: settings.udpPorts,
    headsMax: settings.heads,
    childrenMax,
    relaysMax,
    egressMaxBps: settings.egressMaxBps,
    region: settings.region,
    // Whom the relay has no room for still needs a link, to be told where else to go.
    limits: { linksMax: Math.ceil(LINK_ROOM * (childrenMax + relaysMax)) + LINKS_BESIDES },
    publicOrigin: settings.publicUrl,
    isPrivateAllowed: settings.discovery.dht?.isPrivateAllowed,
    parents: origins.filter(isRelayOrigin),
    upstream: finder,
    window: settings.window,
    edge: settings.edge,
    mayCarry: (address) => settings.channels?.includes(address) ?? true,
    ticketOperator: settings.ticketOperator,
    tls: keeper,
    trustedProxies: settings.trustProxy.length > 0 ? networksOf(settings.trustProxy) : undefined,
    problems: () => (keeper?.problem === undefined ? [] : [keeper.problem]),
    log: (line) => log('info', line),
    onEvent: (address, event) => report({ say, log, isJson: flags.json ?? false }, address, event),
  });
  certificates?.start();
  const looking = finder && lookAfter(relay, finder, channels);
  const origin = originOf(settings, relay.port, keeper?.current);
  const served = channels.map(({ channelKey, parents }) => {
    if (parents.length > 0) relay.follow(channelKey, parents);
    return { address: encodeAddress(channelKey), watch: watchLink(origin, channelKey) };
  });
  const lines = served.map(({ watch }) => `Watch  ${watch}`);
  const text = lines.length > 0 ? lines.join('\n') : `Relay  ${origin}`;
  const edge = relay.edgeAddress;
  const edgeText = edge === undefined ? '' : `\nWebRTC ${edge}`;
  say(
    'ready',
    { ...served[0], origin, port: relay.port, udpPort: relay.udpPort, edge, channels: served },
    `${text}${edgeText}`,
  );
  await untilSignal();
  await stopGracefully(relay, (links) =>
    say('draining', { links }, `Moving ${links} viewers and relays to others; again to stop at once.`),
  );
  certificates?.close();
  clearInterval(looking);
  await finder?.close();
  say('stopped', {}, 'Stopped.');
}

/** How often the channels that are carried are compared with those that are announced. */
const LOOK_MS = 5_000;

/** Finds relays for this one, and tells of it. A port that cannot be opened is said, and the relay goes on without. */
async function openFinder(settings: RelaySettings, log: Log): Promise<Finder | undefined> {
  const { discovery, publicUrl } = settings;
  if (!discovery.dht && !discovery.mdns) return undefined;
  const own = publicUrl === undefined ? [] : [publicUrl];
  try {
    return await createFinder({ ...discovery, own, log: (line) => log('info', line) });
  } catch (cause) {
    if (!(cause instanceof DiscoveryError)) throw cause;
    log('warn', `Relays are neither found nor told of this one: ${cause.message}`);
    return undefined;
  }
}

/** Announces what is carried, and goes on looking for channels of which only the key is known. */
function lookAfter(relay: Relay, finder: Finder, channels: readonly Channel[]): NodeJS.Timeout {
  const announcer = new Announcer(finder, relay.port);
  const sought = channels.filter(({ parents }) => parents.length === 0);
  const look = (): void => {
    for (const { channelKey } of sought)
      if (!relay.hosts.has(encodeAddress(channelKey))) relay.carry(channelKey)?.hold();
    announcer.tick(relay.hosts);
  };
  look();
  return setInterval(look, LOOK_MS);
}

/** Where viewers reach the relay, as far as it can know: what was said, else the certificate's name, else here. */
function originOf(settings: RelaySettings, port: number, identity: TlsIdentity | undefined): string {
  if (settings.publicUrl !== undefined) return settings.publicUrl;
  const named = identity?.names.find((name) => /^DNS:[^*]+$/.test(name))?.slice('DNS:'.length);
  const host = settings.host?.includes(':') === true ? `[${settings.host}]` : settings.host;
  const scheme = identity === undefined ? 'http' : 'https';
  const isUsual = port === (identity === undefined ? 80 : 443);
  return `${scheme}://${named ?? host ?? 'localhost'}${isUsual ? '' : `:${port}`}`;
}

type Channel = { readonly channelKey: Uint8Array; readonly parents: string[] };

/** The channels that the parents' links name, each with its parents in the order given. */
function channelsOf(links: readonly string[]): Channel[] {
  const channels = new Map<string, Channel>();
  for (const text of links) {
    const parsed = parseLink(text);
    if (!parsed.ok) throw new SettingsError(`--parent: ${parsed.why}`);
    const { channelKey, relays } = parsed.link;
    const address = encodeAddress(channelKey);
    const channel = channels.get(address) ?? { channelKey, parents: [] };
    // Relays take what they pass on over WebSocket.
    channel.parents.push(...relays.filter(isRelayOrigin));
    channels.set(address, channel);
  }
  return [...channels.values()];
}

function createCommandLog({ logFormat, logLevel }: RelaySettings): Log {
  const nowMs = (): number => Date.now();
  return createLog({
    format: logFormat,
    level: logLevel,
    nowMs,
    redact: createAddressRedactor({ nowMs, createKey: () => randomBytes(32) }),
    write: (line) => process.stderr.write(line),
  });
}

type Say = (event: string, fields: object, text: string) => void;

function createSay(isJson: boolean): Say {
  return (event, fields, text) =>
    process.stdout.write(isJson ? `${JSON.stringify({ event, ...fields })}\n` : `${text}\n`);
}

/** Scripts get a channel's events as they always do; people find them in the log. */
function report(
  to: { readonly say: Say; readonly log: Log; readonly isJson: boolean },
  address: string,
  event: SessionEvent,
): void {
  const tell = (level: 'info' | 'warn', fields: object, text: string): void => {
    if (to.isJson) to.say(event.kind, { address, ...fields }, text);
    else to.log(level, text, { channel: address });
  };
  if (event.kind === 'state')
    tell(
      'info',
      { state: event.state },
      `The channel is ${event.state}${event.detail && `: ${event.detail}`}`,
    );
  else if (event.kind === 'parent-lost') {
    const { code, retryInMs } = event;
    tell('warn', { code, retryInMs }, `The parent is lost (${code}); trying again in ${retryInMs} ms.`);
  } else if (event.kind === 'parent-ready') tell('info', {}, 'The channel has its parent.');
}
