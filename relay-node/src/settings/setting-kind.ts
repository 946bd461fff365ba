/** What a setting can hold: how its text is read, and how a person is told what would be right. */

import { BlockList, isIP } from 'node:net';
import { resolve } from 'node:path';
import { decodeAddress, decodeOperator, isRelayOrigin, parseLink } from '@freshet/proto';

/** A value, or what is wrong with it. `takes` completes "--port ..."; `why` is a sentence of its own. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why?: string };

/** One kind of value. */
export type SettingKind<Value> = {
  /** Stands for the value in `--help`: `number`. */
  readonly placeholder: string;
  /** Completes "takes ...": `a number from 0 to 65535`. */
  readonly takes: string;
  /** The setting may be given several times; in a file it is a list. */
  readonly isList: boolean;
  /** Reads what YAML or the command line gave; `folder` is what relative paths start from. */
  readonly read: (given: unknown, folder: string) => Reading<Value>;
};

/** Longest text taken as a value: no name, path or link is longer. */
export const TEXT_CHARS_MAX = 4_096;

/** Most entries of a list. More are refused. */
export const LIST_ENTRIES_MAX = 256;

const WRONG: Reading<never> = { ok: false };

const textOf = (given: unknown): string | undefined => {
  const text = typeof given === 'number' ? String(given) : given;
  if (typeof text !== 'string' || text.length > TEXT_CHARS_MAX) return undefined;
  const trimmed = text.trim();
  return trimmed === '' ? undefined : trimmed;
};

/** Text that `accept` turns into a value, or into `undefined` when it is not one. */
const scalar = <Value>(options: {
  placeholder: string;
  takes: string;
  accept: (text: string, folder: string) => Value | undefined;
}): SettingKind<Value> => ({
  placeholder: options.placeholder,
  takes: options.takes,
  isList: false,
  read: (given, folder) => {
    const text = textOf(given);
    const value = text === undefined ? undefined : options.accept(text, folder);
    return value === undefined ? WRONG : { ok: true, value };
  },
});

/** A whole number from `min` to `max`. */
export const countKind = (min: number, max: number): SettingKind<number> =>
  scalar({
    placeholder: 'number',
    takes: `a number from ${min} to ${max}`,
    accept: (text) => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  });

/** A TCP or UDP port. */
export const PORT: SettingKind<number> = countKind(0, 65_535);

/** Ports next to each other, both ends included. */
export type PortRange = { readonly first: number; readonly last: number };

/** Most ports of a range: more than anybody opens in a firewall for one relay. */
const RANGE_PORTS_MAX = 1_000;

/** A few ports, of which one is taken. */
export const PORT_RANGE: SettingKind<PortRange> = scalar({
  placeholder: 'ports',
  takes: `ports such as 40000-40010, from 1 to 65535, ${RANGE_PORTS_MAX} at most`,
  accept: (text) => {
    const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
    const [first, last] = [Number(from), Number(to)];
    const isRange = first >= 1 && last <= 65_535 && last >= first && last - first < RANGE_PORTS_MAX;
    return isRange ? { first, last } : undefined;
  },
});

/** An address of this machine, or a name for one. */
export const HOST: SettingKind<string> = scalar({
  placeholder: 'address',
  takes: 'an address of this machine, such as 0.0.0.0 or ::1',
  accept: (text) => (/^[\w.:%-]{1,255}$/.test(text) ? text : undefined),
});

/** An IP address. */
export const IP: SettingKind<string> = scalar({
  placeholder: 'address',
  takes: 'an IP address, such as 203.0.113.7',
  accept: (text) => (isIP(text) === 0 ? undefined : text),
});

/** Where a relay is reached from outside. A slash at the end is forgiven. */
export const ORIGIN: SettingKind<string> = scalar({
  placeholder: 'origin',
  takes: 'an address such as https://relay.example.org, without a path',
  accept: (text) => {
    const origin = text.replace(/\/$/, '');
    return isRelayOrigin(origin) ? origin : undefined;
  },
});

/** A file; a relative path starts at the folder of the settings file, or where the command was started. */
export const FILE: SettingKind<string> = scalar({
  placeholder: 'file',
  takes: 'the path of a file',
  accept: (text, folder) => (text.includes('\0') ? undefined : resolve(folder, text)),
});

/** A folder; a relative path starts where that of a file does. */
export const FOLDER: SettingKind<string> = { ...FILE, placeholder: 'folder', takes: 'the path of a folder' };

/** An address of the web, with a path. */
export const URL_TEXT: SettingKind<string> = scalar({
  placeholder: 'url',
  takes: 'an address such as https://ca.example.org/directory',
  accept: (text) => (/^https?:\/\/[^/\s]+\S*$/.test(text) && URL.canParse(text) ? text : undefined),
});

/** An address for e-mail. */
export const EMAIL: SettingKind<string> = scalar({
  placeholder: 'address',
  takes: 'an e-mail address, such as you@example.org',
  accept: (text) => (/^[^\s@]{1,64}@[^\s@]{1,255}$/.test(text) ? text : undefined),
});

const MS_OF: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A span of time, in milliseconds. */
export const DURATION: SettingKind<number> = scalar({
  placeholder: 'time',
  takes: 'a time such as 90s, 30m, 2h or 1d, of a week at most',
  accept: (text) => {
    const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
    const ms = Number(amount) * (MS_OF[unit] ?? Number.NaN);
    return ms > 0 && ms <= 7 * 86_400_000 ? ms : undefined;
  },
});

const BYTES_OF: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** An amount of memory or disk, in bytes. */
export const BYTES: SettingKind<number> = scalar({
  placeholder: 'size',
  takes: 'a size such as 500MB, 16GiB or 1TB',
  accept: (text) => {
    const [, amount, unit = ''] = /^(\d{1,6})\s?([MGT]i?B)$/.exec(text) ?? [];
    const bytes = Number(amount) * (BYTES_OF[unit] ?? Number.NaN);
    return bytes > 0 ? bytes : undefined;
  },
});

const BITS_OF: Readonly<Record<string, number>> = { Mbit: 1e6, Gbit: 1e9 };

/** A bandwidth, in bits per second. */
export const BANDWIDTH: SettingKind<number> = scalar({
  placeholder: 'rate',
  takes: 'a bandwidth such as 500Mbit or 2.5Gbit, a second',
  accept: (text) => {
    const [, amount, unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?)\s?(Mbit|Gbit)$/.exec(text) ?? [];
    const bps = Number(amount) * (BITS_OF[unit] ?? Number.NaN);
    return bps > 0 ? bps : undefined;
  },
});

/** An operator of relays; the value is its public key. */
export const OPERATOR: SettingKind<Uint8Array> = scalar({
  placeholder: 'operator',
  takes: 'the operator that "freshet relay ticket" prints, fro...',
  accept: (text) => {
    const decoded = decodeOperator(text);
    return decoded.ok ? decoded.bytes : undefined;
  },
});

/** A few words for people. */
export const WORDS: SettingKind<string> = scalar({
  placeholder: 'text',
  takes: 'up to 64 letters, digits and spaces',
  accept: (text) => (/^[\p{L}\p{N} .,_-]{1,64}$/u.test(text) ? text : undefined),
});

/** One of a few words. */
export const wordKind = <Word extends string>(words: readonly Word[]): SettingKind<Word> =>
  scalar({
    placeholder: 'word',
    takes: `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
    accept: (text) => words.find((word) => word === text),
  });

const listKind = <Value>(options: {
  placeholder: string;
  takes: string;
  readOne: (text: string) => Reading<Value>;
}): SettingKind<readonly Value[]> => ({
  placeholder: options.placeholder,
  takes: options.takes,
  isList: true,
  read: (given) => {
    const entries: readonly unknown[] = Array.isArray(given) ? given : [given];
    if (entries.length > LIST_ENTRIES_MAX)
      return { ok: false, why: `At most ${LIST_ENTRIES_MAX} entries are taken, not ${entries.length}.` };
    const values: Value[] = [];
    for (const entry of entries) {
      const text = textOf(entry);
      const reading = text === undefined ? WRONG : options.readOne(text);
      if (!reading.ok) return reading;
      values.push(reading.value);
    }
    return { ok: true, value: values };
  },
});

/** Watch links, addresses of channels of which relays are looked for, and origins of relays. */
export const PARENTS: SettingKind<readonly string[]> = listKind({
  placeholder: 'link',
  takes: 'a watch link, or the address of a relay such as https://relay.example.org',
  readOne: (text) => {
    if (isRelayOrigin(text)) return { ok: true, value: text };
    const parsed = parseLink(text);
    return parsed.ok ? { ok: true, value: text } : { ok: false, why: parsed.why };
  },
});

/** Names of machines in the domain name system. */
export const DOMAINS: SettingKind<readonly string[]> = listKind({
  placeholder: 'domain',
  takes: 'the name of a domain, such as relay.example.org',
  readOne: (text) => {
    const domain = text.toLowerCase();
    const isDomain =
      domain.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/.test(domain);
    return isDomain ? { ok: true, value: domain } : WRONG;
  },
});

/** Words that stand in place of addresses of channels. */
export const CHANNEL_WORDS: readonly string[] = ['all', 'ticket'];

/** Addresses of channels, or one of {@link CHANNEL_WORDS}. */
export const CHANNELS: SettingKind<readonly string[]> = listKind({
  placeholder: 'channel',
  takes: '"all", "ticket", or the address of a channel, fr1...',
  readOne: (text) => {
    if (CHANNEL_WORDS.includes(text)) return { ok: true, value: text };
    const decoded = decodeAddress(text);
    return decoded.ok ? { ok: true, value: text } : { ok: false, why: decoded.why };
  },
});

/** Addresses of machines, or networks of them. */
export const NETWORKS: SettingKind<readonly string[]> = listKind({
  placeholder: 'address',
  takes: 'an IP address or a network, such as 127.0.0.1 or 10.0.0.0/8',
  readOne: (text) => {
    const [address = '', bits, ...rest] = text.split('/');
    const family = isIP(address);
    const bitsMax = family === 4 ? 32 : 128;
    const isNetwork = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax);
    return family === 0 || !isNetwork || rest.length > 0 ? WRONG : { ok: true, value: text };
  },
});

/** The networks of {@link NETWORKS} as a look-up. */
export function networksOf(texts: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const text of texts) {
    const [address = '', bits] = text.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    networks.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return networks;
}

/** UDP addresses of other machines. */
export const NODES: SettingKind<readonly string[]> = listKind({
  placeholder: 'host:port',
  takes: 'a node such as dht.example.org:6881',
  readOne: (text) => (/^\S{1,255}:\d{1,5}$/.test(text) ? { ok: true, value: text } : WRONG),
});
