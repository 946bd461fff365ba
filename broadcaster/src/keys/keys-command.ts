/** `freshet keys`: makes, shows and certifies keys. */

import type { Command } from 'commander';
import { KeyError } from './key-error.js';
import {
  addressOf,
  certifySessionKey,
  createKeyFile,
  defaultKeyPath,
  type HeldKey,
  readKeyFile,
  writeKeyFile,
} from './key-file.js';

const DAY_MS = 86_400_000;

/** Adds the command and its subcommands. Failures reject with a KeyError. */
export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description('make, show and certify channel keys');
  keys
    .command('new')
    .description('make a channel key: the address of your channel for ever')
    .option('--key <file>', 'where to put it', defaultKeyPath())
    .option('--json', 'print JSON')
    .action(async ({ key: path, json = false }: { key: string; json?: boolean }) => {
      const key = await createKeyFile(path);
      print(describe(path, key), json);
      if (!json)
        console.log(
          '\nKeep a copy of this file in a safe place: whoever has it is the channel, without it nobody is.',
        );
    });
  keys
    .command('show')
    .description('print the address that a key speaks for (never the secret)')
    .option('--key <file>', 'the key file', defaultKeyPath())
    .option('--json', 'print JSON')
    .action(async ({ key: path, json = false }: { key: string; json?: boolean }) => {
      print(describe(path, await readKeyFile(path)), json);
    });
  keys
    .command('certify')
    .description('make a session key for a streaming machine, so that the channel key can stay elsewhere')
    .option('--key <file>', 'the channel key', defaultKeyPath())
    .option('--out <file>', 'where to put the session key', 'session.key')
    .option('--days <number>', 'how long it may go live', '7')
    .option('--json', 'print JSON')
    .action(async (options: { key: string; out: string; days: string; json?: boolean }) => {
      const days = Number(options.days);
      if (!(days > 0 && days <= 3650))
        throw new KeyError(
          'bad-option',
          `--days takes a number above 0 and up to 3650, not "${options.days}".`,
        );
      const held = await readKeyFile(options.key);
      if (held.kind !== 'channel-key')
        throw new KeyError(
          'needs-channel-key',
          `${options.key} is a session key: only the channel key can certify. Run this where the channel key is.`,
        );
      const first = Date.now();
      const key = certifySessionKey(held.channel, { first, last: Math.floor(first + days * DAY_MS) });
      await writeKeyFile(options.out, key);
      print(describe(options.out, key), options.json ?? false);
    });
}

type KeyDescription = {
  readonly file: string;
  readonly kind: HeldKey['kind'];
  readonly address: string;
  readonly validUntil: string | null;
};

function describe(file: string, key: HeldKey): KeyDescription {
  const validUntil = key.kind === 'session-key' ? new Date(key.certificate.epochLast).toISOString() : null;
  return { file, kind: key.kind, address: addressOf(key), validUntil };
}

function print(description: KeyDescription, isJson: boolean): void {
  if (isJson) {
    console.log(JSON.stringify(description));
    return;
  }
  console.log(`channel  ${description.address}`);
  console.log(`key      ${description.file} (${description.kind.replace('-', ' ')})`);
  if (description.validUntil) console.log(`valid    until ${description.validUntil}`);
}
