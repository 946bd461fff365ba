/** `freshet relay`: the command line of a stand-alone relay. */

import { encodeAddress, isRelayOrigin, parseLink, type SessionEvent, watchLink } from '@freshet/proto';
import type { Command } from 'commander';
import { HEADS_DEFAULT, startRelay } from './relay.js';

/** Port of a stand-alone relay unless told otherwise. */
const PORT_DEFAULT = 8080;

/** What `--heads` takes at most. */
const HEADS_MAX = 10_000;

/** What was wrong with the command line; the message is one sentence with the way out. */
export class RelayOptionError extends Error {
  override readonly name: string = 'RelayOptionError';
  readonly kind: 'bad-option' = 'bad-option';
}

type RelayFlags = {
  readonly parent: readonly string[];
  readonly port: string;
  readonly host?: string;
  readonly publicUrl?: string;
  readonly heads?: string;
  readonly json?: boolean;
};

/** Adds the command. Failures reject with an error whose message is one sentence for a person. */
export function addRelayCommand(program: Command): void {
  program
    .command('relay')
    .description('pass a broadcast on to viewers and further relays')
    .requiredOption(
      '--parent <link>',
      'watch link of the broadcast at its broadcaster or at another relay; may be repeated',
      (link: string, links: readonly string[] = []) => [...links, link],
    )
    .option('--port <number>', 'port of the page and the relay', String(PORT_DEFAULT))
    .option('--host <address>', 'address to listen on; all of them if left out')
    .option('--public-url <origin>', 'where others reach this relay, such as https://relay.example.org')
    .option(
      '--heads <number>',
      `viewers to feed in each stripe, for the others to feed the rest (${HEADS_DEFAULT})`,
    )
    .option('--json', 'print JSON lines instead of text')
    .action((flags: RelayFlags) => run(flags));
}

async function run(flags: RelayFlags): Promise<void> {
  const port = Number(flags.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new RelayOptionError(`--port takes a number from 0 to 65535, not "${flags.port}".`);
  const publicUrl = flags.publicUrl?.replace(/\/$/, '');
  if (publicUrl !== undefined && !isRelayOrigin(publicUrl))
    throw new RelayOptionError(
      '--public-url takes an address such as https://relay.example.org, without a path.',
    );
  const headsMax = flags.heads === undefined ? HEADS_DEFAULT : Number(flags.heads);
  if (!Number.isInteger(headsMax) || headsMax < 1 || headsMax > HEADS_MAX)
    throw new RelayOptionError(`--heads takes a number from 1 to ${HEADS_MAX}, not "${flags.heads}".`);
  const channels = channelsOf(flags.parent);
  const say = createSay(flags.json ?? false);
  const relay = await startRelay({
    port,
    host: flags.host,
    headsMax,
    log: (line) => say('note', { line }, line),
    onEvent: (address, event) => report(say, address, event),
  });
  const origin = publicUrl ?? `http://${flags.host ?? 'localhost'}:${relay.port}`;
  for (const { channelKey, parents } of channels) {
    relay.follow(channelKey, parents);
    const watch = watchLink(origin, channelKey);
    say('ready', { address: encodeAddress(channelKey), watch, port: relay.port }, `Watch  ${watch}`);
  }
  await untilSignal();
  say('stopped', {}, 'Stopped.');
  await relay.close();
}

/** The channels that the parents' links name, each with its parents in the order given. */
function channelsOf(links: readonly string[]): { channelKey: Uint8Array; parents: string[] }[] {
  const channels = new Map<string, { channelKey: Uint8Array; parents: string[] }>();
  for (const text of links) {
    const parsed = parseLink(text);
    if (!parsed.ok) throw new RelayOptionError(`--parent: ${parsed.why}`);
    const { channelKey, relays } = parsed.link;
    if (relays.length === 0)
      throw new RelayOptionError(
        '--parent: this link names no relay. Use the watch link, or add ?relay=https://host to it.',
      );
    const address = encodeAddress(channelKey);
    const channel = channels.get(address) ?? { channelKey, parents: [] };
    channel.parents.push(...relays);
    channels.set(address, channel);
  }
  return [...channels.values()];
}

type Say = (event: string, fields: object, text: string) => void;

function createSay(isJson: boolean): Say {
  return (event, fields, text) =>
    process.stdout.write(isJson ? `${JSON.stringify({ event, ...fields })}\n` : `${text}\n`);
}

function report(say: Say, address: string, event: SessionEvent): void {
  const name = `${address.slice(0, 10)}...`;
  if (event.kind === 'state')
    say(
      'state',
      { address, state: event.state },
      `${name} ${event.state}${event.detail && `: ${event.detail}`}`,
    );
  else if (event.kind === 'parent-lost')
    say(
      'parent-lost',
      { address, code: event.code, retryInMs: event.retryInMs },
      `${name} lost its parent (${event.code}); trying again in ${event.retryInMs} ms`,
    );
  else if (event.kind === 'parent-ready') say('parent-ready', { address }, `${name} has its parent`);
}

/** Waits for Ctrl-C or SIGTERM; a second one ends the process at once. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const onSignal = (): void => {
      if (isStopping) process.exit(130);
      isStopping = true;
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    process.on('SIGHUP', onSignal);
  });
}
