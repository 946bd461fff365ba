/** `freshet keys`: makes, shows, backs up and certifies keys. */

import { decodeAddress } from '@freshet/proto';
import type { Command } from 'commander';
import { KeyError } from './key-error.js';
import {
  addressOf,
  certifySessionKey,
  createKeyFile,
  defaultKeyPath,
  fileExists,
  type HeldKey,
  readKeyFile,
  restoreKeyFile,
  writeKeyFile,
} from './key-file.js';
import { secretOfWords, WORD_COUNT, wordsOf } from './words.js';

const DAY_MS = 86_400_000;

/** Adds the command and its subcommands. Failures reject with a KeyError. */
export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description('make, show, back up and certify channel keys');
  addBackup(keys);
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
    .command('session')
    .alias('certify')
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

/** The backup on paper, and the way back. */
function addBackup(keys: Command): void {
  keys
    .command('backup')
    .description('print the channel key as 24 words, to be written on paper')
    .option('--key <file>', 'the channel key', defaultKeyPath())
    .action(async ({ key: path }: { key: string }) => {
      const held = await readKeyFile(path);
      if (held.kind !== 'channel-key')
        throw new KeyError(
          'needs-channel-key',
          `${path} is a session key, which is made anew when it is lost. Back up the channel key, where that is.`,
        );
      if (process.stdout.isTTY) {
        console.log(
          `The channel ${addressOf(held)} in ${WORD_COUNT} words. Whoever has them is the channel: write`,
        );
        console.log('them on paper, in this order, and keep it where nobody looks over your shoulder.\n');
      }
      console.log(formatWords(await wordsOf(held.channel.secret)));
    });
  keys
    .command('restore')
    .description('make the key file again from the 24 words, typed or on standard input')
    .option('--key <file>', 'where to put it', defaultKeyPath())
    .option('--address <address>', "the channel's address, if you have it: finds which word is wrong")
    .option('--json', 'print JSON')
    .action(async (options: { key: string; address?: string; json?: boolean }) => {
      if (await fileExists(options.key))
        throw new KeyError(
          'exists',
          `${options.key} holds a key already. Move it away first, or choose --key.`,
        );
      const address = options.address?.trim().toLowerCase();
      if (address !== undefined && !decodeAddress(address).ok)
        throw new KeyError(
          'bad-option',
          '--address takes the address of a channel, such as "keys show" prints.',
        );
      const secret = await secretOfWords(await readInput(), address);
      print(describe(options.key, await restoreKeyFile(options.key, secret)), options.json ?? false);
    });
}

/** Bytes of standard input that are read: 24 words have less than 300. */
const INPUT_BYTES_MAX = 4_096;

async function readInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(`Type the ${WORD_COUNT} words, then Enter and Ctrl-D:\n`);
  let text = '';
  for await (const part of process.stdin) {
    text += String(part);
    if (text.length > INPUT_BYTES_MAX) break;
  }
  return text;
}

/** Four numbered columns, as they fit on a card. */
function formatWords(words: readonly string[]): string {
  const cells = words.map((word, index) => `${String(index + 1).padStart(2)} ${word.padEnd(10)}`);
  const rows = Array.from({ length: Math.ceil(cells.length / 4) }, (_, row) =>
    cells.slice(row * 4, row * 4 + 4),
  );
  return rows.map((row) => row.join('').trimEnd()).join('\n');
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
