/** Several hosts in network namespaces, joined by a hub that gives delay, rate, loss and NAT. Needs root. */

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { connectByVeth, Host } from './host.js';
import type { HubHost } from './hub-model.js';
import type { HubReady, HubSetup } from './hub-process.js';
import { ip, Namespace, removeStaleNamespaces } from './namespace.js';

/**
 * A NAT in front of a host, by the kernel. `cone` keeps a port's outside number where it can, `symmetric` draws one
 * for each destination; both let in only answers (RFC 4787: address- and port-dependent filtering).
 */
export type NatKind = 'cone' | 'symmetric';

/** A host of the rig. */
export type HostSetup = HubHost & { readonly name: string; readonly nat?: NatKind };

/** Hosts of one rig; the address is one byte. */
const HOSTS_MAX = 200;

/** Time for a device to appear after socat was started. */
const DEVICE_MS_MAX = 5_000;

/** A running rig. */
export class Net {
  readonly hosts: readonly Host[];
  readonly #hub: ChildProcess;
  readonly #tunnels: readonly ChildProcess[];
  readonly #namespaces: readonly Namespace[];
  #closing: Promise<void> | undefined;

  constructor(parts: {
    readonly hosts: readonly Host[];
    readonly hub: ChildProcess;
    readonly tunnels: readonly ChildProcess[];
    readonly namespaces: readonly Namespace[];
  }) {
    this.hosts = parts.hosts;
    this.#hub = parts.hub;
    this.#tunnels = parts.tunnels;
    this.#namespaces = parts.namespaces;
  }

  /** The host of that name. */
  host(name: string): Host {
    const found = this.hosts.find((host) => host.name === name);
    if (found === undefined) throw new Error(`there is no host ${name}`);
    return found;
  }

  /** Stops everything and removes it. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    for (const namespace of this.#namespaces) await namespace.close();
    for (const tunnel of this.#tunnels) await stop(tunnel);
    await stop(this.#hub);
  }
}

/** Makes the hosts; `seed` decides losses and jitter. What is half made when something fails is removed again. */
export const createNet = async (options: {
  readonly hosts: readonly HostSetup[];
  readonly seed?: string;
}): Promise<Net> => {
  if (options.hosts.length > HOSTS_MAX) throw new Error(`at most ${HOSTS_MAX} hosts`);
  await removeStaleNamespaces();
  const setups = options.hosts.map((setup, index) => ({ ...setup, address: `10.77.0.${index + 1}` }));
  const { hub, ready } = await startHub({ seed: options.seed ?? '1', hosts: setups });
  const hosts: Host[] = [];
  const tunnels: ChildProcess[] = [];
  const namespaces: Namespace[] = [];
  const net = new Net({ hosts, hub, tunnels, namespaces });
  const make = async (): Promise<Namespace> => {
    const namespace = await Namespace.create();
    namespaces.push(namespace);
    return namespace;
  };
  try {
    for (const [index, setup] of setups.entries()) {
      const ports = ready.ports[index];
      if (ports === undefined) throw new Error('the hub has no port for this host');
      const edge = await make();
      const device = `fr${process.pid}n${index}`;
      tunnels.push(await openTunnel(device, ports));
      await joinNetwork(edge, device, setup.address);
      if (setup.nat === undefined) {
        hosts.push(new Host(setup.name, setup.address, edge));
        continue;
      }
      const inside = await make();
      const lan = { insideAddress: `192.168.${index + 1}.2`, outsideAddress: `192.168.${index + 1}.1` };
      await connectByVeth(inside, edge, lan);
      await masquerade(edge, setup.nat);
      hosts.push(new Host(setup.name, lan.insideAddress, inside));
    }
  } catch (cause) {
    await net.close();
    throw cause;
  }
  return net;
};

/** The device's name in its namespace: werift gathers nothing on one whose name says that it is a tunnel. */
const TUN = 'net0';

async function startHub(setup: HubSetup): Promise<{ hub: ChildProcess; ready: HubReady }> {
  const script = fileURLToPath(new URL('hub-process.ts', import.meta.url));
  const hub = fork(script, [JSON.stringify(setup)], { execArgv: ['--import', 'tsx'] });
  const ready = await new Promise<HubReady>((resolve, reject) => {
    hub.once('message', (message: HubReady) => resolve(message));
    hub.once('exit', (code) => reject(new Error(`the hub ended with ${code}`)));
  });
  return { hub, ready };
}

/** Starts socat, which makes the device in this process's own namespace; the open file keeps it when it moves. */
async function openTunnel(device: string, ports: { hub: number; tun: number }): Promise<ChildProcess> {
  const tun = `TUN,iff-no-pi,tun-name=${device},tun-type=tun`;
  const udp = `UDP4:127.0.0.1:${ports.hub},bind=127.0.0.1:${ports.tun}`;
  const argv = ['--pdeathsig', 'KILL', '--', 'socat', tun, udp];
  const tunnel = spawn('setpriv', argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  tunnel.stderr.on('data', (bytes: Buffer) => {
    complaint += bytes.toString();
  });
  const deadline = performance.now() + DEVICE_MS_MAX;
  for (;;) {
    const isThere = await ip('link', 'show', device).then(
      () => true,
      () => false,
    );
    if (isThere) return tunnel;
    if (tunnel.exitCode !== null || performance.now() > deadline) {
      tunnel.kill('SIGKILL');
      throw new Error(`no TUN device could be made: ${complaint}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function joinNetwork(edge: Namespace, device: string, address: string): Promise<void> {
  await ip('link', 'set', device, 'netns', edge.name, 'name', TUN);
  await edge.ip('addr', 'add', `${address}/32`, 'dev', TUN);
  await edge.ip('link', 'set', TUN, 'up');
  await edge.ip('route', 'add', 'default', 'dev', TUN);
}

async function masquerade(edge: Namespace, kind: NatKind): Promise<void> {
  await edge.must('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  const random = kind === 'symmetric' ? ['--random-fully'] : [];
  await edge.must('iptables', '-t', 'nat', '-A', 'POSTROUTING', '-o', TUN, '-j', 'MASQUERADE', ...random);
  await edge.must('iptables', '-P', 'FORWARD', 'DROP');
  await edge.must('iptables', '-A', 'FORWARD', '-i', 'lan0', '-o', TUN, '-j', 'ACCEPT');
  const known = ['-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED'];
  await edge.must('iptables', '-A', 'FORWARD', '-i', TUN, ...known, '-j', 'ACCEPT');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}
