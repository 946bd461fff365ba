/**
 * A clock for machines: two rows of black and white cells along the top of the picture.
 *
 * The test picture draws it and the latency benchmark reads it back from a playing page's pixels, so this file uses
 * neither Node nor DOM types. Each row is a 4-cell start marker, 32 data cells and a 4-cell end marker; the 64 data
 * cells are 48 bits of Unix milliseconds, 8 bits of version and 8 bits of CRC, most significant first. A cell is a
 * fortieth of the picture's width, in both directions; reading averages the inner half of each cell, which survives
 * H.264 at low bit rates, chroma subsampling and scaling.
 */

/** Cells in a row; the side of a cell is the picture's width divided by this. */
export const CLOCK_STRIP_COLUMNS = 40;

/** Rows of cells, from the top edge down. */
export const CLOCK_STRIP_ROWS = 2;

const START_MARKERS = [
  [1, 0, 1, 0],
  [0, 1, 1, 0],
];
const END_MARKERS = [
  [0, 1, 0, 1],
  [1, 0, 0, 1],
];
const MARKER_CELLS = 4;
const ROW_DATA_CELLS = CLOCK_STRIP_COLUMNS - 2 * MARKER_CELLS;
const VERSION = 0x5a;
const TIME_BYTES = 6;

/** Smallest distance between the average white and the average black cell for a strip to count as there. */
const CONTRAST_MIN = 48;

/** The strip's cells for `unixMs` (whole milliseconds below 2^48), row by row; true is white. */
export function clockCells(unixMs: number): boolean[] {
  const bytes = [];
  let rest = Math.floor(unixMs);
  for (let index = 0; index < TIME_BYTES; index++) {
    bytes.unshift(rest % 256);
    rest = Math.floor(rest / 256);
  }
  bytes.push(VERSION);
  bytes.push(crc8(bytes));
  const data = bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (byte >> bit) & 1));
  const cells: boolean[] = [];
  for (let row = 0; row < CLOCK_STRIP_ROWS; row++) {
    const rowData = data.slice(row * ROW_DATA_CELLS, (row + 1) * ROW_DATA_CELLS);
    for (const cell of [...(START_MARKERS[row] ?? []), ...rowData, ...(END_MARKERS[row] ?? [])]) {
      cells.push(cell === 1);
    }
  }
  return cells;
}

/** Pixel bounds of a cell in a picture `width` pixels wide: `left` and `top` inclusive, `right` and `bottom` not. */
export function clockCellBounds(
  width: number,
  column: number,
  row: number,
): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } {
  const side = width / CLOCK_STRIP_COLUMNS;
  return {
    left: Math.round(column * side),
    top: Math.round(row * side),
    right: Math.round((column + 1) * side),
    bottom: Math.round((row + 1) * side),
  };
}

/**
 * Unix milliseconds that the strip in a picture shows.
 *
 * `pixels` is RGBA (four bytes per pixel, as a canvas gives them) or begins with a luma plane (one byte per pixel).
 * `undefined` when there is no strip, or its checksum does not hold.
 */
export function readClock(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
): number | undefined {
  const pixelBytes = pixels.length >= width * height * 4 ? 4 : 1;
  if (width < CLOCK_STRIP_COLUMNS * 2 || pixels.length < width * height) return undefined;
  const levels: number[] = [];
  for (let row = 0; row < CLOCK_STRIP_ROWS; row++) {
    for (let column = 0; column < CLOCK_STRIP_COLUMNS; column++) {
      const bounds = clockCellBounds(width, column, row);
      if (bounds.bottom > height) return undefined;
      levels.push(cellLevel(pixels, width, pixelBytes, bounds));
    }
  }
  const threshold = markerThreshold(levels);
  if (threshold === undefined) return undefined;
  return decodeCells(levels.map((level) => (level > threshold ? 1 : 0)));
}

function cellLevel(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  pixelBytes: number,
  bounds: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
): number {
  const marginX = Math.floor((bounds.right - bounds.left) / 4);
  const marginY = Math.floor((bounds.bottom - bounds.top) / 4);
  // Green carries most of the luma, and is as good for black and white.
  const channel = pixelBytes === 4 ? 1 : 0;
  let sum = 0;
  let count = 0;
  for (let y = bounds.top + marginY; y < bounds.bottom - marginY; y++) {
    for (let x = bounds.left + marginX; x < bounds.right - marginX; x++) {
      sum += pixels[(y * width + x) * pixelBytes + channel] ?? 0;
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** Half way between the markers' white and black cells, whose values are known. */
function markerThreshold(levels: readonly number[]): number | undefined {
  const sums = { white: 0, black: 0, whites: 0, blacks: 0 };
  for (let row = 0; row < CLOCK_STRIP_ROWS; row++) {
    for (let index = 0; index < MARKER_CELLS; index++) {
      const start = levels[row * CLOCK_STRIP_COLUMNS + index] ?? 0;
      const end = levels[(row + 1) * CLOCK_STRIP_COLUMNS - MARKER_CELLS + index] ?? 0;
      addLevel(sums, start, START_MARKERS[row]?.[index] === 1);
      addLevel(sums, end, END_MARKERS[row]?.[index] === 1);
    }
  }
  const white = sums.white / sums.whites;
  const black = sums.black / sums.blacks;
  return white - black >= CONTRAST_MIN ? (white + black) / 2 : undefined;
}

function addLevel(
  sums: { white: number; black: number; whites: number; blacks: number },
  level: number,
  isWhite: boolean,
): void {
  if (isWhite) {
    sums.white += level;
    sums.whites += 1;
  } else {
    sums.black += level;
    sums.blacks += 1;
  }
}

function decodeCells(cells: readonly number[]): number | undefined {
  const data: number[] = [];
  for (let row = 0; row < CLOCK_STRIP_ROWS; row++) {
    const rowCells = cells.slice(row * CLOCK_STRIP_COLUMNS, (row + 1) * CLOCK_STRIP_COLUMNS);
    const start = rowCells.slice(0, MARKER_CELLS).join();
    const end = rowCells.slice(-MARKER_CELLS).join();
    if (start !== START_MARKERS[row]?.join() || end !== END_MARKERS[row]?.join()) return undefined;
    data.push(...rowCells.slice(MARKER_CELLS, -MARKER_CELLS));
  }
  const bytes: number[] = [];
  for (let index = 0; index < data.length; index += 8) {
    bytes.push(data.slice(index, index + 8).reduce((value, bit) => value * 2 + bit, 0));
  }
  const checksum = bytes.pop();
  if (checksum !== crc8(bytes) || bytes.pop() !== VERSION) return undefined;
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** CRC-8 with polynomial 0x07. */
function crc8(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80) !== 0 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
}
