/** The arrows between packages, and the one door of each: `broadcaster -> relay-node -> proto`, `viewer -> proto`. */

import { posix } from 'node:path';
import ts from 'typescript';
import { type Finding, lineOf, type Rule, type SourceFile, walk } from './source-file.js';

/** What the code of each package may import. */
const ALLOWED: ReadonlyMap<string, readonly string[]> = new Map([
  ['proto', []],
  ['relay-node', ['proto']],
  ['viewer', ['proto']],
  ['broadcaster', ['relay-node', 'proto']],
]);

/** The public entries, as `exports` in the packages' manifests names them. */
const ENTRIES: readonly string[] = [
  '@freshet/proto',
  '@freshet/relay-node',
  '@freshet/broadcaster',
  '@freshet/viewer',
  '@freshet/viewer/app',
];

type Import = { readonly specifier: string; readonly node: ts.Node };

const literalText = (node: ts.Node | undefined): string | undefined =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;

const specifierOf = (node: ts.Node): string | undefined => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literalText(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return literalText(node.argument.literal);
  if (ts.isExternalModuleReference(node)) return literalText(node.expression);
  if (!ts.isCallExpression(node)) return undefined;
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  return isImport || isRequire ? literalText(node.arguments[0]) : undefined;
};

const importsOf = ({ tree }: SourceFile): Import[] => {
  const imports: Import[] = [];
  if (tree === undefined) return imports;
  walk(tree, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) imports.push({ specifier, node });
  });
  return imports;
};

const packageOf = (path: string): string | undefined => {
  const top = path.split('/')[0] ?? '';
  return ALLOWED.has(top) ? top : undefined;
};

const problemWithPackageImport = (specifier: string, own: string | undefined): string | undefined => {
  const target = specifier.split('/')[1] ?? '';
  if (own === target) return `${specifier}: inside the package, import the file relatively`;
  const allowed = own === undefined ? undefined : (ALLOWED.get(own) ?? []);
  if (allowed !== undefined && !allowed.includes(target)) {
    const arrows = allowed.length === 0 ? 'no other package' : `only ${allowed.join(' and ')}`;
    return `${specifier}: ${own} may import ${arrows}; move the shared part down, or pass it in as an option`;
  }
  if (!ENTRIES.includes(specifier)) {
    return `${specifier}: import the package's entry (${ENTRIES.join(', ')}) and export it there`;
  }
  return undefined;
};

const problemWithRelativeImport = (
  specifier: string,
  path: string,
  own: string | undefined,
): string | undefined => {
  const target = posix.join(posix.dirname(path), specifier);
  const targetPackage = packageOf(target);
  if (own !== undefined && targetPackage !== own) {
    const entry = targetPackage === undefined ? 'code of its own package' : `@freshet/${targetPackage}`;
    return `${specifier}: leaves the package ${own}; import ${entry} instead`;
  }
  if (target.split('/')[1] === 'dist' && targetPackage !== undefined) {
    return `${specifier}: built output; import @freshet/${targetPackage} or the source`;
  }
  return undefined;
};

/** Imports against the arrows, past a package's entry, across packages by path, or of built output. */
export const findBadImports: Rule = (file) => {
  const { tree, path } = file;
  if (tree === undefined) return [];
  const own = packageOf(path);
  const findings: Finding[] = [];
  for (const { specifier, node } of importsOf(file)) {
    let message: string | undefined;
    if (specifier.startsWith('@freshet/')) message = problemWithPackageImport(specifier, own);
    else if (specifier.startsWith('.')) message = problemWithRelativeImport(specifier, path, own);
    if (message !== undefined) findings.push({ path, line: lineOf(tree, node), rule: 'import', message });
  }
  return findings;
};
