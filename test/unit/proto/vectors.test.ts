import { readdirSync, readFileSync } from 'node:fs';
import { toHex } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { toPlainJson, VECTOR_CASES, type Vector } from '../../vectors/cases.js';

const folder = new URL('../../vectors/', import.meta.url);
const vectorsOf = (file: string): Vector[] =>
  JSON.parse(readFileSync(new URL(`${file}.json`, folder), 'utf8'));

describe('the wire is as the vectors say', () => {
  for (const [file, cases] of Object.entries(VECTOR_CASES))
    for (const [index, { name, value, encode, decode }] of cases.entries()) {
      it(`${file}: ${name} is encoded to these bytes`, () => {
        const vector = vectorsOf(file)[index];
        expect(vector).toMatchObject({ name, value: toPlainJson(value) });
        expect(toHex(encode())).toBe(vector?.hex);
      });

      it(`${file}: ${name} is decoded from these bytes`, () => {
        const bytes = Uint8Array.from(Buffer.from(vectorsOf(file)[index]?.hex ?? '', 'hex'));
        expect(toPlainJson(decode(bytes))).toEqual(vectorsOf(file)[index]?.value);
      });
    }

  it('and every file is compared', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(files.sort()).toEqual(
      Object.keys(VECTOR_CASES)
        .map((name) => `${name}.json`)
        .sort(),
    );
    for (const [file, cases] of Object.entries(VECTOR_CASES))
      expect(vectorsOf(file)).toHaveLength(cases.length);
  });
});
