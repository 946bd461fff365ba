/** Which of the items that DHT nodes hand out is believed. */

import {
  type ChannelItem,
  decodeItem,
  equalBytes,
  ITEM_BYTES_MAX,
  ITEM_SALT,
  isNewerSequence,
  judgeSequence,
  wallMs,
} from '@freshet/proto';
import { verifyNow } from '../crypto/ed25519.js';
import { decodeBencoded, isDictionary } from './bencode.js';
import type { Refusal } from './refusals.js';

/** An item that is believed. */
export type FoundItem = ChannelItem & {
  /** The Unix millisecond at which it was made. */
  readonly sequence: number;
};

/** What the judge needs to know. */
export type ItemJudgeOptions = {
  readonly channelKey: Uint8Array;
  /** Unix milliseconds. */
  readonly wallNow: () => number;
  readonly onRefused: (why: Refusal) => void;
  /** Told of each item that is newer than all before. */
  readonly onItem?: ((item: FoundItem) => void) | undefined;
};

/** Sees everything that one search brings, and keeps the newest item that holds. */
export class ItemJudge {
  readonly #options: ItemJudgeOptions;
  #best: FoundItem | undefined;
  #sequenceSeen: number | undefined;

  constructor(options: ItemJudgeOptions) {
    this.#options = options;
  }

  /** The newest item that is believed. */
  get best(): FoundItem | undefined {
    return this.#best;
  }

  /** The highest number under the channel's own signature, whether the item is believed or not. */
  get sequenceSeen(): number | undefined {
    return this.#sequenceSeen;
  }

  /** Judges an item by what was signed: salt, number and value, bencoded (BEP 44). Any bytes may come. */
  judge(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): void {
    const why = this.#refusalOf(signature, message, publicKey);
    if (why !== undefined) this.#options.onRefused(why);
  }

  #refusalOf(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): Refusal | undefined {
    const { channelKey, wallNow, onItem } = this.#options;
    if (!equalBytes(publicKey, channelKey)) return 'foreign-key';
    if (!verifyNow({ publicKey, message, signature })) return 'bad-signature';
    const fields = decodeBencoded(Buffer.concat([Buffer.from('d'), message, Buffer.from('e')]));
    if (!isDictionary(fields)) return 'malformed-item';
    const salt = fields.get('salt');
    const value = fields.get('v');
    const sequence = fields.get('seq');
    if (!(salt instanceof Uint8Array && equalBytes(salt, ITEM_SALT))) return 'bad-signature';
    if (!(value instanceof Uint8Array) || typeof sequence !== 'number') return 'malformed-item';
    if (isNewerSequence(sequence, this.#sequenceSeen)) this.#sequenceSeen = sequence;
    if (value.length > ITEM_BYTES_MAX) return 'oversized-item';
    const verdict = judgeSequence(sequence, wallMs(wallNow()));
    if (verdict !== 'fits') return verdict === 'malformed' ? 'malformed-item' : `${verdict}-item`;
    const item = decodeItem(value);
    if (!item) return 'malformed-item';
    if (!isNewerSequence(sequence, this.#best?.sequence)) return undefined;
    this.#best = { ...item, sequence };
    onItem?.(this.#best);
    return undefined;
  }
}
