/** For tests that need network namespaces: skips them, aloud, where this machine has none. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import {
  describeMissing,
  findMissingPrograms,
  type RealProgram,
} from '../../../scripts/testing/real-programs.js';

/** `namespace`: one host with an interface. `hub`: several hosts with delay, rate and loss. `nat`: a NAT as well. */
export type NetPart = 'namespace' | 'hub' | 'nat';

const works = (program: string, args: readonly string[]): boolean =>
  spawnSync(program, [...args], { stdio: 'ignore' }).status === 0;

const canMakeNamespaces = (): boolean => {
  const name = `frnet-${process.pid}-probe`;
  const isMade = works('ip', ['netns', 'add', name]) && works('ip', ['netns', 'exec', name, 'true']);
  works('ip', ['netns', 'del', name]);
  return isMade;
};

/** Why a part of the rig cannot be had here, with the way out; `undefined` when it can. */
export const findMissingNetPart = (part: NetPart): string | undefined => {
  if (process.getuid?.() !== 0) return 'needs root for network namespaces: run as root';
  if (!works('ip', ['-V'])) return 'needs ip: install with "apt-get install iproute2"';
  if (!works('setpriv', ['--version'])) return 'needs setpriv: install with "apt-get install util-linux"';
  if (!canMakeNamespaces()) return 'needs network namespaces, which this machine does not allow';
  if (part === 'namespace') return undefined;
  if (!works('socat', ['-V'])) return 'needs socat: install with "apt-get install socat"';
  if (!existsSync('/dev/net/tun')) return 'needs /dev/net/tun: load it with "modprobe tun"';
  if (part === 'nat' && !works('iptables', ['-V']))
    return 'needs iptables: install with "apt-get install iptables"';
  return undefined;
};

/** `describe` that is skipped, with the reason in the group's name, where the rig or a program is missing. */
export const describeIfNet = (
  name: string,
  part: NetPart,
  body: () => void,
  programs: readonly RealProgram[] = [],
): void => {
  const missing = findMissingPrograms(programs);
  const reason = missing.length > 0 ? describeMissing(missing) : findMissingNetPart(part);
  describe.skipIf(reason !== undefined)(reason === undefined ? name : `${name} (${reason})`, body);
};
