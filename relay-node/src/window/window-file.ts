/** One file of a window: written once from its start to its end, read at any place, then deleted whole. */

import { open, rm } from 'node:fs/promises';
import type { SegmentInfo } from '../hls/index.js';
import { checkBody, decodeHead, decodeMeta, HEAD_BYTES, type RecordHead, type RecordMeta } from './record.js';

/** What a window's files ask of the system, so that a test can let it fail. */
export interface SystemFile {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  write(
    from: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>;
  truncate(byteCount: number): Promise<void>;
  stat(): Promise<{ size: number }>;
  close(): Promise<void>;
}

/** Opens a file; `isNew` makes it, and fails when there is one. */
export type OpenFile = (path: string, isNew: boolean) => Promise<SystemFile>;

/** Opens a real file. */
export const openSystemFile: OpenFile = (path, isNew) => open(path, isNew ? 'wx+' : 'r+', 0o600);

/** Where a record's body lies. */
export type BodyPlace = { readonly offset: number; readonly byteCount: number; readonly crc: number };

/** A record found in a file. */
export type FoundRecord = { readonly meta: RecordMeta; readonly body: BodyPlace };

/** One file of a window. */
export class WindowFile {
  readonly number: number;
  readonly path: string;
  readonly #file: SystemFile;
  /** Bytes of good records. */
  byteCount = 0;
  /** Runs (`epoch/rendition`) whose description it holds. */
  readonly runs = new Set<string>();
  /** Segments that it holds. */
  readonly infos: SegmentInfo[] = [];

  constructor(options: { readonly number: number; readonly path: string; readonly file: SystemFile }) {
    this.number = options.number;
    this.path = options.path;
    this.#file = options.file;
  }

  /** Writes whole records at the end. When it rejects, what was written of them is taken back as far as possible. */
  async append(bytes: Uint8Array): Promise<void> {
    let written = 0;
    try {
      while (written < bytes.length) {
        const at = this.byteCount + written;
        const { bytesWritten } = await this.#file.write(bytes, written, bytes.length - written, at);
        written += bytesWritten;
      }
    } catch (cause) {
      // What stays is overwritten by the next record, or cut off when the window is opened again.
      await this.#file.truncate(this.byteCount).catch(() => undefined);
      throw cause;
    }
    this.byteCount += bytes.length;
  }

  /** A body, `undefined` when it is not what was written. */
  async read({ offset, byteCount, crc }: BodyPlace): Promise<Uint8Array | undefined> {
    const body = await this.#readAt(offset, byteCount);
    return body.length === byteCount && checkBody(body, crc) ? body : undefined;
  }

  /** Reads the records of an earlier run, and cuts off what an interrupted write left behind the last good one. */
  async recover(): Promise<readonly FoundRecord[]> {
    const { size } = await this.#file.stat();
    const found: FoundRecord[] = [];
    for (;;) {
      const head = decodeHead(await this.#readAt(this.byteCount, HEAD_BYTES));
      const record = head && (await this.#readRecord(head, size));
      if (!head || !record) break;
      found.push(record);
      this.byteCount = record.body.offset + head.bodyBytes;
    }
    const last = found.at(-1);
    // Its description may have reached the disk before its body.
    if (last && (await this.read(last.body)) === undefined) {
      found.pop();
      this.byteCount = found.at(-1) ? endOf(found.at(-1)) : 0;
    }
    if (size > this.byteCount) await this.#file.truncate(this.byteCount);
    return found;
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Closes and deletes it; reads under way still end well. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }

  async #readRecord(head: RecordHead, size: number): Promise<FoundRecord | undefined> {
    const offset = this.byteCount + HEAD_BYTES + head.metaBytes;
    if (offset + head.bodyBytes > size) return undefined;
    const meta = decodeMeta(await this.#readAt(this.byteCount, HEAD_BYTES + head.metaBytes));
    return meta && { meta, body: { offset, byteCount: head.bodyBytes, crc: head.bodyCrc } };
  }

  async #readAt(offset: number, byteCount: number): Promise<Buffer> {
    const buffer = Buffer.alloc(byteCount);
    let filled = 0;
    while (filled < byteCount) {
      const { bytesRead } = await this.#file.read(buffer, filled, byteCount - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }
}

const endOf = (record: FoundRecord | undefined): number =>
  record ? record.body.offset + record.body.byteCount : 0;
