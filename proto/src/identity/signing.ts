/**
 * What exactly is signed. Each kind of statement has its own prefix, so that a signature made for one can never
 * be passed off as another.
 */

import { asciiBytes, concatBytes } from '../bytes.js';

/** What a signature can be made for. */
export type StatementKind = 'certificate' | 'catalog' | 'piece' | 'ticket';

const PREFIX: Readonly<Record<StatementKind, Uint8Array>> = {
  certificate: asciiBytes('freshet certificate v1\n'),
  catalog: asciiBytes('freshet catalog v1\n'),
  piece: asciiBytes('freshet piece v1\n'),
  ticket: asciiBytes('freshet ticket v1\n'),
};

/** The message that Ed25519 signs for a statement: the kind's prefix, then its encoded bytes as they travel. */
export function signedMessage(kind: StatementKind, encoded: Uint8Array): Uint8Array {
  return concatBytes(PREFIX[kind], encoded);
}

/** Makes an Ed25519 signature with one fixed private key. Given by the adapter that holds the key. */
export type SignEffect = (message: Uint8Array) => Uint8Array;

/** SHA-256. Given by the adapter. */
export type DigestEffect = (bytes: Uint8Array) => Uint8Array;
