/** `freshet doctor`: says whether a relay would work on this machine, and what to do where it would not. */

import type { Command } from 'commander';
import { readRelaySettings } from '../settings/relay-settings.js';
import { addSettingFlags, flagsGiven } from '../settings/setting-flags.js';
import { SettingsError } from '../settings/settings-error.js';
import { examine } from './doctor.js';
import { type Finding, fail } from './finding.js';

type Flags = Readonly<Record<string, unknown>> & { readonly config?: string; readonly json?: boolean };

/** Adds the command. It takes the relay's own flags and settings file; its exit code is 1 when something fails. */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('look whether a relay works on this machine, and say what to do where it does not')
    .option('--json', 'print one JSON object');
  addSettingFlags(command).action((flags: Flags) => run(flags));
}

async function run(flags: Flags): Promise<void> {
  const findings = await findingsFor(flags);
  const isWell = findings.every(({ status }) => status !== 'fail');
  const text = flags.json ? JSON.stringify({ isWell, findings }) : findings.map(lineOf).join('\n');
  process.stdout.write(`${text}\n`);
  if (!isWell) process.exitCode = 1;
}

async function findingsFor(flags: Flags): Promise<readonly Finding[]> {
  try {
    const settings = readRelaySettings({
      configPath: flags.config,
      flags: flagsGiven(flags),
      folder: process.cwd(),
      mayLackParents: true,
    });
    return await examine(settings, process.env);
  } catch (cause) {
    if (!(cause instanceof SettingsError)) throw cause;
    return [fail('settings', cause.message, 'Correct it; nothing else was looked at.')];
  }
}

function lineOf({ status, name, what, todo }: Finding): string {
  return `${status.padEnd(4)}  ${name.padEnd(11)}  ${what}${todo === undefined ? '' : ` ${todo}`}`;
}
