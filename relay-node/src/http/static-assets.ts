import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { type ContentCoding, chooseCoding } from './accept-encoding.js';
import { contentTypeOf, isCompressible } from './content-type.js';
import type { HttpReply, HttpRequest } from './http-message.js';

/** A file to serve, as read at start. */
export type AssetSource = {
  /** Where it is served: `/player.js`. Requests match it exactly, as sent. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Guessed from the path when left out. */
  readonly contentType?: string;
  /** Its name holds a hash of its content, so it may be kept for a year. Otherwise it is revalidated each time. */
  readonly isImmutable?: boolean;
};

/** Bodies smaller than this are not compressed: the headers would outweigh the gain. */
export const COMPRESS_BYTES_MIN = 512;

/** Files above this are left out when a folder is read, with an error: the map lives in memory. */
export const ASSET_BYTES_MAX = 32 * 1024 * 1024;

type Variant = { readonly coding: ContentCoding; readonly bytes: Uint8Array; readonly etag: string };
type Asset = {
  readonly contentType: string;
  readonly cacheControl: string;
  /** From the smallest on; identity is always among them. */
  readonly variants: readonly Variant[];
};

/** A fixed set of files, made once; nothing outside it can be reached by any path. */
export interface StaticAssets {
  /** Paths served. */
  readonly paths: readonly string[];
  /** The reply to a GET or HEAD of this path, or `undefined` when no asset has it. */
  reply(path: string, request: HttpRequest): HttpReply | undefined;
}

const variantsOf = (bytes: Uint8Array, contentType: string): Variant[] => {
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 27);
  const plain: Variant = { coding: 'identity', bytes, etag: `"${hash}"` };
  if (bytes.length < COMPRESS_BYTES_MIN || !isCompressible(contentType)) return [plain];
  // Each form needs its own strong tag: they are different octets (RFC 9110 §8.8.3.3).
  const gzip: Variant = { coding: 'gzip', bytes: gzipSync(bytes, { level: 9 }), etag: `"${hash}-g"` };
  const br: Variant = {
    coding: 'br',
    bytes: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    etag: `"${hash}-b"`,
  };
  return [br, gzip, plain].filter((v) => v === plain || v.bytes.length < bytes.length);
};

/** Whether `If-None-Match` names this tag; weak tags match too, as the header's comparison is weak. */
const isUnchanged = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '').split(',').some((tag) => {
    const plain = tag.trim().replace(/^W\//, '');
    return plain === etag || plain === '*';
  });

/** Makes the map: hashes and compresses every file now, so that a request costs a look-up. */
export const createStaticAssets = (sources: readonly AssetSource[]): StaticAssets => {
  const assets = new Map<string, Asset>();
  for (const source of sources) {
    const contentType = source.contentType ?? contentTypeOf(source.path);
    assets.set(source.path, {
      contentType,
      cacheControl: source.isImmutable === true ? 'public, max-age=31536000, immutable' : 'no-cache',
      variants: variantsOf(source.bytes, contentType),
    });
  }
  return {
    paths: [...assets.keys()],
    reply(path, request) {
      const asset = assets.get(path);
      if (asset === undefined) return undefined;
      const offered = asset.variants.map((variant) => variant.coding);
      const coding = chooseCoding(request.header('accept-encoding'), offered);
      const variant = asset.variants.find((candidate) => candidate.coding === coding);
      if (variant === undefined) return undefined;
      const headers: Record<string, string> = {
        'Content-Type': asset.contentType,
        'Cache-Control': asset.cacheControl,
        ETag: variant.etag,
      };
      if (asset.variants.length > 1) headers.Vary = 'Accept-Encoding';
      if (isUnchanged(request.header('if-none-match'), variant.etag)) {
        return { status: 304, headers, body: '' };
      }
      if (coding !== 'identity') headers['Content-Encoding'] = coding;
      return { status: 200, headers, body: variant.bytes };
    },
  };
};

/** A folder of assets could not be read. */
export class AssetError extends Error {
  readonly kind: 'unreadable' | 'too-large';
  constructor(kind: 'unreadable' | 'too-large', message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'AssetError';
    this.kind = kind;
  }
}

/**
 * Reads every file of a folder, and of the folders in it, to be served under `prefix` (`/` or `/app/`).
 * Names that hold a hash of eight or more characters (`player-3F2A91BC.js`) are marked immutable.
 */
export const readAssetFolder = async (folder: string, prefix: string): Promise<AssetSource[]> => {
  const sources: AssetSource[] = [];
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const bytes = await readFile(file);
      if (bytes.length > ASSET_BYTES_MAX) {
        throw new AssetError('too-large', `The asset ${file} is larger than ${ASSET_BYTES_MAX} bytes.`);
      }
      const relative = file.slice(join(folder, '/').length).replaceAll('\\', '/');
      sources.push({
        path: `${prefix}${relative}`,
        bytes,
        isImmutable: /[-.][A-Z0-9]{8,}\.[a-z0-9]+$/.test(entry.name),
      });
    }
  } catch (cause) {
    if (cause instanceof AssetError) throw cause;
    throw new AssetError('unreadable', `The folder ${folder} cannot be read. Build the player first.`, cause);
  }
  return sources;
};
