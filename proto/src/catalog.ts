/** The catalog: what a broadcast is made of, signed by its session key and sent first on every join. */

import { assert } from './assert.js';
import type { SignedCertificate } from './identity/certificate.js';
import { isRelayAddress } from './identity/link.js';
import { type SignEffect, signedMessage } from './identity/signing.js';
import {
  CATALOG_BYTES_MAX,
  CATALOG_RELAYS_MAX,
  CATALOG_TICKETS_MAX,
  DESCRIPTION_LENGTH_MAX,
  DIGEST_BYTES,
  RENDITIONS_MAX,
  STRIPES_MAX,
  TEXT_LENGTH_MAX,
  TICKET_BYTES,
} from './limits.js';
import type { Rendition } from './media.js';
import { type WallMs, wallMs } from './time.js';
import type { SignedCatalog } from './wire/control.js';
import { decodeWith, isBytes, isCount, isLongText, isText } from './wire/decode.js';
import { freshet } from './wire/generated/wire.js';

const WireCatalog = freshet.v1.Catalog;
const WireState = freshet.v1.BroadcastState;

/** Whether media flows: `waiting` while the broadcaster is there and its source is not. */
export type BroadcastState = 'waiting' | 'live' | 'ended';

/** What a broadcast is made of. A higher epoch replaces a lower one, within it a higher revision a lower one. */
export type Catalog = {
  /** Unix milliseconds at which this run began; names it for ever. */
  readonly epoch: number;
  readonly revision: number;
  readonly state: BroadcastState;
  readonly title: string;
  /** When the broadcast began, over all its runs. */
  readonly startedMs: WallMs;
  /** Stripes of every rendition, 1 to 32. */
  readonly stripeCount: number;
  /** Best first; empty while nothing has been sent. */
  readonly renditions: readonly Rendition[];
  /** Origins and edge addresses of relays that carry the channel. */
  readonly relays: readonly string[];
  /** What operators of relays gave the channel (`signTicket`); left out where there is none. */
  readonly tickets?: readonly Uint8Array[];
  /** What the broadcast is about, in at most `DESCRIPTION_LENGTH_MAX` characters; may have several lines. */
  readonly description?: string | undefined;
  /** Why it waits, in one sentence for viewers; `undefined` for no particular reason. */
  readonly reason?: string | undefined;
  /** When it is to begin, while it waits for that. */
  readonly startsMs?: WallMs | undefined;
  /** SHA-256 of the picture that stands for it, which travels as a `poster` message. */
  readonly posterDigest?: Uint8Array | undefined;
};

const stateToWire = { waiting: WireState.WAITING, live: WireState.LIVE, ended: WireState.ENDED } as const;

/** Signs a catalog with the session key that the certificate names. Asserts that it keeps every limit. */
export function signCatalog(
  catalog: Catalog,
  certificate: SignedCertificate,
  sign: SignEffect,
): SignedCatalog {
  const { posterDigest, startsMs, description = '', reason = '', ...plain } = catalog;
  const encoded = WireCatalog.encode({
    ...plain,
    // What is not said takes no bytes.
    ...(description !== '' && { description }),
    ...(reason !== '' && { reason }),
    ...(startsMs !== undefined && { startsMs }),
    ...(posterDigest && { posterSha256: posterDigest }),
    state: stateToWire[catalog.state],
    renditions: catalog.renditions.map((rendition) => ({ ...rendition })),
    relays: [...catalog.relays],
    tickets: [...(catalog.tickets ?? [])],
  }).finish();
  assert(encoded.length <= CATALOG_BYTES_MAX, `a catalog has at most ${CATALOG_BYTES_MAX} bytes`);
  assert(decodeCatalog(encoded) !== undefined, 'a catalog keeps the limits that its readers check');
  return {
    catalog: encoded,
    signature: sign(signedMessage('catalog', encoded)),
    certificate: certificate.certificate,
    certificateSignature: certificate.signature,
  };
}

/** Reads a catalog; `undefined` for anything malformed or over a limit. Does not verify it. */
export function decodeCatalog(bytes: Uint8Array): Catalog | undefined {
  const wire = decodeWith((b) => WireCatalog.decode(b), bytes, CATALOG_BYTES_MAX);
  const state = stateFromWire(wire?.state);
  if (!wire || !state || !isCount(wire.epoch) || !isCount(wire.startedMs)) return undefined;
  if (!isCount(wire.stripeCount, STRIPES_MAX) || wire.stripeCount < 1) return undefined;
  if (!isText(wire.title, TEXT_LENGTH_MAX)) return undefined;
  const show = showFromWire(wire);
  if (!show) return undefined;
  if (wire.renditions.length > RENDITIONS_MAX || wire.relays.length > CATALOG_RELAYS_MAX) return undefined;
  if (!wire.relays.every(isRelayAddress) || wire.tickets.length > CATALOG_TICKETS_MAX) return undefined;
  if (!wire.tickets.every(({ length }) => length === TICKET_BYTES)) return undefined;
  const renditions = wire.renditions.map(renditionFromWire).filter((rendition) => rendition !== undefined);
  const ids = new Set(renditions.map((rendition) => rendition.id));
  if (renditions.length !== wire.renditions.length || ids.size !== renditions.length) return undefined;
  if (state === 'live' && renditions.length === 0) return undefined;
  return {
    epoch: wire.epoch,
    revision: wire.revision,
    state,
    title: wire.title,
    startedMs: wallMs(wire.startedMs),
    stripeCount: wire.stripeCount,
    renditions,
    relays: wire.relays,
    ...(wire.tickets.length > 0 && { tickets: wire.tickets }),
    ...show,
  };
}

/** What a catalog says for people; absent fields are left out. */
type ShowFields = Pick<Catalog, 'description' | 'reason' | 'startsMs' | 'posterDigest'>;

function showFromWire(wire: freshet.v1.Catalog): ShowFields | undefined {
  const { description, reason, startsMs, posterSha256 } = wire;
  if (!isLongText(description, DESCRIPTION_LENGTH_MAX) || !isText(reason, TEXT_LENGTH_MAX)) return undefined;
  if (!isCount(startsMs) || (posterSha256.length > 0 && !isBytes(posterSha256, DIGEST_BYTES)))
    return undefined;
  return {
    ...(description !== '' && { description }),
    ...(reason !== '' && { reason }),
    ...(startsMs > 0 && { startsMs: wallMs(startsMs) }),
    ...(posterSha256.length > 0 && { posterDigest: posterSha256 }),
  };
}

function stateFromWire(state: number | undefined): BroadcastState | undefined {
  if (state === WireState.WAITING) return 'waiting';
  if (state === WireState.LIVE) return 'live';
  return state === WireState.ENDED ? 'ended' : undefined;
}

function renditionFromWire(wire: freshet.v1.Rendition.$Properties): Rendition | undefined {
  const { id, name = '', mimeType, initSegment } = wire;
  if (!isCount(id) || id < 1 || !isText(name, TEXT_LENGTH_MAX) || !isText(mimeType, TEXT_LENGTH_MAX))
    return undefined;
  if (!initSegment || initSegment.length === 0) return undefined;
  return {
    id,
    name,
    mimeType,
    width: wire.width ?? 0,
    height: wire.height ?? 0,
    frameRateMilli: wire.frameRateMilli ?? 0,
    bitrate: wire.bitrate ?? 0,
    initSegment,
  };
}
