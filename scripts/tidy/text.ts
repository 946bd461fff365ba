/** What must not be in any text of the repository: notes to self, and traces of one machine or registry. */

import type { Finding, Rule } from './source-file.js';

// Put together here, so that this file and its tests pass their own rule.
const NOTES = [['TO', 'DO'].join(''), ['FIX', 'ME'].join(''), ['X', 'X', 'X'].join('')];
const HOMES = ['work', 'root', 'Users'].map((folder) => `/${folder}/`);
const REGISTRY_WORDS = ['artifactory', 'nexus', 'verdaccio'].join('|');
const TOP_DOMAINS = ['org', 'com', 'net', 'io', 'dev', 'cn', 'local', 'internal'].join('|');

type Needle = { readonly pattern: RegExp; readonly rule: string; readonly instead: string };

const NEEDLES: readonly Needle[] = [
  {
    pattern: new RegExp(`\\b(?:${NOTES.join('|')})\\b`),
    rule: 'note-to-self',
    instead: 'do it now, or describe the limit as it is and open an issue',
  },
  {
    pattern: new RegExp(`(?<![\\w./:*}-])(?:${HOMES.join('|')}|/home/\\w|[A-Z]:\\\\\\\\?Users)`),
    rule: 'machine-path',
    instead: 'use a path relative to the repository, os.tmpdir(), or an option',
  },
  {
    pattern: new RegExp(
      `\\bregistry\\.[\\w-]+\\.(?:${TOP_DOMAINS})\\b|//[^/\\s"']*(?:${REGISTRY_WORDS})[^/\\s"']*[/:]`,
    ),
    rule: 'registry-host',
    instead: 'leave the registry to the npm configuration of whoever installs',
  },
];

/** Notes to self, machine paths and registry hosts, in code, documents and configuration alike. */
export const findBannedText: Rule = (file) => {
  const findings: Finding[] = [];
  if (file.isGenerated) return findings;
  for (const [index, text] of file.text.split('\n').entries()) {
    for (const { pattern, rule, instead } of NEEDLES) {
      const match = pattern.exec(text);
      if (match === null) continue;
      findings.push({ path: file.path, line: index + 1, rule, message: `${match[0]}: ${instead}` });
    }
  }
  return findings;
};
