/** H.264 NAL units with the headers of real ones: parameter sets that can be read, slices full of numbers. */

class BitWriter {
  readonly #bits: number[] = [];

  bits(count: number, value: number): this {
    for (let i = count - 1; i >= 0; i--) this.#bits.push((value >> i) & 1);
    return this;
  }

  unsigned(value: number): this {
    const length = 31 - Math.clz32(value + 1);
    return this.bits(length, 0).bits(length + 1, value + 1);
  }

  /** With the stop bit. */
  bytes(): number[] {
    const bits = [...this.#bits, 1];
    while (bits.length % 8 !== 0) bits.push(0);
    const bytes: number[] = [];
    for (let i = 0; i < bits.length; i += 8) bytes.push(Number.parseInt(bits.slice(i, i + 8).join(''), 2));
    return bytes;
  }
}

/** A baseline sequence parameter set for a picture of whole macroblocks. */
export function spsUnit(width: number, height: number): Uint8Array {
  const bits = new BitWriter().bits(8, 66).bits(8, 0xc0).bits(8, 31);
  bits.unsigned(0).unsigned(0).unsigned(2).unsigned(1).bits(1, 0);
  bits.unsigned(width / 16 - 1).unsigned(height / 16 - 1);
  bits.bits(1, 1).bits(1, 1).bits(1, 0).bits(1, 0);
  return Uint8Array.from([0x67, ...bits.bytes()]);
}

/** A picture parameter set with this id. */
export const ppsUnit = (id = 0): Uint8Array =>
  Uint8Array.from([0x68, ...new BitWriter().unsigned(id).unsigned(0).bits(2, 0).bytes()]);

/** A slice of `size` bytes that carries the number of its frame. */
export function sliceUnit(frame: number, options: { isKeyframe: boolean; size: number }): Uint8Array {
  const unit = new Uint8Array(options.size);
  for (let i = 6; i < unit.length; i++) unit[i] = (i + frame) | 1;
  unit[0] = options.isKeyframe ? 0x65 : 0x41;
  // `first_mb_in_slice` is 0.
  unit[1] = 0x80;
  new DataView(unit.buffer).setUint32(2, frame);
  return unit;
}

/** NAL units behind their lengths, as the receiver gives them. */
export function withLengths(units: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(units.reduce((sum, unit) => sum + 4 + unit.length, 0));
  let at = 0;
  for (const unit of units) {
    new DataView(bytes.buffer).setUint32(at, unit.length);
    bytes.set(unit, at + 4);
    at += 4 + unit.length;
  }
  return bytes;
}

/** Payloads of at most `sizeMax` bytes: parameter sets in one aggregate, larger units in fragments (RFC 6184). */
export function packetise(units: readonly Uint8Array[], sizeMax = 1100): Uint8Array[] {
  const isParameterSet = (unit: Uint8Array): boolean => [7, 8].includes((unit[0] ?? 0) & 31);
  const sets = units.filter(isParameterSet);
  const payloads = sets.length === 0 ? [] : [aggregate(sets)];
  for (const unit of units) {
    if (isParameterSet(unit)) continue;
    if (unit.length <= sizeMax) payloads.push(unit);
    else payloads.push(...fragments(unit, sizeMax));
  }
  return payloads;
}

/** One aggregation packet (STAP-A). */
export function aggregate(units: readonly Uint8Array[]): Uint8Array {
  const parts = [0x78];
  for (const unit of units) parts.push(unit.length >> 8, unit.length & 0xff, ...unit);
  return Uint8Array.from(parts);
}

/** The fragments (FU-A) of one unit. */
export function fragments(unit: Uint8Array, sizeMax: number): Uint8Array[] {
  const header = unit[0] ?? 0;
  const payloads: Uint8Array[] = [];
  for (let at = 1; at < unit.length; at += sizeMax) {
    const part = unit.subarray(at, at + sizeMax);
    const isEnd = at + sizeMax >= unit.length;
    const second = (at === 1 ? 0x80 : 0) | (isEnd ? 0x40 : 0) | (header & 31);
    payloads.push(Uint8Array.from([(header & 0xe0) | 28, second, ...part]));
  }
  return payloads;
}
