/**
 * What the vectors hold: fixed values, and how each is encoded and decoded. A change of the wire changes the files
 * beside this one, which `npx tsx test/vectors/make.ts` writes anew.
 */

import {
  type ControlMessage,
  decodeAddress,
  decodeCatalog,
  decodeCertificate,
  decodeControl,
  decodePieceFrame,
  decodePieceHeader,
  encodeAddress,
  encodeControl,
  encodePieceFrame,
  encodePieceHeader,
  mediaUs,
  signCertificate,
  signedMessage,
  toHex,
  wallMs,
} from '@freshet/proto';
import { Broadcast, createRendition } from '../sim/broadcast.js';
import { Ed25519Scheme } from '../sim/signing-scheme.js';
import { CONTROL_MESSAGES } from '../unit/proto/wire/control-messages.js';

/** One value with its bytes. */
export type VectorCase = {
  readonly name: string;
  readonly value: unknown;
  readonly encode: () => Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
};

/** A vector as it stands in a file: byte arrays in the value are hexadecimal texts. */
export type Vector = { readonly name: string; readonly value: unknown; readonly hex: string };

const scheme = new Ed25519Scheme();
const channel = scheme.createKeys('vector channel');
const session = scheme.createKeys('vector session');
const broadcast = new Broadcast({ channel: 'vector channel', scheme });

const certificate = {
  channelKey: channel.publicKey,
  sessionKey: session.publicKey,
  epochFirst: 1_800_000_000_000,
  epochLast: 1_800_086_400_000,
};

const header = {
  epoch: 1_800_000_000_000,
  renditionId: 2,
  sequence: 700,
  chunkNumber: 300,
  pieceIndex: 1,
  pieceCount: 3,
  groupOffset: 29,
  mediaTimeUs: mediaUs(9_966_667),
  durationUs: 33_333,
  captureMs: wallMs(1_800_000_009_967),
  payloadDigest: scheme.digest(Uint8Array.of(1, 2, 3)),
};

const headerBytes = encodePieceHeader(header);
const frame = {
  header: headerBytes,
  signature: session.sign(signedMessage('piece', headerBytes)),
  payload: Uint8Array.of(1, 2, 3),
};

const catalog = broadcast.plain({
  revision: 4,
  title: 'Vectors — 河',
  renditions: [createRendition(1), createRendition(2)],
  relays: ['https://relay.example:8443'],
});

const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function controlCases(): VectorCase[] {
  const signed: ControlMessage = { kind: 'catalog', signed: broadcast.catalog(catalog) };
  const messages = Object.entries({ ...CONTROL_MESSAGES, 'catalog with real signatures': signed });
  return messages.map(([name, value]) => ({
    name,
    value,
    encode: () => encodeControl(value),
    decode: decodeControl,
  }));
}

/** The files, without `.json`, and what each holds. */
export const VECTOR_CASES: Readonly<Record<string, readonly VectorCase[]>> = {
  address: [
    {
      name: 'an address, as ASCII',
      value: channel.publicKey,
      encode: () => textBytes(encodeAddress(channel.publicKey)),
      decode: (bytes) => {
        const result = decodeAddress(new TextDecoder().decode(bytes));
        return result.ok ? result.channelKey : result.why;
      },
    },
  ],
  certificate: [
    {
      name: 'a certificate',
      value: certificate,
      encode: () => signCertificate(certificate, channel.sign).certificate,
      decode: decodeCertificate,
    },
  ],
  catalog: [
    {
      name: 'a catalog',
      value: catalog,
      encode: () => broadcast.catalog(catalog).catalog,
      decode: decodeCatalog,
    },
  ],
  header: [{ name: 'a piece header', value: header, encode: () => headerBytes, decode: decodePieceHeader }],
  frame: [{ name: 'a piece', value: frame, encode: () => encodePieceFrame(frame), decode: decodePieceFrame }],
  control: controlCases(),
};

/** The value as it can stand in JSON. */
export function toPlainJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(toPlainJson);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, toPlainJson(member)]));
}
