import { describe, expect, it } from 'vitest';
import { compareCloseCodes, readCodeTable, readDocumentTable } from '../../../scripts/docs/close-codes.js';
import { findMissingDocs } from '../../../scripts/docs/docstrings.js';

const missing = (...lines: string[]): string[] =>
  findMissingDocs('proto/src/a.ts', lines.join('\n')).map(({ line, name }) => `${line} ${name}`);

describe('docstrings', () => {
  it.each([
    ['export const a = 1;', 'a'],
    ['export function b() {}', 'b'],
    ['export class C {}', 'C'],
    ['export type D = 1;', 'D'],
    ['export interface E {}', 'E'],
  ])('are missing on %s', (source, name) => {
    expect(missing('', source)).toEqual([`2 ${name}`]);
    expect(missing('/** What it is for. */', source)).toEqual([]);
  });

  it('are not plain comments, nor empty', () => {
    expect(missing('// Not for the user.', 'export const a = 1;')).toEqual(['2 a']);
    expect(missing('/** */', 'export const a = 1;')).toEqual(['2 a']);
  });

  it('are wanted where a name is declared, not where it is passed on', () => {
    expect(missing("export * from './b.js';", "export { c } from './c.js';", 'const own = 1;')).toEqual([]);
    expect(missing('const a = 1;', 'export { a as b };')).toEqual(['1 a']);
  });

  it('are given once for the overloads of a function, and each for a value and its type', () => {
    const overloads = ['/** F. */', 'export function f(a: 1): 1;', 'export function f(a: 2): 2;'];
    expect(missing(...overloads)).toEqual([]);
    expect(missing('/** T. */', 'export const T = 1;', 'export type T = 1;')).toEqual(['3 T']);
  });
});

describe('close codes', () => {
  const code = [
    'export const CloseCode = {',
    '  /** Done. */',
    '  goingAway: 4000,',
    '  badSignature: 4_401,',
    '} as const;',
  ].join('\n');
  const table = ['| code | name | meaning |', '|---|---|---|', '| 4000 | `goingAway` | Done. |'];
  const compare = (...rows: string[]): string[] =>
    compareCloseCodes(readCodeTable(code) ?? new Map(), readDocumentTable([...table, ...rows].join('\n')));

  it('agree when every name has its number in both', () => {
    expect(compare('| `4401` | badSignature | It does not hold. |')).toEqual([]);
  });

  it('differ when the document lacks, adds, repeats or renumbers one', () => {
    const good = '| 4401 | badSignature | It does not hold. |';
    expect(compare()).toEqual(['proto/src/wire/close-code.ts badSignature (4401): not in PROTOCOL.md']);
    expect(compare(good, '| 4999 | other | New. |')).toEqual(['PROTOCOL.md:5 4999 other: not in CloseCode']);
    expect(compare(good, good)).toEqual(['PROTOCOL.md:5 badSignature: listed twice']);
    expect(compare('| 4402 | badSignature | It does not hold. |')).toEqual([
      'PROTOCOL.md:4 badSignature: the document says 4402, CloseCode says 4401',
    ]);
  });

  it('differ when a row gives no meaning', () => {
    expect(compare('| 4401 | badSignature | |')).toEqual(['PROTOCOL.md:4 badSignature: no meaning given']);
  });

  it('may not share a number', () => {
    const twice = readCodeTable('export const CloseCode = { a: 4000, b: 4000 } as const;') ?? new Map();
    const rows = readDocumentTable('| 4000 | a | A. |\n| 4000 | b | B. |');
    expect(compareCloseCodes(twice, rows)).toEqual([
      'proto/src/wire/close-code.ts: two names share a number',
    ]);
  });

  it('are not found in a file without the table', () => {
    expect(readCodeTable('export const other = {};')).toBeUndefined();
  });
});
