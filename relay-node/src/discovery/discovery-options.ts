/** How commands let people choose the way relays are found. */

import { isPublicHost } from '@freshet/proto';
import type { Command } from 'commander';
import { BOOTSTRAP_DEFAULT, type DhtAddress, type DhtSettings } from './dht.js';
import type { MdnsSettings } from './mdns.js';

/** Bootstrap nodes that can be named; more are refused. */
const BOOTSTRAP_MAX = 16;

/** The flags as commander gives them. */
export type DiscoveryFlags = {
  readonly dht?: boolean;
  readonly mdns?: boolean;
  readonly dhtPort?: string;
  readonly dhtBootstrap?: readonly string[];
};

/** What the flags ask for; a part that is switched off is left out. */
export type DiscoveryOptions = {
  readonly dht?: DhtSettings;
  readonly mdns?: MdnsSettings;
};

/** The flags read, or one sentence about what is wrong. */
export type DiscoveryOptionsResult =
  | { readonly ok: true; readonly options: DiscoveryOptions }
  | { readonly ok: false; readonly why: string };

/** Adds the flags to a command. */
export function addDiscoveryOptions(command: Command): Command {
  return command
    .option(
      '--dht-bootstrap <host:port>',
      'a node to join the DHT by, instead of the well-known ones; may be repeated',
      (node: string, nodes: readonly string[] = []) => [...nodes, node],
    )
    .option('--dht-port <number>', 'UDP port of the DHT; any free one if left out')
    .option('--no-dht', "find and be found without BitTorrent's DHT")
    .option('--no-mdns', 'neither look for relays in this network nor be seen in it');
}

/**
 * Reads the flags. A DHT of which every named node has a private address is one within a private network: there, relays
 * with private addresses are taken as well.
 */
export function readDiscoveryOptions(flags: DiscoveryFlags): DiscoveryOptionsResult {
  const { dht = true, mdns = true, dhtPort, dhtBootstrap = [] } = flags;
  const mdnsPart = mdns ? { mdns: {} } : {};
  if (!dht) {
    const other =
      dhtPort !== undefined ? '--dht-port' : dhtBootstrap.length > 0 ? '--dht-bootstrap' : undefined;
    if (other !== undefined)
      return { ok: false, why: `--no-dht and ${other} contradict each other: leave one of them out.` };
    return { ok: true, options: mdnsPart };
  }
  const port = dhtPort === undefined ? 0 : readNumber(dhtPort);
  if (port === undefined)
    return { ok: false, why: `--dht-port takes a number from 0 to 65535, not "${dhtPort}".` };
  if (dhtBootstrap.length > BOOTSTRAP_MAX)
    return { ok: false, why: `--dht-bootstrap can be given ${BOOTSTRAP_MAX} times at most.` };
  const bootstrap: DhtAddress[] = [];
  for (const text of dhtBootstrap) {
    const address = readAddress(text);
    if (!address)
      return {
        ok: false,
        why: `--dht-bootstrap takes a host and a port such as router.example.org:6881, not "${text}".`,
      };
    bootstrap.push(address);
  }
  const isPrivateAllowed = bootstrap.length > 0 && !bootstrap.some(({ host }) => isPublicHost(host));
  const nodes = bootstrap.length > 0 ? bootstrap : BOOTSTRAP_DEFAULT;
  return { ok: true, options: { dht: { port, bootstrap: nodes, isPrivateAllowed }, ...mdnsPart } };
}

/** `host:port` with a name or an IPv4 address; the DHT library knows no IPv6. */
function readAddress(text: string): DhtAddress | undefined {
  const [, host, digits] = /^([a-z0-9][a-z0-9._-]{0,252}):(\d{1,5})$/i.exec(text) ?? [];
  const port = digits === undefined ? undefined : readNumber(digits);
  return host !== undefined && port !== undefined && port > 0
    ? { host: host.toLowerCase(), port }
    : undefined;
}

function readNumber(text: string): number | undefined {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : undefined;
  return value !== undefined && value <= 65_535 ? value : undefined;
}
