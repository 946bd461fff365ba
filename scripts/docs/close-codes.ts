/** Compares the close codes of the code with the table that PROTOCOL.md promises to other implementations. */

import ts from 'typescript';

/** Close codes by name. */
export type CloseCodes = ReadonlyMap<string, number>;

const unwrap = (expression: ts.Expression): ts.Expression => {
  let inner = expression;
  while (ts.isAsExpression(inner) || ts.isSatisfiesExpression(inner) || ts.isParenthesizedExpression(inner)) {
    inner = inner.expression;
  }
  return inner;
};

const readObject = (object: ts.ObjectLiteralExpression): CloseCodes => {
  const codes = new Map<string, number>();
  for (const property of object.properties) {
    if (!ts.isPropertyAssignment(property)) continue;
    const name = ts.isStringLiteral(property.name) ? property.name.text : property.name.getText();
    codes.set(name, Number(property.initializer.getText().replaceAll('_', '')));
  }
  return codes;
};

/** The entries of `export const CloseCode = { name: number, … } as const`, or `undefined` when there is none. */
export const readCodeTable = (text: string): CloseCodes | undefined => {
  const tree = ts.createSourceFile('close-code.ts', text, ts.ScriptTarget.Latest, true);
  for (const statement of tree.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (name.getText() !== 'CloseCode' || initializer === undefined) continue;
      const object = unwrap(initializer);
      if (ts.isObjectLiteralExpression(object)) return readObject(object);
    }
  }
  return undefined;
};

/** One row `| 4400 | name | meaning |` of PROTOCOL.md. */
export type CloseCodeRow = {
  /** 1 is the first line. */
  readonly line: number;
  readonly code: number;
  readonly name: string;
  /** Empty when the row says nothing. */
  readonly meaning: string;
};

/** Every table row whose first cell is a number from 4000 to 4999, backticks apart. */
export const readDocumentTable = (markdown: string): CloseCodeRow[] => {
  const rows: CloseCodeRow[] = [];
  for (const [index, text] of markdown.split('\n').entries()) {
    if (!text.trimStart().startsWith('|')) continue;
    const cells = text.split('|').map((cell) => cell.trim().replaceAll('`', ''));
    const [, code = '', name = '', meaning = ''] = cells;
    if (/^4\d{3}$/.test(code)) rows.push({ line: index + 1, code: Number(code), name, meaning });
  }
  return rows;
};

/** What differs between code and document, one sentence each; empty when they agree. */
export const compareCloseCodes = (codes: CloseCodes, rows: readonly CloseCodeRow[]): string[] => {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { line, code, name, meaning } of rows) {
    const inCode = codes.get(name);
    if (inCode === undefined) problems.push(`PROTOCOL.md:${line} ${code} ${name}: not in CloseCode`);
    else if (inCode !== code) {
      problems.push(`PROTOCOL.md:${line} ${name}: the document says ${code}, CloseCode says ${inCode}`);
    }
    if (seen.has(name)) problems.push(`PROTOCOL.md:${line} ${name}: listed twice`);
    if (meaning === '') problems.push(`PROTOCOL.md:${line} ${name}: no meaning given`);
    seen.add(name);
  }
  for (const [name, code] of codes) {
    if (!seen.has(name)) problems.push(`proto/src/wire/close-code.ts ${name} (${code}): not in PROTOCOL.md`);
  }
  if (new Set(codes.values()).size !== codes.size) {
    problems.push('proto/src/wire/close-code.ts: two names share a number');
  }
  return problems;
};
