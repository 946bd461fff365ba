/** The addresses of HLS: `/hls/<channel address>/...`. Reads them, and says what they are. Pure. */

import { decodeAddress, encodeAddress } from '@freshet/proto';

/** In front of every address of HLS. */
export const HLS_PREFIX = '/hls/';

/** What is listed: the last half minute, or everything that is held. */
export type PlaylistScope = 'live' | 'window';

/** What a player asks of a playlist (clause 6.2.5): to wait for a segment or part, to leave out what it has. */
export type Directives = {
  readonly sequence: number | undefined;
  readonly part: number | undefined;
  readonly isDelta: boolean;
};

/** What a path below a channel's address asks for. */
export type HlsTarget =
  | { readonly kind: 'multivariant'; readonly scope: PlaylistScope }
  | { readonly kind: 'playlist'; readonly renditionId: number; readonly scope: PlaylistScope }
  | { readonly kind: 'map'; readonly renditionId: number; readonly epoch: number }
  | {
      readonly kind: 'segment';
      readonly renditionId: number;
      readonly sequence: number;
      readonly captureMs: number;
    }
  | { readonly kind: 'part'; readonly renditionId: number; readonly run: number; readonly part: number };

/** Names of files below a rendition's folder. A segment's and a part's are unique for ever, so that caches may keep them. */
export const fileNames = {
  map: (epoch: number): string => `init-${epoch}.mp4`,
  segment: (sequence: number, captureMs: number): string => `segment-${sequence}-${captureMs}.m4s`,
  part: (run: number, part: number): string => `part-${run}-${part}.m4s`,
} as const;

const NUMBER = '(0|[1-9]\\d{0,14})';
const MULTIVARIANT = /^(index|window)\.m3u8$/;
const PLAYLIST = new RegExp(`^${NUMBER}/(live|window)\\.m3u8$`);
const MAP = new RegExp(`^${NUMBER}/init-${NUMBER}\\.mp4$`);
const SEGMENT = new RegExp(`^${NUMBER}/segment-${NUMBER}-${NUMBER}\\.m4s$`);
const PART = new RegExp(`^${NUMBER}/part-${NUMBER}-${NUMBER}\\.m4s$`);

/** Splits a path into the channel's address and the rest; `undefined` when it names no channel. */
export function splitHlsPath(path: string): { readonly address: string; readonly rest: string } | undefined {
  const below = path.slice(HLS_PREFIX.length);
  const slash = below.indexOf('/');
  if (!path.startsWith(HLS_PREFIX) || slash < 0) return undefined;
  const decoded = decodeAddress(below.slice(0, slash));
  if (!decoded.ok) return undefined;
  return { address: encodeAddress(decoded.channelKey), rest: below.slice(slash + 1) };
}

/** What `rest` names; `undefined` for everything else: numbers are looked up, no name ever reaches a file system. */
export function parseHlsTarget(rest: string): HlsTarget | undefined {
  const multivariant = MULTIVARIANT.exec(rest);
  if (multivariant) return { kind: 'multivariant', scope: multivariant[1] === 'window' ? 'window' : 'live' };
  const playlist = PLAYLIST.exec(rest);
  if (playlist) {
    const scope = playlist[2] === 'window' ? 'window' : 'live';
    return { kind: 'playlist', renditionId: Number(playlist[1]), scope };
  }
  const map = MAP.exec(rest);
  if (map) return { kind: 'map', renditionId: Number(map[1]), epoch: Number(map[2]) };
  const segment = SEGMENT.exec(rest);
  if (segment) {
    const [renditionId = 0, sequence = 0, captureMs = 0] = segment.slice(1).map(Number);
    return { kind: 'segment', renditionId, sequence, captureMs };
  }
  const found = PART.exec(rest);
  if (!found) return undefined;
  const [renditionId = 0, run = 0, part = 0] = found.slice(1).map(Number);
  return { kind: 'part', renditionId, run, part };
}

const COUNT = /^\d{1,15}$/;

/** Reads the delivery directives; `undefined` when they are malformed. Other parameters are ignored (clause 6.2.5). */
export function parseDirectives(query: string): Directives | undefined {
  const parameters = new URLSearchParams(query);
  const sequence = parameters.get('_HLS_msn') ?? undefined;
  const part = parameters.get('_HLS_part') ?? undefined;
  const skip = parameters.get('_HLS_skip') ?? undefined;
  if (sequence !== undefined && !COUNT.test(sequence)) return undefined;
  if (part !== undefined && (sequence === undefined || !COUNT.test(part))) return undefined;
  return {
    sequence: sequence === undefined ? undefined : Number(sequence),
    part: part === undefined ? undefined : Number(part),
    isDelta: skip === 'YES' || skip === 'v2',
  };
}
