/**
 * Every setting of a relay, once. From this table come the command's flags and its help, the reading of the settings
 * file, and the commented sample in `deploy/relay.yaml`.
 */

import { LINK_LIMITS } from '../link/link-limits.js';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from '../log/log.js';
import { HEADS_DEFAULT } from '../relay.js';
import { WINDOW_BYTES_DEFAULT } from '../window/index.js';
import {
  BANDWIDTH,
  BYTES,
  CHANNELS,
  countKind,
  DOMAINS,
  DURATION,
  EMAIL,
  FILE,
  FOLDER,
  HOST,
  IP,
  NETWORKS,
  NODES,
  OPERATOR,
  ORIGIN,
  PARENTS,
  PORT,
  PORT_RANGE,
  type SettingKind,
  URL_TEXT,
  WORDS,
  wordKind,
} from './setting-kind.js';

/** One setting. Its key in the table is its name in the file and, but for lists, its flag. */
export type Setting<Value> = {
  readonly kind: SettingKind<Value>;
  /** What it is when nobody says. */
  readonly fallback: Value | undefined;
  /** What `fallback` means, where the value alone does not tell. */
  readonly otherwise?: string;
  /** One sentence: what it does. */
  readonly sentence: string;
  /** A value that would be right, for the sample. */
  readonly example: string;
  /** The flag without its dashes, where it is not the name. */
  readonly flag?: string;
};

/** Words of a setting that is on or off. */
export const ON_OFF = ['on', 'off'] as const;
type OnOff = (typeof ON_OFF)[number];

const setting = <Value>(given: Setting<Value>): Setting<Value> => given;

/** See the file's header. In the order of the sample. */
export const SETTINGS = {
  parents: setting({
    kind: PARENTS,
    fallback: undefined,
    sentence:
      'Watch links of broadcasts to pass on, and addresses of relays that are asked for any other channel.',
    example: 'https://live.example.org/watch/fr1...',
    flag: 'parent',
  }),
  channels: setting({
    kind: CHANNELS,
    fallback: undefined,
    otherwise: 'all',
    sentence:
      'Channels that are taken when somebody asks for them, by "ticket" those with a ticket of the operator; those of the parents are carried anyway.',
    example: 'fr1...',
    flag: 'channel',
  }),
  'ticket-operator': setting({
    kind: OPERATOR,
    fallback: undefined,
    sentence: 'Operator whose tickets count.',
    example: 'froCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk',
  }),
  port: setting({
    kind: PORT,
    fallback: 8080,
    sentence: 'TCP port of the page and the relay, and UDP port of its STUN server; 0 takes any free one.',
    example: '443',
  }),
  'udp-ports': setting({
    kind: PORT_RANGE,
    fallback: undefined,
    otherwise: 'the port of the page, or any free one for STUN',
    sentence: 'UDP ports of which the first free one serves all viewers: STUN, and WebRTC if there is any.',
    example: '40000-40010',
  }),
  host: setting({
    kind: HOST,
    fallback: undefined,
    otherwise: 'all addresses of the machine',
    sentence: 'Address to listen on.',
    example: '203.0.113.7',
  }),
  'public-url': setting({
    kind: ORIGIN,
    fallback: undefined,
    otherwise: 'made of host and port',
    sentence: 'Where others reach this relay.',
    example: 'https://relay.example.org',
  }),
  'viewers-max': setting({
    kind: countKind(1, 1_000_000),
    fallback: LINK_LIMITS.linksMax,
    sentence: 'Viewers attached at once; one more is sent to another relay.',
    example: '10000',
  }),
  'relays-max': setting({
    kind: countKind(0, 100_000),
    fallback: 256,
    sentence: 'Child relays attached at once; one more is sent to another relay.',
    example: '20',
  }),
  'egress-max': setting({
    kind: BANDWIDTH,
    fallback: undefined,
    otherwise: 'no limit',
    sentence:
      'Bandwidth to all viewers and relays together; while more is sent, newcomers go to other relays.',
    example: '900Mbit',
  }),
  region: setting({
    kind: WORDS,
    fallback: undefined,
    sentence: 'Where the relay stands, for whoever reads its health.',
    example: 'Frankfurt',
  }),
  heads: setting({
    kind: countKind(1, 10_000),
    fallback: HEADS_DEFAULT,
    sentence: 'Viewers that the relay feeds in each stripe, for the others to feed the rest.',
    example: '12',
  }),
  'trust-proxy': setting({
    kind: NETWORKS,
    fallback: undefined,
    otherwise: 'nobody',
    sentence: 'Reverse proxies in front of the relay, whose X-Forwarded-For is believed.',
    example: '127.0.0.1',
  }),
  'tls-cert': setting({
    kind: FILE,
    fallback: undefined,
    otherwise: 'no TLS',
    sentence: 'Certificate with its chain in PEM; it is read again when it changes.',
    example: 'fullchain.pem',
  }),
  'tls-key': setting({
    kind: FILE,
    fallback: undefined,
    otherwise: 'no TLS',
    sentence: 'Private key of the certificate in PEM, readable by the relay alone.',
    example: 'privkey.pem',
  }),
  'acme-domains': setting({
    kind: DOMAINS,
    fallback: undefined,
    otherwise: 'no certificate is ordered',
    sentence:
      'Domains for which a certificate is ordered and renewed by ACME; with them you agree to the terms of the authority.',
    example: 'relay.example.org',
    flag: 'acme-domain',
  }),
  'acme-email': setting({
    kind: EMAIL,
    fallback: undefined,
    sentence: 'Where the authority writes to when something is wrong with the certificate.',
    example: 'you@example.org',
  }),
  'acme-directory': setting({
    kind: URL_TEXT,
    fallback: 'https://acme-v02.api.letsencrypt.org/directory',
    sentence: 'Directory of the authority that signs the certificate.',
    example: 'https://acme-staging-v02.api.letsencrypt.org/directory',
  }),
  'acme-folder': setting({
    kind: FOLDER,
    fallback: undefined,
    otherwise: '"acme" in $STATE_DIRECTORY, or in .local/state/freshet of your home',
    sentence: 'Folder that keeps the ordered certificate, its key and the key of the account.',
    example: 'acme',
  }),
  'acme-port': setting({
    kind: PORT,
    fallback: 80,
    sentence: 'TCP port on which the question of the authority arrives, which asks at port 80.',
    example: '8081',
  }),
  'webrtc-address': setting({
    kind: IP,
    fallback: undefined,
    otherwise: 'no WebRTC',
    sentence:
      'IP address at which viewers reach the UDP port of this relay; with it, pages that came from elsewhere can connect without a domain and a certificate.',
    example: '203.0.113.7',
  }),
  'webrtc-certificate': setting({
    kind: FILE,
    fallback: undefined,
    otherwise: '"edge.pem" in $STATE_DIRECTORY, or in .local/state/freshet of your home',
    sentence: 'File that keeps what the relay proves itself with over WebRTC; made if there is none.',
    example: 'edge.pem',
  }),
  window: setting({
    kind: DURATION,
    fallback: undefined,
    otherwise: 'nothing is kept on disk',
    sentence: 'How much of the channels of the parents is kept on disk, to rewind and over a restart.',
    example: '2h',
  }),
  'window-folder': setting({
    kind: FOLDER,
    fallback: undefined,
    otherwise: '"window" in $STATE_DIRECTORY, or in .local/state/freshet of your home',
    sentence: 'Folder that keeps it.',
    example: 'window',
  }),
  'window-size': setting({
    kind: BYTES,
    fallback: WINDOW_BYTES_DEFAULT,
    otherwise: '16GiB',
    sentence: 'What the window of one channel may take; beyond it the oldest goes first.',
    example: '50GiB',
  }),
  dht: setting<OnOff>({
    kind: wordKind(ON_OFF),
    fallback: 'on',
    sentence:
      "Find other relays, and be found, in BitTorrent's DHT; not on a relay that listens on this machine only.",
    example: 'off',
  }),
  'dht-port': setting({
    kind: PORT,
    fallback: 0,
    otherwise: 'any free one',
    sentence: 'UDP port of the DHT.',
    example: '6881',
  }),
  'dht-bootstrap': setting({
    kind: NODES,
    fallback: undefined,
    otherwise: 'the well-known ones',
    sentence: 'Nodes to join the DHT by.',
    example: 'dht.example.org:6881',
  }),
  mdns: setting<OnOff>({
    kind: wordKind(ON_OFF),
    fallback: 'on',
    sentence:
      'Find other relays, and be found, in the local network; not on a relay that listens on this machine only.',
    example: 'off',
  }),
  'log-format': setting<LogFormat>({
    kind: wordKind(LOG_FORMATS),
    fallback: 'text',
    sentence: 'How the lines of the log are written, on standard error.',
    example: 'json',
  }),
  'log-level': setting<LogLevel>({
    kind: wordKind(LOG_LEVELS),
    fallback: 'info',
    sentence: 'The least important lines that are still written.',
    example: 'warn',
  }),
} as const;

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** All names, in the order of the sample. */
export const SETTING_NAMES: readonly SettingName[] = [
  'parents',
  'channels',
  'ticket-operator',
  'port',
  'udp-ports',
  'host',
  'public-url',
  'viewers-max',
  'relays-max',
  'egress-max',
  'region',
  'heads',
  'trust-proxy',
  'tls-cert',
  'tls-key',
  'acme-domains',
  'acme-email',
  'acme-directory',
  'acme-folder',
  'acme-port',
  'webrtc-address',
  'webrtc-certificate',
  'window',
  'window-folder',
  'window-size',
  'dht',
  'dht-port',
  'dht-bootstrap',
  'mdns',
  'log-format',
  'log-level',
];

/** The flag of a setting, with its dashes. */
export function flagOf(name: SettingName): string {
  const { flag }: Setting<unknown> = SETTINGS[name];
  return `--${flag ?? name}`;
}
