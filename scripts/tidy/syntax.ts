/** Constructs that hide errors or fork the style: type escapes, default exports, enums, muted tests, silent catches. */

import ts from 'typescript';
import { type Finding, isTestFile, lineOf, type Rule, walk } from './source-file.js';

type Report = (node: ts.Node, rule: string, message: string) => void;

const TEST_FUNCTIONS: ReadonlySet<string> = new Set(['it', 'test', 'describe', 'suite', 'bench']);
const MUTES: ReadonlyMap<string, string> = new Map([
  ['only', 'run one test with "npx vitest run FILE -t NAME" instead'],
  ['skip', 'fix or delete it; describeIfReal from test/require-real.ts is for missing programs'],
  ['todo', 'write the test or leave it out'],
]);

const reportDefaultExport = (node: ts.Node, report: Report): void => {
  const isAssignment = ts.isExportAssignment(node);
  const isKeyword = node.kind === ts.SyntaxKind.DefaultKeyword;
  const isRenamed = ts.isExportSpecifier(node) && node.name.text === 'default';
  if (isAssignment || isKeyword || isRenamed) {
    report(node, 'default-export', 'default export: export it by name');
  }
};

const reportMutedTest = (node: ts.Node, report: Report): void => {
  if (!ts.isPropertyAccessExpression(node)) return;
  const instead = MUTES.get(node.name.text);
  if (instead === undefined) return;
  let root: ts.Expression = node.expression;
  while (ts.isPropertyAccessExpression(root) || ts.isCallExpression(root)) root = root.expression;
  if (!ts.isIdentifier(root) || !TEST_FUNCTIONS.has(root.text)) return;
  report(node.name, 'muted-test', `${root.text}.${node.name.text}: ${instead}`);
};

const reportSilentCatch = (node: ts.Node, tree: ts.SourceFile, report: Report): void => {
  if (!ts.isCatchClause(node) || node.block.statements.length > 0) return;
  const body = node.block.getText(tree).slice(1, -1);
  if (body.trim() !== '') return;
  report(node, 'empty-catch', 'empty catch: translate the error, or say in a comment why it may be ignored');
};

/** Rules on single constructs, read from the syntax tree, so that strings and comments never trip them. */
export const findBannedSyntax: Rule = ({ tree, path }) => {
  if (tree === undefined) return [];
  const findings: Finding[] = [];
  const report: Report = (node, rule, message) => {
    findings.push({ path, line: lineOf(tree, node), rule, message });
  };
  // Vitest reads its configuration from a default export.
  const isConfig = /\.config\.[mc]?[tj]s$/.test(path);
  walk(tree, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      report(node, 'any', 'any: name the type, or take unknown and narrow it');
    }
    if (ts.isEnumDeclaration(node)) {
      report(node, 'enum', `enum ${node.name.text}: use an "as const" object and a union of its values`);
    }
    if (!isConfig) reportDefaultExport(node, report);
    if (isTestFile(path)) reportMutedTest(node, report);
    reportSilentCatch(node, tree, report);
  });
  return findings;
};

const DIRECTIVE = /(?:\/\/|\/\*|^\s*\*)\s*@ts-(ignore|nocheck|expect-error)\b(.*)$/;
const REASON_CHARS_MIN = 10;

/** Compiler directives: only `expect-error` may be used, and it says why on the same line. */
export const findCompilerDirectives: Rule = ({ tree, path, text }) => {
  if (tree === undefined) return [];
  const findings: Finding[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const match = DIRECTIVE.exec(line);
    if (match === null) continue;
    const reason = (match[2] ?? '').replace(/\*\/|[^\w\s]/g, '').trim();
    if (match[1] === 'expect-error' && reason.length >= REASON_CHARS_MIN) continue;
    const message = `@ts-${match[1]}: fix the type, or use the expect-error directive with the reason behind it`;
    findings.push({ path, line: index + 1, rule: 'compiler-directive', message });
  }
  return findings;
};
