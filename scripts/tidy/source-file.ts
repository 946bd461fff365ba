/** A file as the tidy rules see it: its path in the repository, its text, and its syntax tree when it is code. */

import ts from 'typescript';

/** One broken rule. */
export type Finding = {
  /** Path from the repository's top folder, with `/`. */
  readonly path: string;
  /** 1 is the first line. */
  readonly line: number;
  /** The rule's short name. */
  readonly rule: string;
  /** What is wrong and what to write instead, in one sentence. */
  readonly message: string;
};

/** One file of the repository. */
export type SourceFile = {
  /** Path from the repository's top folder, with `/`. */
  readonly path: string;
  /** The whole text. */
  readonly text: string;
  /** Written by a program: most rules leave it alone. */
  readonly isGenerated: boolean;
  /** The syntax tree, for TypeScript and JavaScript that people write. */
  readonly tree: ts.SourceFile | undefined;
};

/** A rule: pure, from one file to what it breaks. */
export type Rule = (file: SourceFile) => Finding[];

/** Prepares a file's text for the rules; `path` is relative to the repository, with `/`. */
export const createSourceFile = (path: string, text: string): SourceFile => {
  const isGenerated = path.split('/').includes('generated');
  const isCode = /\.(?:[mc]?ts|[mc]?js)$/.test(path) && !isGenerated;
  const tree = isCode ? ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) : undefined;
  return { path, text, isGenerated, tree };
};

/** The line on which a node's own text starts, comments before it apart; 1 is the first line. */
export const lineOf = (tree: ts.SourceFile, node: ts.Node): number =>
  tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;

/** Calls `visit` for every node of a tree, parents first. */
export const walk = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
};

/** The file is a test, or support code of tests. */
export const isTestFile = (path: string): boolean => path.startsWith('test/');
