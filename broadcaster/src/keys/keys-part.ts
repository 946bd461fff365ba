/** The channel's key in the control room: what it is, and its backup. */

import { type HttpReply, type HttpRequest, jsonReply, textReply } from '@freshet/relay-node';
import type { ControlPart } from '../control/control-part.js';
import { addressOf, type HeldKey, keyFileText } from './key-file.js';
import { wordsOf } from './words.js';

/** The key in use. */
export type KeysPartOptions = {
  readonly key: HeldKey;
  readonly keyFile: string;
  /** It was made at this start: nobody has a copy of it. */
  readonly isNewKey: boolean;
};

/** The backup is handed to this machine's own browser only: on the way to another it could be read by others. */
const isHere = ({ remoteAddress, header }: HttpRequest): boolean =>
  (remoteAddress === '::1' || /^(::ffff:)?127\./.test(remoteAddress)) &&
  // A proxy on this machine speaks for somebody elsewhere.
  header('x-forwarded-for') === undefined &&
  header('forwarded') === undefined;

/** Routes of the backup, and its page. Secrets are asked for by `POST`, and kept by no cache and no log. */
export function createKeysPart({ key, keyFile, isNewKey }: KeysPartOptions): ControlPart {
  const describe = (): HttpReply =>
    jsonReply(200, {
      kind: key.kind,
      address: addressOf(key),
      keyFile,
      isNewKey,
      validUntilMs: key.kind === 'session-key' ? key.certificate.epochLast : null,
    });
  const words = async (request: HttpRequest): Promise<HttpReply> => {
    if (!isHere(request)) return notHere();
    if (key.kind !== 'channel-key')
      return textReply(
        409,
        'This machine has a session key only: the backup is made where the channel key is.',
      );
    return jsonReply(200, { words: await wordsOf(key.channel.secret) });
  };
  const file = (request: HttpRequest): HttpReply => {
    if (!isHere(request)) return notHere();
    const name = key.kind === 'channel-key' ? 'freshet-channel.key' : 'freshet-session.key';
    return {
      status: 200,
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': `attachment; filename="${name}"`,
        'Cache-Control': 'no-store',
      },
      body: keyFileText(key),
    };
  };
  return {
    routes: [
      { method: 'GET', pattern: '/api/keys', handler: describe },
      { method: 'POST', pattern: '/api/keys/words', handler: words },
      { method: 'POST', pattern: '/api/keys/file', handler: file },
    ],
    pages: { '/keys': '/keys.html' },
  };
}

const notHere = (): HttpReply =>
  textReply(403, 'The backup is shown on the broadcasting machine only. Open the control room there.');
