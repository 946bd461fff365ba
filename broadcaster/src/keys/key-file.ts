/** The files that hold a channel's keys: JSON, readable by their owner only. */

import { constants } from 'node:fs';
import { access, chmod, mkdir, open, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type Certificate,
  decodeCertificate,
  encodeAddress,
  equalBytes,
  Limits,
  type SignedCertificate,
  signCertificate,
  signedMessage,
} from '@freshet/proto';
import { createKeyPair, type KeyPair, keyPairOf, verifyNow } from '@freshet/relay-node';
import { KeyError } from './key-error.js';

/** A channel's own key: the address for ever. */
export type ChannelKey = { readonly kind: 'channel-key'; readonly channel: KeyPair };

/** A session key that the channel key certified, for a machine that must not hold the channel key. */
export type SessionKey = {
  readonly kind: 'session-key';
  readonly session: KeyPair;
  readonly certificate: Certificate;
  readonly signed: SignedCertificate;
};

/** What a key file holds. */
export type HeldKey = ChannelKey | SessionKey;

/** Longest key file that is read. */
const KEY_FILE_BYTES_MAX = 16 * 1024;

/** Where the channel key lives unless `--key` says otherwise: under the user's configuration folder. */
export function defaultKeyPath(): string {
  const { XDG_CONFIG_HOME, APPDATA } = process.env;
  const config = XDG_CONFIG_HOME || (process.platform === 'win32' && APPDATA) || join(homedir(), '.config');
  return join(config, 'freshet', 'channel.key');
}

/** The address of the channel that a key speaks for. */
export function addressOf(key: HeldKey): string {
  return encodeAddress(channelKeyOf(key));
}

/** The public key of the channel that a key speaks for. */
export function channelKeyOf(key: HeldKey): Uint8Array {
  return key.kind === 'channel-key' ? key.channel.publicKey : key.certificate.channelKey;
}

/** Makes a channel key and writes it to a new file. Rejects with a KeyError when there is one already. */
export async function createKeyFile(path: string): Promise<ChannelKey> {
  const key: ChannelKey = { kind: 'channel-key', channel: createKeyPair() };
  await writeKeyFile(path, key);
  return key;
}

/** Writes a channel key that is known by its secret to a new file. Rejects with a KeyError when there is one already. */
export async function restoreKeyFile(path: string, secret: Uint8Array): Promise<ChannelKey> {
  const key: ChannelKey = { kind: 'channel-key', channel: keyPairOf(secret) };
  await writeKeyFile(path, key);
  return key;
}

/** Makes a session key that the channel key certifies for the epochs in `[epochFirst, epochLast]`. */
export function certifySessionKey(
  channel: KeyPair,
  epochs: { readonly first: number; readonly last: number },
): SessionKey {
  const session = createKeyPair();
  const certificate: Certificate = {
    channelKey: channel.publicKey,
    sessionKey: session.publicKey,
    epochFirst: epochs.first,
    epochLast: epochs.last,
  };
  return { kind: 'session-key', session, certificate, signed: signCertificate(certificate, channel.sign) };
}

/** Whether something lies at the path. */
export async function fileExists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

/** Reads a key file. Rejects with a KeyError that says what is wrong with it. Mends too open permissions. */
export async function readKeyFile(path: string): Promise<HeldKey> {
  let text: string;
  try {
    const file = await open(path, 'r');
    try {
      if ((await file.stat()).size > KEY_FILE_BYTES_MAX) throw notAKey(path);
      text = await readFile(file, 'utf8');
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cause instanceof KeyError ? cause : unreadable(path, cause);
  }
  const key = parseKey(text);
  if (!key) throw notAKey(path);
  // The secret was open to others on this machine until now; from here on it is not.
  if (process.platform !== 'win32') await chmod(path, 0o600).catch(() => undefined);
  return key;
}

/** Writes a key to a new file that only its owner can read. Rejects with a KeyError. */
export async function writeKeyFile(path: string, key: HeldKey): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(keyFileText(key));
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (isCode(cause, 'EEXIST'))
      throw new KeyError(
        'exists',
        `${path} holds a key already. Move it away first, or choose another file.`,
        cause,
      );
    throw new KeyError(
      'unwritable',
      `The key cannot be written to ${path}. Choose a file in a folder that you may write to with --key.`,
      cause,
    );
  }
}

/** What a key file holds: the secret is in it. */
export function keyFileText(key: HeldKey): string {
  return `${JSON.stringify(serializeKey(key), null, 2)}\n`;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

function serializeKey(key: HeldKey): Record<string, unknown> {
  const head = { freshet: key.kind, version: 1, address: addressOf(key) };
  if (key.kind === 'channel-key') return { ...head, secret: base64(key.channel.secret) };
  return {
    ...head,
    secret: base64(key.session.secret),
    certificate: base64(key.signed.certificate),
    signature: base64(key.signed.signature),
  };
}

function parseKey(text: string): HeldKey | undefined {
  let fields: Record<string, unknown>;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    fields = Object.fromEntries(Object.entries(parsed));
  } catch {
    return undefined;
  }
  const bytes = (name: string): Uint8Array =>
    new Uint8Array(Buffer.from(String(fields[name] ?? ''), 'base64url'));
  const secret = bytes('secret');
  if (secret.length !== Limits.KEY_BYTES) return undefined;
  const pair = keyPairOf(secret);
  if (fields.freshet === 'channel-key') {
    const isIntact = fields.address === encodeAddress(pair.publicKey);
    return isIntact ? { kind: 'channel-key', channel: pair } : undefined;
  }
  const signed: SignedCertificate = { certificate: bytes('certificate'), signature: bytes('signature') };
  const certificate = decodeCertificate(signed.certificate);
  if (!certificate || !equalBytes(certificate.sessionKey, pair.publicKey)) return undefined;
  const message = signedMessage('certificate', signed.certificate);
  const isSigned = verifyNow({ publicKey: certificate.channelKey, message, signature: signed.signature });
  return isSigned ? { kind: 'session-key', session: pair, certificate, signed } : undefined;
}

function notAKey(path: string): KeyError {
  return new KeyError(
    'not-a-key',
    `${path} is not a Freshet key, or it is damaged. Restore it from its backup, or make another with "npx freshet keys new".`,
  );
}

function unreadable(path: string, cause: unknown): KeyError {
  if (isCode(cause, 'ENOENT'))
    return new KeyError(
      'missing',
      `There is no key at ${path}. Make one with "npx freshet keys new".`,
      cause,
    );
  return new KeyError('unreadable', `The key at ${path} cannot be read. Check who owns the file.`, cause);
}

function isCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}
