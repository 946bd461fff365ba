/** Names, sizes and places: file names, folder depth, lines per file and per function. */

import ts from 'typescript';
import { type Finding, isTestFile, lineOf, type Rule, type SourceFile, walk } from './source-file.js';

/** A file above this is split; generated code is exempt. */
export const FILE_LINES_MAX = 600;

/** A function above this, from its first line to its closing brace, is split. */
export const FUNCTION_LINES_MAX = 70;

/** Folders between a package's `src` and a file. */
export const FOLDER_DEPTH_MAX = 3;

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
const VAGUE = /^(?:utils?|helpers?|misc|common|shared|stuff)$/;
const CODE = /\.(?:[mc]?ts|[mc]?js|css|html|proto|sh)$/;

const checkName = (path: string, report: (rule: string, message: string) => void): void => {
  const parts = path.split('/');
  for (const part of parts) {
    const stem = part.split('.')[0] ?? part;
    if (VAGUE.test(stem)) report('vague-name', `${part}: name the one concept that is inside`);
    if (!part.startsWith('.') && !KEBAB.test(part)) report('file-name', `${part}: use kebab-case`);
  }
  const [, folder, ...below] = parts;
  if (folder === 'src' && below.length - 1 > FOLDER_DEPTH_MAX) {
    report('folder-depth', `${below.length - 1} folders below src: at most ${FOLDER_DEPTH_MAX}, move it up`);
  }
};

/** File and folder names, folder depth and file length of code; documents and data may be called as they like. */
export const findBadShape: Rule = ({ path, text, isGenerated }) => {
  const findings: Finding[] = [];
  if (!CODE.test(path) || isGenerated) return findings;
  checkName(path, (rule, message) => findings.push({ path, line: 1, rule, message }));
  const lines = text.replace(/\n$/, '').split('\n').length;
  if (lines > FILE_LINES_MAX) {
    const message = `${lines} lines: at most ${FILE_LINES_MAX}, split it by concept`;
    findings.push({ path, line: FILE_LINES_MAX + 1, rule: 'file-length', message });
  }
  return findings;
};

const TEST_REGISTRARS = /^(?:describe\w*|suite|it|test|bench)$/;

const isRegistrarCall = (statement: ts.Statement): boolean => {
  if (!ts.isExpressionStatement(statement)) return false;
  let callee: ts.Expression = statement.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) callee = callee.expression;
  return ts.isIdentifier(callee) && TEST_REGISTRARS.test(callee.text);
};

/** A `describe` body is a table of contents: its tests are measured, it is not. */
const registersTests = (file: SourceFile, body: ts.Node): boolean =>
  isTestFile(file.path) && ts.isBlock(body) && body.statements.some(isRegistrarCall);

const functionName = (node: ts.FunctionLikeDeclaration): string => {
  if (node.name !== undefined) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const parent = node.parent;
  const isNamed = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent);
  return isNamed ? parent.name.getText() : 'function';
};

/** Functions longer than {@link FUNCTION_LINES_MAX}. */
export const findLongFunctions: Rule = (file) => {
  const { tree, path } = file;
  if (tree === undefined) return [];
  const findings: Finding[] = [];
  walk(tree, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
    if (registersTests(file, node.body)) return;
    const line = lineOf(tree, node);
    const lines = tree.getLineAndCharacterOfPosition(node.end).line + 2 - line;
    if (lines <= FUNCTION_LINES_MAX) return;
    const message = `${functionName(node)} has ${lines} lines: at most ${FUNCTION_LINES_MAX}, extract a step`;
    findings.push({ path, line, rule: 'function-length', message });
  });
  return findings;
};
