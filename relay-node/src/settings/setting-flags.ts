/** The flags of a command that takes a relay's settings, made from the table. */

import type { Command } from 'commander';
import type { GivenFlags } from './relay-settings.js';
import { flagOf, SETTING_NAMES, SETTINGS, type Setting, type SettingName } from './setting-table.js';

/** Adds `--config` and one flag for each setting. */
export function addSettingFlags(command: Command): Command {
  command.option('--config <file>', 'settings file; flags win over it');
  for (const name of SETTING_NAMES) {
    const setting: Setting<unknown> = SETTINGS[name];
    const flags = `${flagOf(name)} <${setting.kind.placeholder}>`;
    if (setting.kind.isList)
      command.option(
        flags,
        `${describeSetting(name)}; may be repeated`,
        (text: string, texts: readonly string[] = []) => [...texts, text],
      );
    else command.option(flags, describeSetting(name));
  }
  return command;
}

/** What commander has collected, as the settings' reader takes it. */
export function flagsGiven(flags: Readonly<Record<string, unknown>>): GivenFlags {
  const given = new Map<SettingName, unknown>();
  for (const name of SETTING_NAMES) {
    const value = flags[keyOf(name)];
    if (value !== undefined) given.set(name, value);
  }
  return given;
}

/** The sentence of a setting in the style of `--help`, with what it is when nobody says. */
function describeSetting(name: SettingName): string {
  const { sentence, fallback, otherwise }: Setting<unknown> = SETTINGS[name];
  const plain = sentence.replace(/\.$/, '');
  const text = `${plain.charAt(0).toLowerCase()}${plain.slice(1)}`.replace(/^tCP/, 'TCP');
  const unsaid = otherwise ?? (fallback === undefined ? undefined : String(fallback));
  return unsaid === undefined ? text : `${text} (${unsaid})`;
}

/** The key under which commander keeps a flag: `publicUrl` for `--public-url`. */
function keyOf(name: SettingName): string {
  return flagOf(name)
    .slice(2)
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
