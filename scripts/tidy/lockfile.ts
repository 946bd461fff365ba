/** A lockfile that `npm ci` accepts: npm leaves out optional packages it could not find, and then refuses its own file. */

import type { Finding, Rule } from './source-file.js';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const recordAt = (value: unknown, key: string): Record<string, unknown> => {
  const found = isRecord(value) ? value[key] : undefined;
  return isRecord(found) ? found : {};
};

/** Node's lookup: beside the package that asks, then in each folder above it. */
const isLocked = (packages: Record<string, unknown>, asker: string, name: string): boolean => {
  let folder = asker;
  for (;;) {
    const prefix = folder === '' ? '' : `${folder}/`;
    if (`${prefix}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
    folder = folder.slice(0, Math.max(folder.lastIndexOf('/'), 0));
  }
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // An unreadable lockfile locks nothing; npm says more about it than this rule could.
    return undefined;
  }
};

/** In `package-lock.json`: every optional package that a locked package names is locked as well, for any platform. */
export const findUnlockedPackages: Rule = ({ path, text }) => {
  const findings: Finding[] = [];
  if (path !== 'package-lock.json') return findings;
  const packages = recordAt(parse(text), 'packages');
  for (const [asker, entry] of Object.entries(packages)) {
    for (const name of Object.keys(recordAt(entry, 'optionalDependencies'))) {
      if (isLocked(packages, asker, name)) continue;
      const line = text.slice(0, Math.max(text.indexOf(`"${asker}": {`), 0)).split('\n').length;
      const message = `${name}: not locked, so npm ci refuses; pin a version of ${asker.replace(/^.*node_modules\//, '')} whose packages all exist`;
      findings.push({ path, line, rule: 'lockfile', message });
    }
  }
  return findings;
};
