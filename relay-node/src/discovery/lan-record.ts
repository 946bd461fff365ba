/**
 * How relays show themselves in a LAN: DNS service discovery (RFC 6763) over multicast DNS (RFC 6762). The service is
 * `_freshet._tcp.local`; a channel's relays are asked for by the subtype that bears its address.
 */

import { decodeAddress, encodeAddress } from '@freshet/proto';
import type { QueryPacket, ResponsePacket } from 'multicast-dns';

/** The service's name. */
export const LAN_SERVICE = '_freshet._tcp.local';

/** Channels in one record, so that it fits in a packet of 1,500 bytes: the one asked for and others; further ones are left out. */
export const LAN_CHANNELS_MAX = 14;

/** Seconds for which a record holds. */
export const LAN_TTL_SECONDS = 120;

/** Records of one packet that are looked at, and questions; further ones are ignored. */
const LAN_RECORDS_MAX = 64;

const CHANNEL_NAME = 'channel=';

/** One question of a packet. */
export type LanQuestion = NonNullable<QueryPacket['questions']>[number];

/** One record of a packet. */
export type LanAnswer = NonNullable<ResponsePacket['answers']>[number];

/** The records of a packet that answers. */
export type LanPacket = {
  readonly answers?: readonly LanAnswer[] | undefined;
  readonly additionals?: readonly LanAnswer[] | undefined;
};

/** A relay as it shows itself. */
export type LanRelay = {
  /** Its name in the LAN: letters and digits. */
  readonly name: string;
  /** TCP port where it serves without TLS. */
  readonly port: number;
  /** Addresses of channels that it carries. */
  readonly channels: readonly string[];
  /** Seconds for which that holds; 0 when it is leaving. */
  readonly ttlSeconds: number;
};

/** The question for relays that carry a channel. */
export function lanQuestionOf(channelKey: Uint8Array): LanQuestion {
  return { name: serviceOf(encodeAddress(channelKey)), type: 'PTR', class: 'IN' };
}

/**
 * What a packet of questions wants to know of a relay: the address of a channel it carries, `any` of them, or nothing.
 * Any questions may come.
 */
export function askedOf(
  questions: readonly LanQuestion[] | undefined,
  channels: ReadonlySet<string>,
): string | undefined {
  let isAny = false;
  for (const { name, type } of (questions ?? []).slice(0, LAN_RECORDS_MAX)) {
    if (type !== 'PTR') continue;
    const asked = name.toLowerCase();
    if (asked === LAN_SERVICE) isAny = true;
    const [address = '', ...rest] = asked.split('.');
    if (channels.has(address) && asked === serviceOf(address) && rest.length > 0) return address;
  }
  return isAny ? 'any' : undefined;
}

/** The records of a relay, in answer to the question for a channel, or for all. */
export function lanAnswersOf(relay: LanRelay, asked: string): readonly LanAnswer[] {
  const { port, ttlSeconds: ttl } = relay;
  const name = `${relay.name}.${LAN_SERVICE}`;
  const ordered = [...new Set([...relay.channels.filter((channel) => channel === asked), ...relay.channels])];
  const channels = ordered.slice(0, LAN_CHANNELS_MAX).map((channel) => `${CHANNEL_NAME}${channel}`);
  return [
    { name: asked === 'any' ? LAN_SERVICE : serviceOf(asked), type: 'PTR', ttl, data: name },
    { name, type: 'SRV', ttl, data: { port, target: `${relay.name}.local`, priority: 0, weight: 0 } },
    { name, type: 'TXT', ttl, data: channels },
  ];
}

/** The relay that a packet shows; `undefined` when it shows none, or not whole. Any packet may come. */
export function readLanRelay(packet: LanPacket): LanRelay | undefined {
  const records = [...(packet.answers ?? []), ...(packet.additionals ?? [])].slice(0, LAN_RECORDS_MAX);
  const srv = records.find((record) => record.type === 'SRV' && isInstance(record.name));
  if (srv?.type !== 'SRV') return undefined;
  const txt = records.find((record) => record.type === 'TXT' && record.name === srv.name);
  const port = srv.data.port;
  if (txt?.type !== 'TXT' || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  const texts: readonly unknown[] = Array.isArray(txt.data) ? txt.data : [txt.data];
  const channels = texts.slice(0, LAN_CHANNELS_MAX).flatMap(channelOf);
  const ttlSeconds = Math.min(srv.ttl ?? 0, LAN_TTL_SECONDS);
  return { name: srv.name.slice(0, -LAN_SERVICE.length - 1), port, channels, ttlSeconds };
}

/** Whether a packet says anything about the service, and is worth counting if it is malformed. */
export function concernsLanService(packet: LanPacket): boolean {
  return [...(packet.answers ?? []), ...(packet.additionals ?? [])].some(({ name }) =>
    name.toLowerCase().endsWith(LAN_SERVICE),
  );
}

function serviceOf(address: string): string {
  return `${address}._sub.${LAN_SERVICE}`;
}

function isInstance(name: string): boolean {
  return /^[a-z0-9]{1,32}$/.test(name.slice(0, -LAN_SERVICE.length - 1)) && name.endsWith(`.${LAN_SERVICE}`);
}

function channelOf(text: unknown): string[] {
  const value = text instanceof Uint8Array ? Buffer.from(text).toString('latin1') : text;
  if (typeof value !== 'string' || value.length > 100 || !value.startsWith(CHANNEL_NAME)) return [];
  const decoded = decodeAddress(value.slice(CHANNEL_NAME.length));
  return decoded.ok ? [encodeAddress(decoded.channelKey)] : [];
}
