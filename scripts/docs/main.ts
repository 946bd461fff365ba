/** The doc check: every exported symbol is documented, and PROTOCOL.md lists the close codes that the code has. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareCloseCodes, readCodeTable, readDocumentTable } from './close-codes.js';
import { findMissingDocs } from './docstrings.js';

const USAGE = `Usage: node scripts/check-docs.mjs

Fails when an exported symbol of a package has no docstring, or when the close codes
in PROTOCOL.md and in proto/src/wire/close-code.ts differ.

  --help  show this text`;

const PACKAGES = ['proto', 'relay-node', 'viewer', 'broadcaster'];

const listSources = (root: string, packageName: string): string[] => {
  const folder = join(root, packageName, 'src');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${packageName}/src/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !path.includes('/generated/'))
    .sort();
};

const checkCloseCodes = (root: string): string[] => {
  const codePath = join(root, 'proto', 'src', 'wire', 'close-code.ts');
  const documentPath = join(root, 'PROTOCOL.md');
  const hasCode = existsSync(codePath);
  const hasDocument = existsSync(documentPath);
  if (!hasCode && !hasDocument) return [];
  if (!hasCode) return ['proto/src/wire/close-code.ts is missing, but PROTOCOL.md is there'];
  if (!hasDocument)
    return ['PROTOCOL.md is missing: it must list the close codes of proto/src/wire/close-code.ts'];
  const codes = readCodeTable(readFileSync(codePath, 'utf8'));
  if (codes === undefined)
    return ['proto/src/wire/close-code.ts: no "export const CloseCode = { … } as const"'];
  return compareCloseCodes(codes, readDocumentTable(readFileSync(documentPath, 'utf8')));
};

/** Runs the command and returns its exit code. */
export const main = (args: string[], root: string): number => {
  const { values } = parseArgs({ args, options: { help: { type: 'boolean', default: false } } });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const paths = PACKAGES.flatMap((name) => listSources(root, name));
  const problems = paths.flatMap((path) =>
    findMissingDocs(path, readFileSync(join(root, path), 'utf8')).map(
      ({ line, name }) => `${path}:${line} ${name}: exported without a docstring`,
    ),
  );
  problems.push(...checkCloseCodes(root));
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(`docs: ${paths.length} files, every exported symbol documented`);
  return problems.length === 0 ? 0 : 1;
};
