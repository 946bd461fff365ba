/** The checksum of SCTP (RFC 9260, appendix A): CRC-32C, eight bytes at a step. */

const POLYNOMIAL = 0x82f6_3b78;

/** Eight tables of 256 entries, one after the other. */
const TABLES: Int32Array = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at += 1) {
    const previous = tables[at - 256] ?? 0;
    tables[at] = (previous >>> 8) ^ (tables[previous & 0xff] ?? 0);
  }
  return tables;
}

/** CRC-32C of the bytes, as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
  const tables = TABLES;
  const { length } = bytes;
  let crc = -1;
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    crc =
      entry(tables, 1792 | ((crc ^ byteAt(bytes, at)) & 0xff)) ^
      entry(tables, 1536 | (((crc >>> 8) ^ byteAt(bytes, at + 1)) & 0xff)) ^
      entry(tables, 1280 | (((crc >>> 16) ^ byteAt(bytes, at + 2)) & 0xff)) ^
      entry(tables, 1024 | ((crc >>> 24) ^ byteAt(bytes, at + 3))) ^
      entry(tables, 768 | byteAt(bytes, at + 4)) ^
      entry(tables, 512 | byteAt(bytes, at + 5)) ^
      entry(tables, 256 | byteAt(bytes, at + 6)) ^
      entry(tables, byteAt(bytes, at + 7));
  }
  for (; at < length; at += 1) crc = (crc >>> 8) ^ entry(tables, (crc ^ byteAt(bytes, at)) & 0xff);
  return (crc ^ -1) >>> 0;
}

/** Small enough to be put in place by the engine. */
function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function entry(tables: Int32Array, at: number): number {
  return tables[at] ?? 0;
}
