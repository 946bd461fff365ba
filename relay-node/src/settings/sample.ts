/** The commented sample of a settings file, made from the table. */

import { SETTING_NAMES, SETTINGS, type Setting, type SettingName } from './setting-table.js';

const HEAD = `# Settings of a Freshet relay: freshet relay --config relay.yaml
#
# Every setting there is, with what it is when it is left out. Each is a flag of the same name too, and flags win.
# Take away the "#" in front of what you want to change. Relative paths start at this file's folder.
`;

/** The text of `deploy/relay.yaml`. */
export function createSample(): string {
  return [HEAD, ...SETTING_NAMES.map(sampleOf)].join('\n');
}

function sampleOf(name: SettingName): string {
  const { sentence, kind, fallback, otherwise, example }: Setting<unknown> = SETTINGS[name];
  const isPlain = typeof fallback === 'string' || typeof fallback === 'number';
  const unsaid = otherwise ?? (isPlain ? String(fallback) : 'none');
  const lines = [`# ${sentence}`, `# It takes ${kind.takes}. Left out: ${unsaid}.`];
  if (kind.isList) lines.push(`#${name}:`, `#  - ${example}`);
  else lines.push(`#${name}: ${example}`);
  return `${lines.join('\n')}\n`;
}
