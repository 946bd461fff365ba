/**
 * The records that a window's files are made of. Pure.
 *
 * A file is nothing but records, one after the other, so it is its own index: an interrupted write leaves a tail that
 * does not check, and everything before it stays good.
 *
 * | bytes | what |
 * |---|---|
 * | 0-3 | `FRW1` |
 * | 4-7 | length of the description, high byte first |
 * | 8-11 | length of the body |
 * | 12-15 | CRC-32 of the body |
 * | 16-19 | CRC-32 of bytes 0-15 and the description |
 * | 20- | description (JSON), body |
 */

import { crc32 } from 'node:zlib';
import type { Rendition } from '@freshet/proto';
import type { RenditionRun, SegmentInfo } from '../hls/index.js';
import { BODY_BYTES_MAX, META_BYTES_MAX } from './limits.js';

/** Bytes before the description. */
export const HEAD_BYTES = 20;

const MAGIC = 0x4652_5731;

/** What the first bytes of a record say. */
export type RecordHead = {
  readonly metaBytes: number;
  readonly bodyBytes: number;
  readonly bodyCrc: number;
};

/** A record's description. The body of a `run` is its initialisation segment, that of a `segment` its media. */
export type RecordMeta =
  | { readonly kind: 'segment'; readonly info: SegmentInfo }
  | { readonly kind: 'run'; readonly epoch: number; readonly rendition: Omit<Rendition, 'initSegment'> };

/** The record's bytes; `undefined` when it is over a limit. */
export function encodeRecord(meta: RecordMeta, body: Uint8Array): Buffer | undefined {
  const text = Buffer.from(JSON.stringify(meta));
  if (text.length > META_BYTES_MAX || body.length > BODY_BYTES_MAX) return undefined;
  const record = Buffer.alloc(HEAD_BYTES + text.length + body.length);
  record.writeUInt32BE(MAGIC, 0);
  record.writeUInt32BE(text.length, 4);
  record.writeUInt32BE(body.length, 8);
  record.writeUInt32BE(crc32(body), 12);
  text.copy(record, HEAD_BYTES);
  record.writeUInt32BE(crc32(text, crc32(record.subarray(0, 16))), 16);
  record.set(body, HEAD_BYTES + text.length);
  return record;
}

/** Reads the first {@link HEAD_BYTES}; `undefined` when they do not begin a record. */
export function decodeHead(bytes: Buffer): RecordHead | undefined {
  if (bytes.length < HEAD_BYTES || bytes.readUInt32BE(0) !== MAGIC) return undefined;
  const head = {
    metaBytes: bytes.readUInt32BE(4),
    bodyBytes: bytes.readUInt32BE(8),
    bodyCrc: bytes.readUInt32BE(12),
  };
  return head.metaBytes <= META_BYTES_MAX && head.bodyBytes <= BODY_BYTES_MAX ? head : undefined;
}

/** Reads the description, given the record's bytes up to its end; `undefined` when it does not check. */
export function decodeMeta(bytes: Buffer): RecordMeta | undefined {
  const text = bytes.subarray(HEAD_BYTES);
  if (crc32(text, crc32(bytes.subarray(0, 16))) !== bytes.readUInt32BE(16)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text.toString());
  } catch {
    // Checked, yet not JSON: written by something else.
    return undefined;
  }
  return metaFrom(value);
}

/** Whether the body is what was written. */
export function checkBody(body: Uint8Array, bodyCrc: number): boolean {
  return crc32(body) === bodyCrc;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

function metaFrom(value: unknown): RecordMeta | undefined {
  const fields = fieldsOf(value);
  if (fields.kind === 'segment') {
    const info = infoFrom(fieldsOf(fields.info));
    return info && { kind: 'segment', info };
  }
  if (fields.kind !== 'run') return undefined;
  const epoch = count(fields.epoch);
  const rendition = renditionFrom(fieldsOf(fields.rendition));
  return epoch === undefined || !rendition ? undefined : { kind: 'run', epoch, rendition };
}

function infoFrom(fields: Fields): SegmentInfo | undefined {
  const renditionId = count(fields.renditionId);
  const sequence = count(fields.sequence);
  const epoch = count(fields.epoch);
  const captureMs = count(fields.captureMs);
  const durationUs = count(fields.durationUs);
  const discontinuityCount = count(fields.discontinuityCount);
  const byteCount = count(fields.byteCount);
  const { isDiscontinuity, isIndependent } = fields;
  if (renditionId === undefined || sequence === undefined || epoch === undefined) return undefined;
  if (captureMs === undefined || durationUs === undefined || byteCount === undefined) return undefined;
  if (discontinuityCount === undefined) return undefined;
  if (typeof isDiscontinuity !== 'boolean' || typeof isIndependent !== 'boolean') return undefined;
  const numbers = { renditionId, sequence, epoch, captureMs, durationUs, discontinuityCount, byteCount };
  return { ...numbers, isDiscontinuity, isIndependent };
}

function renditionFrom(fields: Fields): Omit<Rendition, 'initSegment'> | undefined {
  const { name, mimeType } = fields;
  const id = count(fields.id);
  const width = count(fields.width);
  const height = count(fields.height);
  const frameRateMilli = count(fields.frameRateMilli);
  const bitrate = count(fields.bitrate);
  if (typeof name !== 'string' || typeof mimeType !== 'string' || id === undefined) return undefined;
  if (width === undefined || height === undefined) return undefined;
  if (frameRateMilli === undefined || bitrate === undefined) return undefined;
  return { id, name, mimeType, width, height, frameRateMilli, bitrate };
}

/** The record of a rendition in an epoch. */
export function encodeRun({ epoch, rendition }: RenditionRun): Buffer | undefined {
  const { initSegment, ...described } = rendition;
  return encodeRecord({ kind: 'run', epoch, rendition: described }, initSegment);
}
