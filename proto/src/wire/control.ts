/** Control messages: everything that two nodes say to each other beside the pieces (PROTOCOL.md §5). */

import { isRelayOrigin } from '../identity/link.js';
import {
  CAPABILITIES_MAX,
  CATALOG_BYTES_MAX,
  CONTROL_BYTES_MAX,
  KEY_BYTES,
  ORIGIN_TOKEN_LENGTH_MAX,
  ORIGIN_TOKEN_LENGTH_MIN,
  SIGNATURE_BYTES,
  STRIPES_MAX,
  TEXT_LENGTH_MAX,
} from '../limits.js';
import { decodeWith, isBytes, isCount, isText } from './decode.js';
import { FrameKind } from './frame.js';
import { freshet } from './generated/wire.js';
import { type MeshMessage, meshFromWire, meshToWire } from './mesh-messages.js';
import { type Playing, playingFromWire, playingToWire } from './playing.js';
import { type TreeMessage, treeFromWire, treeToWire } from './tree-messages.js';

const { Control } = freshet.v1;

/** What a node is to the one it dials. */
export type Role = 'relay' | 'viewer';

/** First message in each direction. */
export type Hello = {
  readonly kind: 'hello';
  /** Protocol versions this side speaks, both ends included. */
  readonly versionMin: number;
  readonly versionMax: number;
  /** Numbers of {@link Capability} that this side has; unknown ones are ignored. */
  readonly capabilities: readonly number[];
  readonly channelKey: Uint8Array;
  readonly role: Role;
  /** Name and version of the program, for logs. */
  readonly agent: string;
  /** Where others reach this relay; `undefined`: nowhere, or it does not say. */
  readonly origin?: string | undefined;
  /** What the relay recognises when it is asked at that origin: letters, digits, `-` and `_`. */
  readonly originToken?: string | undefined;
};

/** Catalog bytes and what proves them; see {@link SignedCatalog}. */
export type SignedCatalog = {
  readonly catalog: Uint8Array;
  readonly signature: Uint8Array;
  readonly certificate: Uint8Array;
  readonly certificateSignature: Uint8Array;
};

/** Asks for stripes of a rendition, or for other ones than before. */
export type Subscribe = {
  readonly kind: 'subscribe';
  /** 0: the parent's default, the first of the catalog. */
  readonly renditionId: number;
  /** Bit s: stripe s; 0: all of them. */
  readonly stripeMask: number;
  /** Begin at once with what is held from this sequence number on; `undefined`: at a keyframe. */
  readonly from?: number | undefined;
  /** Begin at the newest keyframe that is at least this old, or the oldest one held. */
  readonly behindMs?: number | undefined;
};

/** Any control message, decoded and within its limits. */
export type ControlMessage =
  | Hello
  | Subscribe
  | { readonly kind: 'unsubscribe'; readonly renditionId: number }
  | { readonly kind: 'catalog'; readonly signed: SignedCatalog }
  | { readonly kind: 'absent' }
  | { readonly kind: 'ping'; readonly sentMs: number }
  | { readonly kind: 'pong'; readonly sentMs: number; readonly broadcastMs: number | undefined }
  | { readonly kind: 'audience'; readonly viewerCount: number }
  /** Of a child relay; `body` is for `decodeSummary`. */
  | { readonly kind: 'summary'; readonly body: Uint8Array }
  | Playing
  | TreeMessage
  | MeshMessage;

const WireRole = freshet.v1.Role;

/** Bytes of a control message, frame byte included. */
export function encodeControl(message: ControlMessage): Uint8Array {
  const body = Control.encode(toWire(message)).finish();
  const framed = new Uint8Array(body.length + 1);
  framed[0] = FrameKind.control;
  framed.set(body, 1);
  return framed;
}

/**
 * Reads a control message, frame byte included. `undefined` for anything that is not a known message within
 * its limits; of several bodies the last counts, as protobuf has it. Byte fields are views into `framed`.
 */
export function decodeControl(framed: Uint8Array): ControlMessage | undefined {
  if (framed[0] !== FrameKind.control) return undefined;
  const wire = decodeWith((bytes) => Control.decode(bytes), framed.subarray(1), CONTROL_BYTES_MAX);
  return wire === undefined ? undefined : fromWire(wire);
}

function toWire(message: ControlMessage): freshet.v1.Control.$Properties {
  switch (message.kind) {
    case 'hello': {
      const { versionMin, versionMax, capabilities, channelKey, agent } = message;
      const role = message.role === 'relay' ? WireRole.RELAY : WireRole.VIEWER;
      const origin = message.origin ?? '';
      const originToken = message.originToken ?? '';
      const said = { versionMin, versionMax, channelKey, role, agent, origin, originToken };
      return { hello: { ...said, capabilities: [...capabilities] } };
    }
    case 'subscribe':
      return { subscribe: subscribeToWire(message) };
    case 'unsubscribe':
      return { unsubscribe: { rendition: message.renditionId } };
    case 'catalog': {
      const { catalog, signature, certificate, certificateSignature } = message.signed;
      const signedCertificate = { certificate, signature: certificateSignature };
      return { catalog: { catalog, signature, certificate: signedCertificate } };
    }
    case 'absent':
      return { absent: {} };
    case 'ping':
      return { ping: { sentMs: message.sentMs } };
    case 'pong':
      return { pong: { sentMs: message.sentMs, broadcastMs: message.broadcastMs ?? null } };
    case 'audience':
      return { audience: { viewerCount: message.viewerCount } };
    case 'path':
    case 'redirect':
    case 'poster':
      return treeToWire(message);
    case 'playing':
      return playingToWire(message);
    case 'summary':
      return { summary: message.body };
    default:
      return meshToWire(message);
  }
}

function subscribeToWire(message: Subscribe): freshet.v1.Subscribe.$Properties {
  const { renditionId, stripeMask, from, behindMs = 0 } = message;
  return { rendition: renditionId, stripeMask, behindMs, from: from ?? null };
}

function fromWire(wire: freshet.v1.Control): ControlMessage | undefined {
  if (wire.hello) return helloFromWire(wire.hello);
  if (wire.subscribe) {
    const { rendition, stripeMask, from, behindMs } = wire.subscribe;
    return {
      kind: 'subscribe',
      renditionId: rendition ?? 0,
      stripeMask: stripeMask ?? 0,
      from: from ?? undefined,
      behindMs: behindMs || undefined,
    };
  }
  if (wire.unsubscribe) return { kind: 'unsubscribe', renditionId: wire.unsubscribe.rendition ?? 0 };
  if (wire.catalog) return catalogFromWire(wire.catalog);
  if (wire.absent) return { kind: 'absent' };
  if (wire.ping) {
    const sentMs = wire.ping.sentMs ?? 0;
    return Number.isFinite(sentMs) ? { kind: 'ping', sentMs } : undefined;
  }
  if (wire.pong) {
    const sentMs = wire.pong.sentMs ?? 0;
    const broadcastMs = wire.pong.broadcastMs ?? undefined;
    if (!Number.isFinite(sentMs) || (broadcastMs !== undefined && !Number.isFinite(broadcastMs)))
      return undefined;
    return { kind: 'pong', sentMs, broadcastMs };
  }
  if (wire.audience) return { kind: 'audience', viewerCount: wire.audience.viewerCount ?? 0 };
  if (wire.path || wire.redirect || wire.poster) return treeFromWire(wire);
  if (wire.playing) return playingFromWire(wire.playing);
  if (wire.summary) return { kind: 'summary', body: wire.summary };
  return meshFromWire(wire);
}

function helloFromWire(wire: freshet.v1.Hello.$Properties): Hello | undefined {
  const { versionMin, versionMax, channelKey, role } = wire;
  const agent = wire.agent ?? '';
  if (!isCount(versionMin) || !isCount(versionMax) || versionMin < 1 || versionMax < versionMin)
    return undefined;
  if (!isBytes(channelKey, KEY_BYTES) || !isText(agent, TEXT_LENGTH_MAX)) return undefined;
  if (role !== WireRole.RELAY && role !== WireRole.VIEWER) return undefined;
  // An origin that is none is left out: it is of use to others only, not to this link.
  const origin = isRelayOrigin(wire.origin ?? '') ? (wire.origin ?? undefined) : undefined;
  return {
    kind: 'hello',
    versionMin,
    versionMax,
    capabilities: (wire.capabilities ?? []).slice(0, CAPABILITIES_MAX),
    channelKey,
    role: role === WireRole.RELAY ? 'relay' : 'viewer',
    agent,
    ...(origin !== undefined && { origin }),
    ...(isOriginToken(wire.originToken) && { originToken: wire.originToken }),
  };
}

/** Whether a text can be the token of a relay's origin: it goes into a path as it is. */
export function isOriginToken(text: string | null | undefined): text is string {
  if (text === null || text === undefined) return false;
  const isLongEnough = text.length >= ORIGIN_TOKEN_LENGTH_MIN && text.length <= ORIGIN_TOKEN_LENGTH_MAX;
  return isLongEnough && /^[\w-]+$/.test(text);
}

function catalogFromWire(wire: freshet.v1.SignedCatalog.$Properties): ControlMessage | undefined {
  const { catalog, signature } = wire;
  const certificate = wire.certificate?.certificate;
  const certificateSignature = wire.certificate?.signature;
  if (!catalog || catalog.length > CATALOG_BYTES_MAX || !isBytes(signature, SIGNATURE_BYTES))
    return undefined;
  if (!certificate || !isBytes(certificateSignature, SIGNATURE_BYTES)) return undefined;
  return { kind: 'catalog', signed: { catalog, signature, certificate, certificateSignature } };
}

/** A mask of the stripes 0 to `stripeCount` - 1. */
export function allStripes(stripeCount: number): number {
  // Not by shifting: bit 31 is a sign to JavaScript.
  return 2 ** Math.min(stripeCount, STRIPES_MAX) - 1;
}
