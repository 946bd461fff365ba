import { describe, expect, it } from 'vitest';
import { findWideFields, finishCode, finishDeclarations } from '../../../scripts/schema/declarations.js';

describe('generated declarations', () => {
  const printed = [
    'import * as $protobuf from "protobufjs";',
    'import Long = require("long");',
    '/** Namespace freshet. */',
    'export namespace freshet {}',
    '',
    '',
  ].join('\n');

  it('need neither CommonJS nor the package long, and end with one newline', () => {
    const text = finishDeclarations(printed);
    expect(text).toContain('import type * as $protobuf from "protobufjs/minimal.js";');
    expect(text).not.toMatch(/Long|require/);
    expect(text.endsWith('export namespace freshet {}\n')).toBe(true);
  });

  it('are refused when a field needs a 64-bit integer', () => {
    expect(() => finishDeclarations(`${printed}let epoch: (number|Long);`)).toThrow('64-bit');
  });

  it('say where they come from', () => {
    expect(finishDeclarations(printed)).toMatch(/^\/\/ Generated from proto\/schema/);
    expect(finishCode('/*eslint-disable no-var*/\nimport x;')).toMatch(/^\/\/ Generated.*\nimport x;\n$/);
  });
});

describe('a schema', () => {
  it.each(['uint64', 'int64', 'sint64', 'fixed64', 'sfixed64'])('may not have a field of type %s', (type) => {
    expect(findWideFields(`message A {\n  ${type} epoch = 1;\n}`)).toEqual([{ line: 2, type }]);
  });

  it('may speak of 64-bit types in comments and use double', () => {
    expect(findWideFields('// not uint64\n/* int64\n fixed64 */ double epoch_ms = 1; // int64')).toEqual([]);
  });
});
