/** DTLS 1.2 records (RFC 6347 §4.1) and their protection by AES-128-GCM (RFC 5288). */

import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Bytes of a record's header. */
export const RECORD_HEADER_BYTES = 13;

/** Kinds of record. */
export const RecordKind = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;

const CIPHER = 'aes-128-gcm';
const VERSION = 0xfefd;
const EXPLICIT_NONCE_BYTES = 8;
const IMPLICIT_NONCE_BYTES = 4;
const TAG_BYTES = 16;

/** Records looked at in one datagram; the rest is ignored: a flight of a handshake has six. */
const RECORDS_MAX = 16;

/** A record, as views into the datagram. */
export type DtlsRecord = {
  readonly kind: number;
  readonly epoch: number;
  /** With its header. */
  readonly bytes: Buffer;
};

/** Splits a datagram; stops at the first wrong length. */
export function decodeRecords(datagram: Buffer): readonly DtlsRecord[] {
  const records: DtlsRecord[] = [];
  let at = 0;
  while (at + RECORD_HEADER_BYTES <= datagram.length && records.length < RECORDS_MAX) {
    const end = at + RECORD_HEADER_BYTES + datagram.readUInt16BE(at + 11);
    if (end > datagram.length) break;
    const bytes = datagram.subarray(at, end);
    records.push({ kind: bytes.readUInt8(0), epoch: bytes.readUInt16BE(3), bytes });
    at = end;
  }
  return records;
}

/** Key and implicit nonce of one direction. */
export type RecordKey = { readonly key: Buffer; readonly nonce: Buffer };

/**
 * Protects and opens the records of the epoch that follows the handshake. One that comes twice is opened twice: SCTP
 * tells by its own numbers.
 */
export class RecordCipher {
  readonly #write: RecordKey;
  readonly #read: RecordKey;
  /** 2^48 records are more than any link sends: at 1 Gbit/s they last for 70 years. */
  #sequence = 0;

  constructor(write: RecordKey, read: RecordKey) {
    this.#write = write;
    this.#read = read;
  }

  /** Numbers up to this have been used for the epoch already. */
  skipTo(sequence: number): void {
    this.#sequence = Math.max(this.#sequence, sequence);
  }

  /** A record with this content. */
  seal(kind: number, content: Uint8Array): Buffer {
    this.#sequence += 1;
    const record = Buffer.allocUnsafe(
      RECORD_HEADER_BYTES + EXPLICIT_NONCE_BYTES + content.length + TAG_BYTES,
    );
    record.writeUInt8(kind, 0);
    record.writeUInt16BE(VERSION, 1);
    record.writeUInt16BE(1, 3);
    record.writeUIntBE(this.#sequence, 5, 6);
    record.writeUInt16BE(record.length - RECORD_HEADER_BYTES, 11);
    record.copy(record, RECORD_HEADER_BYTES, 3, 11);
    const nonce = nonceOf(this.#write, record);
    const cipher = createCipheriv(CIPHER, this.#write.key, nonce);
    cipher.setAAD(additionalDataOf(record, content.length));
    const start = RECORD_HEADER_BYTES + EXPLICIT_NONCE_BYTES;
    record.set(cipher.update(content), start);
    cipher.final();
    record.set(cipher.getAuthTag(), start + content.length);
    return record;
  }

  /** The content of a record; `undefined` when it is not from the other end. */
  open(record: Buffer): Buffer | undefined {
    const length = record.length - RECORD_HEADER_BYTES - EXPLICIT_NONCE_BYTES - TAG_BYTES;
    if (length < 0) return undefined;
    const start = RECORD_HEADER_BYTES + EXPLICIT_NONCE_BYTES;
    const decipher = createDecipheriv(CIPHER, this.#read.key, nonceOf(this.#read, record));
    decipher.setAAD(additionalDataOf(record, length));
    decipher.setAuthTag(record.subarray(start + length));
    const content = decipher.update(record.subarray(start, start + length));
    try {
      decipher.final();
    } catch {
      // Forged, or damaged on the way: the caller drops it.
      return undefined;
    }
    return content;
  }
}

/** Filled anew for each record, and copied by the cipher before it returns. */
const nonceBytes: Buffer = Buffer.alloc(IMPLICIT_NONCE_BYTES + EXPLICIT_NONCE_BYTES);
const additionalBytes: Buffer = Buffer.alloc(RECORD_HEADER_BYTES);

function nonceOf({ nonce }: RecordKey, record: Buffer): Buffer {
  const bytes = nonceBytes;
  nonce.copy(bytes, 0, 0, IMPLICIT_NONCE_BYTES);
  record.copy(bytes, IMPLICIT_NONCE_BYTES, RECORD_HEADER_BYTES, RECORD_HEADER_BYTES + EXPLICIT_NONCE_BYTES);
  return bytes;
}

/** Epoch and number, kind, version, length of the content (RFC 5246 §6.2.3.3). */
function additionalDataOf(record: Buffer, contentBytes: number): Buffer {
  const bytes = additionalBytes;
  record.copy(bytes, 0, 3, 11);
  record.copy(bytes, 8, 0, 3);
  bytes.writeUInt16BE(contentBytes, 11);
  return bytes;
}
