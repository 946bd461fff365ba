/** The network: can the ports be opened, and what is in the way from outside. */

import { createSocket } from 'node:dgram';
import { get } from 'node:http';
import { get as getOverTls } from 'node:https';
import { createServer, isIPv4 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { listenErrorFrom } from '../link/listen-error.js';
import type { PortRange } from '../settings/setting-kind.js';
import { type Finding, fail, ok, warn } from './finding.js';

/** Where a relay listens. */
export type Place = {
  readonly host: string | undefined;
  readonly port: number;
  readonly isTls?: boolean | undefined;
};

/** Longest wait for a relay that is running here already. */
const HEALTH_MS_MAX = 3_000;

/** Longest health that is read: a few thousand channels. */
const HEALTH_CHARS_MAX = 1024 * 1024;

/** Networks that cannot be reached from the internet (RFC 1918, 6598, 3927, 4193, 4291). */
const PRIVATE =
  /^(?:10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe[89ab]|::1$)/i;

/** Opens the TCP port and closes it again. */
export async function checkTcpPort(place: Place): Promise<Finding> {
  const cause = await tcpTrouble(place);
  if (cause === undefined) return ok('port', `TCP port ${place.port} can be opened.`);
  const { kind, message } = listenErrorFrom(cause, place);
  const [what, ...rest] = message.split(/(?<=\.) /);
  if (kind === 'port-taken' && (await isRelayAt(place)))
    return ok('port', `TCP port ${place.port} is served by a relay that is running.`);
  return fail('port', what ?? message, rest.join(' '));
}

/** Opens the first free UDP port of the range and closes it again. */
export async function checkUdpPorts(place: Place, { first, last }: PortRange): Promise<Finding> {
  for (let port = first; port < last; port++)
    if ((await udpTrouble({ ...place, port })) === undefined)
      return ok('udp', `UDP port ${port} can be opened.`);
  return checkUdpPort(place, last);
}

async function checkUdpPort(place: Place, port: number): Promise<Finding> {
  const code = await udpTrouble({ ...place, port });
  if (code === undefined) return ok('udp', `UDP port ${port} can be opened.`);
  if (code === 'EADDRINUSE' && (await isRelayAt(place)))
    return ok('udp', `UDP port ${port} is served by a relay that is running.`);
  const what = `UDP port ${port} cannot be opened (${code}); viewers behind NAT cannot find each other.`;
  return warn('udp', what, 'End the program that holds it, or choose another port.');
}

/** Says what can be known from inside about being reached from outside, and how to know the rest. */
export function judgeReach(
  { host, port }: Place,
  publicUrl: string | undefined,
  {
    addresses = machineAddresses(),
    udpPorts,
  }: { readonly addresses?: readonly string[]; readonly udpPorts?: PortRange | undefined } = {},
): Finding {
  const url = `${publicUrl ?? `http://ADDRESS:${port}`}/health`;
  const ports =
    udpPorts === undefined
      ? `TCP and UDP port ${port}`
      : `TCP port ${port} and UDP ports ${udpPorts.first}-${udpPorts.last}`;
  const how = `Open ${ports} in the firewall, then try "curl ${url}" on another machine.`;
  const heard = host === undefined || host === '0.0.0.0' || host === '::' ? addresses : [host];
  if (heard.some((address) => address !== 'localhost' && !PRIVATE.test(address)))
    return ok('outside', `It listens on a public address. ${how}`);
  const which = host === undefined ? 'This machine has no public address' : `${host} is no public address`;
  const what = `${which}, so others reach it only if a router or a proxy passes the port on.`;
  return warn('outside', what, `Forward ${ports} in the router. ${how}`);
}

/** The addresses of this machine, without its own loopback ones. */
export function machineAddresses(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string[] {
  return Object.values(interfaces).flatMap((list) =>
    (list ?? []).filter(({ internal }) => !internal).map(({ address }) => address),
  );
}

function tcpTrouble({ host, port }: Place): Promise<unknown> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}

function udpTrouble({ host, port }: Place): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: host === undefined || !isIPv4(host) ? 'udp6' : 'udp4' });
    socket.once('error', (cause) => {
      socket.close();
      const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : 'error';
      // A machine without IPv6 is no trouble: the relay takes IPv4 then.
      resolve(code === 'EAFNOSUPPORT' ? undefined : code);
    });
    socket.bind({ port, ...(host === undefined ? {} : { address: host }) }, () =>
      socket.close(() => resolve(undefined)),
    );
  });
}

/** Whether what listens there is a relay: it answers as one. Its certificate speaks for another name than this. */
function isRelayAt({ host, port, isTls }: Place): Promise<boolean> {
  const where = {
    host: host === undefined || host === '0.0.0.0' ? '127.0.0.1' : host,
    port,
    path: '/health',
  };
  return new Promise((resolve) => {
    const request = (isTls ? getOverTls : get)(
      { ...where, timeout: HEALTH_MS_MAX, rejectUnauthorized: false, agent: false },
      (reply) => {
        let text = '';
        reply.setEncoding('utf8');
        reply.on('data', (part: string) => {
          text += part;
          if (text.length > HEALTH_CHARS_MAX) request.destroy();
        });
        reply.once('end', () => resolve(text.includes('"engine":') && text.includes('"channels":')));
        reply.once('close', () => resolve(false));
      },
    );
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
