/** The core gets time, randomness and effects from outside, and tests of it never wait for a real clock. */

import ts from 'typescript';
import { type Finding, lineOf, type Rule, type SourceFile, walk } from './source-file.js';

type Ban = { readonly name: string; readonly instead: string };

const CORE_BANS: readonly Ban[] = [
  { name: 'Date', instead: 'take a MonoMs or WallMs as an argument' },
  { name: 'Math.random', instead: 'take a Prng as an argument' },
  { name: 'performance', instead: 'take a MonoMs as an argument' },
  { name: 'setTimeout', instead: 'report the deadline from nextTimeout()' },
  { name: 'setInterval', instead: 'report the deadline from nextTimeout()' },
  { name: 'setImmediate', instead: 'queue an output for pollOutput()' },
  { name: 'queueMicrotask', instead: 'queue an output for pollOutput()' },
  { name: 'Promise', instead: 'ask by an output and be told by an input (verify-request, verified)' },
  { name: 'console', instead: 'emit an event output; adapters log' },
  { name: 'process', instead: 'take the value as an option; adapters read the environment' },
  { name: 'crypto', instead: 'ask by a verify-request output, or take a Prng as an argument' },
];

const PURE_TEST_BANS: readonly Ban[] = [
  { name: 'setTimeout', instead: 'advance the virtual clock, or pass a later MonoMs to handleInput' },
  { name: 'setInterval', instead: 'advance the virtual clock, or pass a later MonoMs to handleInput' },
  { name: 'Math.random', instead: 'draw from a seeded Prng, so that a failure can be repeated' },
];

const isReference = (node: ts.Identifier): boolean => {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  const isNamedByParent =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isGetAccessor(parent) ||
    ts.isEnumMember(parent);
  return !(isNamedByParent && parent.name === node);
};

/** `Date` and `globalThis.Date` are the same clock: the name as the ban table spells it, or `undefined`. */
const nameUsed = (node: ts.Node): string | undefined => {
  if (ts.isIdentifier(node)) return isReference(node) ? node.text : undefined;
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  if (node.expression.text === 'globalThis') return node.name.text;
  return `${node.expression.text}.${node.name.text}`;
};

const findBans = (file: SourceFile, bans: readonly Ban[], rule: string): Finding[] => {
  const { tree, path } = file;
  if (tree === undefined) return [];
  const findings: Finding[] = [];
  walk(tree, (node) => {
    const name = nameUsed(node);
    const ban = bans.find((candidate) => candidate.name === name);
    if (ban === undefined) return;
    findings.push({ path, line: lineOf(tree, node), rule, message: `${ban.name}: ${ban.instead}` });
  });
  return findings;
};

const findAsync = (file: SourceFile): Finding[] => {
  const { tree, path } = file;
  if (tree === undefined) return [];
  const findings: Finding[] = [];
  walk(tree, (node) => {
    const isAsync = node.kind === ts.SyntaxKind.AsyncKeyword;
    const isAwait =
      ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
    if (!isAsync && !isAwait) return;
    const message = `${isAsync ? 'async' : 'await'}: ask by an output and be told by an input; the core is synchronous`;
    findings.push({ path, line: lineOf(tree, node), rule: 'core-purity', message });
  });
  return findings;
};

/** In `proto/src`: no clock, timer, randomness, promise, logger or environment. */
export const findCoreImpurity: Rule = (file) => {
  if (!file.path.startsWith('proto/src/')) return [];
  return [...findBans(file, CORE_BANS, 'core-purity'), ...findAsync(file)];
};

/** In unit tests and the simulator: no sleeping, no randomness without a seed. */
export const findRealTime: Rule = (file) => {
  if (!/^test\/(?:unit|sim)\//.test(file.path)) return [];
  const findings = findBans(file, PURE_TEST_BANS, 'real-time');
  const { tree, path } = file;
  if (tree === undefined) return findings;
  walk(tree, (node) => {
    if (!ts.isStringLiteral(node) || !/^(?:node:)?timers(?:\/promises)?$/.test(node.text)) return;
    if (!ts.isImportDeclaration(node.parent) && !ts.isCallExpression(node.parent)) return;
    const message = `${node.text}: advance the virtual clock, or pass a later MonoMs to handleInput`;
    findings.push({ path, line: lineOf(tree, node), rule: 'real-time', message });
  });
  return findings;
};
