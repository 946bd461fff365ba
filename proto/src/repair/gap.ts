/** A piece that is known to exist and is not here. */

import type { LinkId } from '../session/io.js';
import { LATE_SPACING_MS } from './limits.js';

/** The earliest and the latest that a missing piece may have been captured. */
export type CaptureRange = { readonly fromMs: number; readonly toMs: number };

/** Whether two pieces, `earlier` with the lower sequence, are certainly of different chunks. */
export function areApart(earlier: CaptureRange, later: CaptureRange): boolean {
  return later.fromMs - earlier.toMs >= LATE_SPACING_MS;
}

/** All times are on this node's clock. */
export type Gap = {
  readonly sequence: number;
  readonly stripe: number;
  readonly knownAt: number;
  /** Interpolated from the pieces around it. */
  readonly captureMs: number;
  /** What is certain of its capture: that of the pieces around it. */
  readonly captured: CaptureRange;
  /** From then on it is overdue. */
  lateAt: number;
  isLate: boolean;
  /** When a later piece of its stripe came from the same source. */
  passedAt: number | undefined;
  /** When somebody is asked for it, or somebody else. */
  nextAt: number;
  tries: number;
  /** Asked in this round. */
  tried: LinkId[];
  /** Asked and not answered yet. */
  asked: LinkId | undefined;
};

/** The capture time of a piece between two others, in proportion to the sequence numbers. */
export function interpolateCapture(
  sequence: number,
  below: { readonly sequence: number; readonly captureMs: number },
  above: { readonly sequence: number; readonly captureMs: number },
): number {
  const share = (sequence - below.sequence) / (above.sequence - below.sequence);
  return below.captureMs + share * (above.captureMs - below.captureMs);
}
