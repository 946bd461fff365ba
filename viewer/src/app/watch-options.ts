/** Reads the command line of `freshet watch`. */

import { isRelayAddress, isRelayOrigin, parseLink } from '@freshet/proto';
import { isPlayerName, PLAYER_NAMES, type PlayerName } from './player-program.js';
import type { RtcEngineName } from './rtc-engine.js';
import { WatchError } from './watch-error.js';

/** Seconds without a relay after which watching fails, unless `--timeout` says otherwise. */
export const TIMEOUT_SECONDS_DEFAULT = 30;

/** As commander hands them over. */
export type RawWatchOptions = {
  readonly relay?: readonly string[] | undefined;
  readonly player?: string | undefined;
  readonly out?: string | undefined;
  readonly duration?: string | undefined;
  readonly timeout?: string | undefined;
  readonly json?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly relayOnly?: boolean | undefined;
  readonly uploadLimit?: string | undefined;
  readonly rtc?: string | undefined;
};

/** What to watch, where to put it and when to stop. */
export type WatchOptions = {
  /** The link or address as typed; it parses. */
  readonly channel: string;
  /** Origins, those of `--relay` first. None where they can be searched for. */
  readonly relays: readonly string[];
  /** Play: in this player, or in the first that is found. */
  readonly player: PlayerName | 'any' | undefined;
  /** Record into this file. */
  readonly outFile: string | undefined;
  /** Write fragmented MP4 to standard output. */
  readonly isStdout: boolean;
  readonly mayReplace: boolean;
  /** Stop after this much media; `undefined` for never. */
  readonly durationMs: number | undefined;
  /** Fail when no relay is reached for this long; `undefined` for never. */
  readonly timeoutMs: number | undefined;
  readonly isJson: boolean;
  /** Never connect to other viewers: the relay alone learns this machine's address. */
  readonly isRelayOnly: boolean;
  /** What may be uploaded for other viewers, in bits per second; 0 for nothing. */
  readonly uploadBps: number;
  /** The engine that connects to other viewers. */
  readonly rtcEngine: RtcEngineName;
};

/** No limit: what can be used is measured. */
const UPLOAD_BPS_UNLIMITED = 1_000_000_000;

/**
 * Checks everything that can be checked without touching the network or the disk. `canSearch`: a link without a relay will
 * do. Throws a WatchError.
 */
export function readWatchOptions(
  link: string,
  output: string | undefined,
  raw: RawWatchOptions,
  canSearch = false,
): WatchOptions {
  const parsed = parseLink(link);
  if (!parsed.ok) throw new WatchError('bad-link', parsed.why);
  const relays = [...new Set([...(raw.relay ?? []).map(readOrigin), ...parsed.link.relays])];
  if (relays.length === 0 && !canSearch) {
    const why = 'This address names no relay: add --relay https://host, or use the whole link.';
    throw new WatchError('no-relay', why);
  }
  if (output !== undefined && output !== '-') {
    const why = `"${output}" is not understood: only "-" (standard output) can follow the link. For a file use --out.`;
    throw new WatchError('bad-option', why);
  }
  const isStdout = output === '-' || raw.out === '-';
  const outFile = raw.out === '-' ? undefined : raw.out;
  if (outFile === '') throw new WatchError('bad-option', '--out needs the name of a file, or "-".');
  const hasOutput = isStdout || outFile !== undefined;
  return {
    channel: link,
    relays,
    player: readPlayer(raw.player) ?? (hasOutput ? undefined : 'any'),
    outFile,
    isStdout,
    mayReplace: raw.force ?? false,
    durationMs: readDuration(raw.duration),
    timeoutMs: readTimeout(raw.timeout),
    isJson: raw.json ?? false,
    isRelayOnly: raw.relayOnly ?? false,
    uploadBps: readUploadLimit(raw.uploadLimit),
    rtcEngine: readRtcEngine(raw.rtc),
  };
}

function readOrigin(text: string): string {
  const address = text.trim().replace(/\/$/, '');
  const origin = address.toLowerCase();
  if (isRelayOrigin(origin)) return origin;
  if (isRelayAddress(address)) return address;
  const why = `--relay takes the address of a relay, like https://relay.example.org; "${text}" is not one.`;
  throw new WatchError('bad-option', why);
}

function readPlayer(text: string | undefined): PlayerName | undefined {
  if (text === undefined || isPlayerName(text)) return text;
  throw new WatchError('bad-option', `--player takes ${PLAYER_NAMES.join(', ')}; "${text}" is none of them.`);
}

function readDuration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = readSeconds(text);
  if (seconds === undefined || seconds === 0)
    throw new WatchError('bad-option', `--duration takes seconds, more than 0; "${text}" is not that.`);
  return seconds * 1000;
}

function readTimeout(text: string | undefined): number | undefined {
  const seconds = text === undefined ? TIMEOUT_SECONDS_DEFAULT : readSeconds(text);
  if (seconds === undefined)
    throw new WatchError('bad-option', `--timeout takes seconds, 0 to wait for ever; "${text}" is not that.`);
  return seconds === 0 ? undefined : seconds * 1000;
}

function readUploadLimit(text: string | undefined): number {
  if (text === undefined) return UPLOAD_BPS_UNLIMITED;
  const mbps = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isFinite(mbps)) return Math.min(UPLOAD_BPS_UNLIMITED, mbps * 1_000_000);
  throw new WatchError('bad-option', `--upload-limit takes Mbit/s, 0 for no upload; "${text}" is not that.`);
}

/** werift unless asked otherwise: wrtc is faster, but hides how much waits in it, so that a slow uplink is seen late. */
function readRtcEngine(text: string | undefined): RtcEngineName {
  if (text === undefined || text === 'werift') return 'werift';
  if (text === 'wrtc') return 'wrtc';
  throw new WatchError('bad-option', `--rtc takes werift or wrtc; "${text}" is neither.`);
}

/** About 24 days: what a timer can wait for. */
const SECONDS_MAX = 2_147_483;

function readSeconds(text: string): number | undefined {
  const seconds = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
  return seconds <= SECONDS_MAX ? seconds : undefined;
}
