import type { HttpRequest } from '../../../../relay-node/src/http/http-message.js';

/** A request as an engine would make it. */
export const request = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): HttpRequest => ({
  method,
  path,
  query: '',
  header: (name) => headers[name.toLowerCase()],
  remoteAddress: '192.0.2.1',
  body: new Uint8Array(0),
});
