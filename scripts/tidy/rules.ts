/** All rules of tidy, and their application to one file. */

import { findCoreImpurity, findRealTime } from './determinism.js';
import { findBadImports } from './imports.js';
import { findUnlockedPackages } from './lockfile.js';
import { findBadShape, findLongFunctions } from './shape.js';
import { createSourceFile, type Finding, type Rule } from './source-file.js';
import { findBannedSyntax, findCompilerDirectives } from './syntax.js';
import { findBannedText } from './text.js';

const RULES: readonly Rule[] = [
  findCoreImpurity,
  findRealTime,
  findBannedText,
  findBannedSyntax,
  findCompilerDirectives,
  findBadShape,
  findLongFunctions,
  findBadImports,
  findUnlockedPackages,
];

/** Everything a file breaks, by line; `path` is relative to the repository, with `/`. */
export const tidyFile = (path: string, text: string): Finding[] => {
  const file = createSourceFile(path, text);
  return RULES.flatMap((rule) => rule(file)).sort((a, b) => a.line - b.line);
};

/** A finding as one line that editors can jump from. */
export const formatFinding = ({ path, line, rule, message }: Finding): string =>
  `${path}:${line} [${rule}] ${message}`;
