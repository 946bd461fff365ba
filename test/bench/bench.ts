/** What every bench is, and the arithmetic they share. */

/** What the command line may say. */
export type BenchOptions = {
  /** Sizes of audience to measure at. */
  readonly viewers: readonly number[] | undefined;
  /** Length of the measurement. */
  readonly seconds: number | undefined;
  /** Takes a line of progress. */
  readonly note: (line: string) => void;
};

/** One measurement. */
export type Bench = {
  readonly about: string;
  /** Measures and returns one or several results, each a flat JSON object. */
  readonly run: (options: BenchOptions) => Promise<readonly object[]>;
};

/** The value below which the share `q` of the values lies, by nearest rank; 0 for none. */
export function percentile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? 0;
}

/** Rounds to `digits` places after the point. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
