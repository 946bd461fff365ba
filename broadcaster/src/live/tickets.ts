/** The tickets that a person hands over on the command line. */

import { decodeTicket, decodeTicketText, encodeAddress, equalBytes, Limits } from '@freshet/proto';
import { OptionError } from './options.js';

/** Reads them. Throws an OptionError for what is no ticket, for another channel, over, or too much. */
export function readTickets(
  texts: readonly string[],
  channelKey: Uint8Array,
  nowMs: number,
): readonly Uint8Array[] {
  if (texts.length > Limits.CATALOG_TICKETS_MAX)
    throw new OptionError(
      `--ticket is taken ${Limits.CATALOG_TICKETS_MAX} times at most, not ${texts.length} times.`,
    );
  return texts.map((text) => {
    const read = decodeTicketText(text);
    const ticket = read.ok ? decodeTicket(read.bytes) : undefined;
    if (!read.ok || !ticket) throw new OptionError(`--ticket: ${read.ok ? 'It cannot be read.' : read.why}`);
    if (!equalBytes(ticket.channelKey, channelKey))
      throw new OptionError(
        `--ticket: This one is for ${encodeAddress(ticket.channelKey)}, not for your channel ${encodeAddress(channelKey)}. Ask the operator for another.`,
      );
    if (ticket.notAfterMs < nowMs)
      throw new OptionError(
        `--ticket: This one ended on ${new Date(ticket.notAfterMs).toISOString()}. Ask the operator for a new one.`,
      );
    return read.bytes;
  });
}
