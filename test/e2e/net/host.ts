import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { type ExecResult, ip, Namespace, removeStaleNamespaces } from './namespace.js';

/** A machine of the rig: programs run in its network only. */
export class Host {
  readonly name: string;
  /** Its own address; behind a NAT not the one that others see. */
  readonly address: string;
  readonly namespace: Namespace;

  constructor(name: string, address: string, namespace: Namespace) {
    this.name = name;
    this.address = address;
    this.namespace = namespace;
  }

  /** Runs a program to its end. */
  exec(argv: readonly string[], timeoutMs?: number): Promise<ExecResult> {
    return this.namespace.exec(argv, timeoutMs);
  }

  /** Starts a program; it is killed when the rig is closed. */
  spawn(argv: readonly string[], options?: SpawnOptions): ChildProcess {
    return this.namespace.spawn(argv, options);
  }
}

/** The address of the one machine that `createLoneHost` makes. */
const LONE_ADDRESS = '10.78.0.1';

/**
 * One machine with an interface, for several pages and a relay in one place: Chromium gathers no candidates where
 * there is only loopback. Nothing outside can be reached.
 */
export const createLoneHost = async (): Promise<Host & { close(): Promise<void> }> => {
  await removeStaleNamespaces();
  const namespace = await Namespace.create();
  // The other end stays inside as well: a carrier is all that is wanted of it.
  await namespace.ip('link', 'add', 'net0', 'type', 'veth', 'peer', 'name', 'net0-far');
  await namespace.ip('addr', 'add', `${LONE_ADDRESS}/24`, 'dev', 'net0');
  await namespace.ip('link', 'set', 'net0', 'up');
  await namespace.ip('link', 'set', 'net0-far', 'up');
  await namespace.ip('route', 'add', 'default', 'dev', 'net0');
  const host = new Host('lone', LONE_ADDRESS, namespace);
  return Object.assign(host, { close: () => namespace.close() });
};

/** Two namespaces joined by a cable: `inside` gets a default route by `outside`. */
export const connectByVeth = async (
  inside: Namespace,
  outside: Namespace,
  net: { readonly insideAddress: string; readonly outsideAddress: string },
): Promise<void> => {
  await ip(
    '-n',
    inside.name,
    'link',
    'add',
    'net0',
    'type',
    'veth',
    'peer',
    'name',
    'lan0',
    'netns',
    outside.name,
  );
  await inside.ip('addr', 'add', `${net.insideAddress}/24`, 'dev', 'net0');
  await inside.ip('link', 'set', 'net0', 'up');
  await outside.ip('addr', 'add', `${net.outsideAddress}/24`, 'dev', 'lan0');
  await outside.ip('link', 'set', 'lan0', 'up');
  await inside.ip('route', 'add', 'default', 'via', net.outsideAddress);
};
