import {
  decodeCatalog,
  decodeCertificate,
  decodeControl,
  decodePiece,
  decodePieceFrame,
  decodePieceHeader,
  decodeSummary,
} from '@freshet/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyMessage, SEED_MESSAGES } from './mutation.js';
import { checkForAWhile, readCorpus } from './run-for.js';

const DECODERS = {
  control: decodeControl,
  piece: decodePiece,
  frame: decodePieceFrame,
  header: decodePieceHeader,
  catalog: decodeCatalog,
  certificate: decodeCertificate,
  summary: decodeSummary,
} as const;

/** Every decoder sees the whole message and what lies inside of its frames. */
function viewsOf(message: Uint8Array): Uint8Array[] {
  return [message, message.subarray(1), message.subarray(3), message.subarray(message.length >> 1)];
}

describe('a decoder', () => {
  for (const [name, decode] of Object.entries(DECODERS)) {
    it(`of a ${name} gives a value or nothing, and never throws`, () => {
      checkForAWhile(
        fc.property(anyMessage, (message) => {
          for (const view of viewsOf(message)) decode(view);
        }),
      );
    }, 60_000);
  }

  it('survives every case that once broke one', () => {
    for (const { bytes } of readCorpus())
      for (const decode of Object.values(DECODERS)) for (const view of viewsOf(bytes)) decode(view);
  });

  it('is fed with messages that do decode', () => {
    const decoded = SEED_MESSAGES.filter((message) => decodeControl(message) ?? decodePiece(message));
    expect(decoded).toHaveLength(SEED_MESSAGES.length);
  });
});
