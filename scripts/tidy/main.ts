/** The `tidy` command: finds the repository's texts, applies the rules and prints what they find. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { formatFinding, tidyFile } from './rules.js';

const USAGE = `Usage: node scripts/tidy.mjs [FILE...]

Checks the house rules on the given files, or on the whole repository.

  --help  show this text`;

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', 'dist', 'coverage', '.git']);
const TEXT =
  /\.(?:[mc]?ts|[mc]?js|json|jsonc|md|proto|css|html|svg|sh|ya?ml|service|toml)$|(?:^|\/)(?:run|\.npmrc|\w*file)$/;

const listTexts = (root: string, folder: string): string[] => {
  const paths: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(entry.name)) paths.push(...listTexts(root, path));
    } else if (entry.isFile() && TEXT.test(entry.name)) {
      paths.push(relative(root, path).replaceAll('\\', '/'));
    }
  }
  return paths;
};

/** Runs the command and returns its exit code. */
export const main = (args: string[], root: string): number => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const paths = positionals.length > 0 ? positionals : listTexts(root, root).sort();
  const findings = paths.flatMap((path) => tidyFile(path, readFileSync(join(root, path), 'utf8')));
  for (const finding of findings) console.error(formatFinding(finding));
  if (findings.length === 0) console.log(`tidy: ${paths.length} files, nothing to say`);
  else console.error(`tidy: ${findings.length} findings in ${paths.length} files`);
  return findings.length === 0 ? 0 : 1;
};
