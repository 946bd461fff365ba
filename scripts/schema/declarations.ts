/** Turns what protobufjs-cli prints into declarations and code that a strict ES module project can compile. */

const BANNER = '// Generated from proto/schema by scripts/gen-proto.mjs. Do not edit.\n';

/** Makes a schema's compiled codec stable: a banner instead of a tool's header, one newline at the end. */
export const finishCode = (code: string): string => {
  const withoutLintHeader = code.replace(/^\/\*\s*eslint-disable[^\n]*\*\/\s*\n/, '');
  return `${BANNER}${withoutLintHeader.trimEnd()}\n`;
};

/**
 * Rewrites the declarations of a codec: the CommonJS import of `long` goes, since no field is a 64-bit integer, and
 * the runtime is the minimal one the code imports. Throws when a `Long` is left, which only such a field can cause.
 */
export const finishDeclarations = (declarations: string): string => {
  const text = declarations
    .replace(/^import Long = require\("long"\);\n/m, '')
    .replace(
      /^import \* as \$protobuf from "protobufjs";$/m,
      'import type * as $protobuf from "protobufjs/minimal.js";',
    )
    .trimEnd();
  if (/\bLong\b/.test(text) || /\brequire\(/.test(text)) {
    throw new Error(
      'The generated declarations still name Long or require(): is there a 64-bit integer field?',
    );
  }
  return `${BANNER}${text}\n`;
};

/** A schema line that uses a type the codecs do not support. */
export type WideField = {
  /** 1 is the first line. */
  readonly line: number;
  /** The 64-bit type, as written. */
  readonly type: string;
};

/** Every 64-bit integer type a schema uses outside comments; the codecs carry numbers up to 2^53 as `double`. */
export const findWideFields = (schema: string): WideField[] => {
  const found: WideField[] = [];
  const withoutBlocks = schema.replace(/\/\*[\s\S]*?\*\//g, (block) => block.replace(/[^\n]/g, ' '));
  for (const [index, line] of withoutBlocks.split('\n').entries()) {
    for (const match of line.replace(/\/\/.*/, '').matchAll(/\b(?:[us]?int64|s?fixed64)\b/g)) {
      found.push({ line: index + 1, type: match[0] });
    }
  }
  return found;
};
