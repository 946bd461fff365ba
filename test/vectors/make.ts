/** Writes the vectors anew: `npx tsx test/vectors/make.ts`. For when the wire is meant to change. */

import { writeFileSync } from 'node:fs';
import { toHex } from '@freshet/proto';
import { toPlainJson, VECTOR_CASES, type Vector } from './cases.js';

for (const [file, cases] of Object.entries(VECTOR_CASES)) {
  const vectors: Vector[] = cases.map(({ name, value, encode }) => ({
    name,
    value: toPlainJson(value),
    hex: toHex(encode()),
  }));
  writeFileSync(new URL(`${file}.json`, import.meta.url), `${JSON.stringify(vectors, null, 2)}\n`);
}
