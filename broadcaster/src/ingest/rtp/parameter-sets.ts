/** The parameter sets of a stream, and when they changed. */

import { Cmaf, equalBytes } from '@freshet/proto';
import { NAL, nalType } from './h264-payload.js';
import { PARAMETER_SET_BYTES_MAX, PICTURE_PARAMETER_SETS_MAX } from './limits.js';

/** What a decoder needs before the first key frame. NAL units without start codes or lengths. */
export type ParameterSets = {
  readonly sps: Uint8Array;
  /** By ascending id; at least one. */
  readonly pps: readonly Uint8Array[];
};

/** Parameter sets and the size they announce. */
export type VideoFormat = {
  readonly parameterSets: ParameterSets;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
};

/** Keeps the newest sets; copies them only when they differ. */
export class ParameterSetKeeper {
  #sps: Uint8Array | undefined;
  readonly #pps = new Map<number, Uint8Array>();
  #hasChanged = false;

  /** Takes a NAL unit; false when it is none of these. One that is too long is ignored. */
  handleUnit(unit: Uint8Array): boolean {
    const type = nalType(unit[0]);
    if (type !== NAL.sps && type !== NAL.pps) return false;
    if (unit.length < 2 || unit.length > PARAMETER_SET_BYTES_MAX) return true;
    if (type === NAL.sps) this.#handleSps(unit);
    else this.#handlePps(unit);
    return true;
  }

  /** The format when it changed since the last call; `undefined` when it did not or is not known yet. */
  takeChange(): VideoFormat | undefined {
    if (!this.#hasChanged || this.#sps === undefined || this.#pps.size === 0) return undefined;
    const picture = Cmaf.parseSps(this.#sps, 0, this.#sps.length);
    if (picture === undefined) return undefined;
    this.#hasChanged = false;
    const pps = [...this.#pps].sort(([a], [b]) => a - b).map(([, unit]) => unit);
    return { parameterSets: { sps: this.#sps, pps }, width: picture.width, height: picture.height };
  }

  /** Whether a key frame can be decoded. */
  get isComplete(): boolean {
    return this.#sps !== undefined && this.#pps.size > 0;
  }

  #handleSps(unit: Uint8Array): void {
    if (this.#sps !== undefined && equalBytes(this.#sps, unit)) return;
    if (Cmaf.parseSps(unit, 0, unit.length) === undefined) return;
    this.#sps = unit.slice();
    // The picture parameter sets that belong to it follow; older ones may not fit it.
    this.#pps.clear();
    this.#hasChanged = true;
  }

  #handlePps(unit: Uint8Array): void {
    const id = leadingUnsigned(unit[1] ?? 0);
    if (id >= PICTURE_PARAMETER_SETS_MAX) return;
    const known = this.#pps.get(id);
    if (known !== undefined && equalBytes(known, unit)) return;
    this.#pps.set(id, unit.slice());
    this.#hasChanged = true;
  }
}

/** The Exp-Golomb number that a byte begins with, as far as it fits: 0 to 14, more reads as 15. */
function leadingUnsigned(byte: number): number {
  const zeros = Math.clz32(byte) - 24;
  return zeros > 3 ? 15 : (byte >> (7 - 2 * zeros)) - 1;
}
