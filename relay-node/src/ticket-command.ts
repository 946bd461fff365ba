/** `freshet relay ticket`: gives a channel a place at an operator's relays. */

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { decodeAddress, encodeOperator, encodeTicketText, signTicket, wallMs } from '@freshet/proto';
import type { Command } from 'commander';
import { createKeyPair, type KeyPair, keyPairOf } from './crypto/ed25519.js';

/** The ticket cannot be made; the message is one sentence with the way out. */
export class TicketError extends Error {
  readonly kind: 'bad-option' | 'bad-key';
  constructor(kind: TicketError['kind'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'TicketError';
    this.kind = kind;
  }
}

const DAY_MS = 86_400_000;
const DAYS_MAX = 3_650;

/** Adds the command below `freshet relay`. Failures reject with a TicketError. */
export function addTicketCommand(relay: Command): void {
  relay
    .command('ticket')
    .description('give a channel a ticket for your relays (those with "channels: ticket")')
    .argument('<channel>', 'address of the channel, fr1...')
    .option('--days <number>', 'how long it counts', '30')
    .option('--key <file>', "the operator's key; made when there is none", defaultPath())
    .action((channel: string, _flags: object, command: Command) => print(channel, command.optsWithGlobals()));
}

type TicketFlags = { readonly days: string; readonly key: string; readonly json?: boolean };

function print(channel: string, { days: daysText, key: path, json = false }: TicketFlags): void {
  const days = Number(daysText);
  if (!(days > 0 && days <= DAYS_MAX))
    throw new TicketError(
      'bad-option',
      `--days takes a number above 0 and up to ${DAYS_MAX}, not "${daysText}".`,
    );
  const decoded = decodeAddress(channel);
  if (!decoded.ok) throw new TicketError('bad-option', decoded.why);
  const isNew = !existsSync(path);
  const key = isNew ? makeKey(path) : readKey(path);
  const notAfterMs = wallMs(Math.floor(Date.now() + days * DAY_MS));
  const signed = signTicket(
    { operatorKey: key.publicKey, channelKey: decoded.channelKey, notAfterMs },
    key.sign,
  );
  const ticket = encodeTicketText(signed);
  const operator = encodeOperator(key.publicKey);
  const validUntil = new Date(notAfterMs).toISOString();
  if (json) {
    process.stdout.write(`${JSON.stringify({ ticket, operator, validUntil, key: path, isNew })}\n`);
    return;
  }
  const made = isNew ? ' (new: keep a copy of it in a safe place)' : '';
  process.stdout.write(
    `ticket    ${ticket}\nvalid     until ${validUntil}\noperator  ${operator}\nkey       ${path}${made}\n\n` +
      'The broadcaster adds it: freshet live --ticket TICKET\n' +
      'Your relays take it with: --channel ticket --ticket-operator OPERATOR\n',
  );
}

/** Under the user's configuration folder. */
function defaultPath(): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'freshet', 'ticket.key');
}

function makeKey(path: string): KeyPair {
  const key = createKeyPair();
  const text = JSON.stringify({ kind: 'ticket-key', secret: Buffer.from(key.secret).toString('hex') });
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${text}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw new TicketError('bad-key', `${path} cannot be written. Choose another file with --key.`, cause);
  }
  return key;
}

function readKey(path: string): KeyPair {
  try {
    const { kind, secret } = JSON.parse(readFileSync(path, 'utf8'));
    if (kind !== 'ticket-key' || typeof secret !== 'string' || !/^[0-9a-f]{64}$/.test(secret))
      throw new Error('another content');
    if (process.platform !== 'win32') chmodSync(path, 0o600);
    return keyPairOf(Buffer.from(secret, 'hex'));
  } catch (cause) {
    throw new TicketError('bad-key', `${path} holds no operator's key. Choose another with --key.`, cause);
  }
}
