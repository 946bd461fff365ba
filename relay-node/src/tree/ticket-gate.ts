/** Lets channels pass that have a ticket of the relay's operator, and counts the others. */

import { encodeOperator, judgeTicket, type TicketVerdict, wallMs } from '@freshet/proto';
import { verifyNow } from '../crypto/ed25519.js';

/** Why a channel is not carried, as counted in metrics. */
export type TicketRefusal = 'ticket-missing' | 'ticket-expired' | 'ticket-forged';

/** Whose tickets count. */
export type TicketGateOptions = {
  /** Ed25519 public key. */
  readonly operatorKey: Uint8Array;
  /** Unix milliseconds. */
  readonly wallNow: () => number;
};

const SENTENCES: Readonly<Record<TicketRefusal, string>> = {
  'ticket-missing': 'this relay takes channels with a ticket of its operator only',
  'ticket-expired': 'the ticket of this channel has expired',
  'ticket-forged': 'the ticket of this channel is not from the operator of this relay',
};

/** See the file's header. */
export class TicketGate {
  /** The operator as its tickets' command prints it. */
  readonly operator: string;
  readonly #options: TicketGateOptions;
  readonly #refused: Record<TicketRefusal, number> = {
    'ticket-missing': 0,
    'ticket-expired': 0,
    'ticket-forged': 0,
  };

  constructor(options: TicketGateOptions) {
    this.#options = options;
    this.operator = encodeOperator(options.operatorKey);
  }

  /** Channels that were not carried, by kind; each counts every time. */
  get refused(): Readonly<Record<TicketRefusal, number>> {
    return this.#refused;
  }

  /** A sentence for whoever asks if none of the tickets counts now; `undefined` if one does. */
  refusalOf(channelKey: Uint8Array, tickets: readonly Uint8Array[]): string | undefined {
    const { operatorKey, wallNow } = this.#options;
    const question = { operatorKey, channelKey, now: wallMs(wallNow()), verify: verifyNow };
    const verdicts: TicketVerdict[] = tickets.map((ticket) => judgeTicket(ticket, question));
    if (verdicts.includes('valid')) return undefined;
    const isForged = verdicts.includes('bad-signature');
    const refusal = verdicts.includes('expired')
      ? 'ticket-expired'
      : isForged
        ? 'ticket-forged'
        : 'ticket-missing';
    this.#refused[refusal]++;
    return SENTENCES[refusal];
  }
}
