import { type HttpHandler, type HttpReply, type HttpRequest, textReply } from './http-message.js';

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not pass
const HEADER_VALUE_FORBIDDEN = /[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/;

/** A header that could split the reply or that an engine would refuse; `undefined` when there is none. */
const badHeaderOf = (reply: HttpReply): string | undefined => {
  for (const [name, value] of Object.entries(reply.headers)) {
    if (!HEADER_NAME.test(name) || HEADER_VALUE_FORBIDDEN.test(value)) return name;
  }
  return undefined;
};

const failed = (log: (line: string) => void, request: HttpRequest, cause: unknown): HttpReply => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  log(`Answering ${request.method} ${request.path} failed: ${reason}`);
  return textReply(500, 'Something went wrong here. Try again in a moment.');
};

/**
 * Runs a handler and always gives a reply that is safe to write: a throw, a rejection or a header with a line
 * break in it becomes a plain 500 and one log line. Synchronous when the handler is.
 */
export const runHandler = (
  handler: HttpHandler,
  request: HttpRequest,
  log: (line: string) => void,
): HttpReply | Promise<HttpReply> => {
  const check = (reply: HttpReply): HttpReply => {
    const bad = badHeaderOf(reply);
    return bad === undefined ? reply : failed(log, request, new Error(`unsafe value in header ${bad}`));
  };
  try {
    const reply = handler(request);
    if (!(reply instanceof Promise)) return check(reply);
    return reply.then(check).catch((cause: unknown) => failed(log, request, cause));
  } catch (cause) {
    return failed(log, request, cause);
  }
};
