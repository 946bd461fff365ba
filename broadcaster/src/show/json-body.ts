/** Reads what the control room's pages send. */

import type { HttpRequest } from '@freshet/relay-node';
import { ShowError } from './show-error.js';

/** The members of a JSON object; an empty body is an empty object. Throws a ShowError for anything else. */
export function readJson(request: Pick<HttpRequest, 'body'>): Readonly<Record<string, unknown>> {
  if (request.body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(Buffer.from(request.body).toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return Object.fromEntries(Object.entries(parsed));
  } catch {
    // Said below: what is wrong with the text is of no use to a person.
  }
  throw new ShowError('The request holds no JSON object.');
}

/** A member that is a text; `undefined` where it is left out. Throws a ShowError when it is something else. */
export function readText(members: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = members[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new ShowError(`"${name}" must be a text.`);
  return value;
}
