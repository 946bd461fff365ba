/** The frame of every fuzz test: a time box, a seed that repeats it, and the crashers of the past. */

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';

/** Seconds for each property unless `FUZZ_SECONDS` says otherwise. */
const SECONDS_DEFAULT = 1;

/**
 * Checks a property until its time is over. A failure prints the seed and the smallest case; `FUZZ_SEED` repeats a
 * run, `FUZZ_SECONDS` makes it longer.
 */
export function checkForAWhile<Values extends [unknown, ...unknown[]]>(property: fc.IProperty<Values>): void {
  const { FUZZ_SEED, FUZZ_SECONDS } = process.env;
  fc.assert(property, {
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: Number(FUZZ_SECONDS ?? SECONDS_DEFAULT) * 1000,
    markInterruptAsFailure: false,
    ...(FUZZ_SEED === undefined ? {} : { seed: Number(FUZZ_SEED) }),
  });
}

/** Bytes that once broke something, from `corpus/`: one hexadecimal line a file. */
export function readCorpus(): { readonly name: string; readonly bytes: Uint8Array }[] {
  const folder = new URL('corpus/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.hex'));
  return names.map((name) => {
    const hex = readFileSync(new URL(name, folder), 'utf8').trim();
    return { name, bytes: Uint8Array.from(Buffer.from(hex, 'hex')) };
  });
}
