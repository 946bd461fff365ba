/** The checksum of SCTP (RFC 9260, appendix A): CRC-32C, eight bytes at a step. */

const POLYNOMIAL = 0x82f6_3b78;

/** Eight tables of 256 entries, one after the other. */
const TABLES: Uint32Array = makeTables();

function makeTables(): Uint32Array {
  const tables = new Uint32Array(8 * 256);
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
export function crc32c(bytes: Buffer): number {
  const tables = TABLES;
  const look = (table: number, index: number): number => tables[table * 256 + (index & 0xff)] ?? 0;
  let crc = 0xffff_ffff;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const low = crc ^ bytes.readInt32LE(at);
    const high = bytes.readInt32LE(at + 4);
    crc =
      look(7, low) ^
      look(6, low >>> 8) ^
      look(5, low >>> 16) ^
      look(4, low >>> 24) ^
      look(3, high) ^
      look(2, high >>> 8) ^
      look(1, high >>> 16) ^
      look(0, high >>> 24);
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ look(0, crc ^ (bytes[at] ?? 0));
  return (crc ^ 0xffff_ffff) >>> 0;
}
