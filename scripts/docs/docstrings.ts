/** Finds exported declarations that do not say what they are for. */

import ts from 'typescript';

/** An exported name without a docstring. */
export type MissingDoc = {
  /** 1 is the first line. */
  readonly line: number;
  /** The exported name. */
  readonly name: string;
};

const hasDoc = (node: ts.Node): boolean =>
  ts.getJSDocCommentsAndTags(node).some((doc) => {
    if (!ts.isJSDoc(doc)) return false;
    const text = ts.getTextOfJSDocComment(doc.comment) ?? '';
    return text.trim() !== '' || (doc.tags?.length ?? 0) > 0;
  });

const namesOf = (statement: ts.Statement): string[] => {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((declaration) => declaration.name.getText());
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.getText()] : [];
};

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false);

/** Names a file exports by `export { name }`, without a module to take them from. */
const localExports = (tree: ts.SourceFile): Set<string> => {
  const names = new Set<string>();
  for (const statement of tree.statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier !== undefined) continue;
    if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) continue;
    for (const element of statement.exportClause.elements) {
      names.add((element.propertyName ?? element.name).text);
    }
  }
  return names;
};

/**
 * The exported functions, classes, types and constants of a file that have no docstring, in the file's order.
 * Re-exports do not count: the docstring belongs where the thing is declared. Of several declarations of one
 * name (overloads, a constant and its type), one docstring is enough for functions, and each other one has its own.
 */
export const findMissingDocs = (path: string, text: string): MissingDoc[] => {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const exportedBelow = localExports(tree);
  const missing: MissingDoc[] = [];
  const documentedFunctions = new Set<string>();
  for (const statement of tree.statements) {
    for (const name of namesOf(statement)) {
      if (!isExported(statement) && !exportedBelow.has(name)) continue;
      const isFunction = ts.isFunctionDeclaration(statement);
      if (hasDoc(statement)) {
        if (isFunction) documentedFunctions.add(name);
      } else if (!isFunction || !documentedFunctions.has(name)) {
        missing.push({ line: tree.getLineAndCharacterOfPosition(statement.getStart(tree)).line + 1, name });
      }
    }
  }
  return missing;
};
