/** Requests and replies as the relay's own code sees them, whichever engine serves the port. */

/** One HTTP request, complete with its (bounded) body. All of it stays valid for as long as it is held. */
export type HttpRequest = {
  /** Upper case: `GET`. */
  readonly method: string;
  /** As sent, not percent-decoded, without the query; always starts with `/`. */
  readonly path: string;
  /** What follows `?`, or the empty string. */
  readonly query: string;
  /** The value of a header, named in any case; `undefined` when it was not sent. */
  header(name: string): string | undefined;
  /** IP address of the other end in its shortest form; behind a trusted proxy, what the proxy says it is. */
  readonly remoteAddress: string;
  /** Empty unless the method carries one; never above `httpBodyBytesMax`. */
  readonly body: Uint8Array;
};

/** What to answer. The engine adds `Content-Length` and leaves the body out where HTTP forbids one. */
export type HttpReply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Not to be changed once handed over: a slow reader is served from this same memory. */
  readonly body: Uint8Array | string;
};

/** Answers one request. A throw or a rejection becomes a 500 that says nothing of the cause. */
export type HttpHandler = (request: HttpRequest) => HttpReply | Promise<HttpReply>;

/** A reply of one plain sentence, never cached. */
export const textReply = (status: number, text: string, headers: Record<string, string> = {}): HttpReply => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
  body: `${text}\n`,
});

/** A reply of one JSON document, never cached. */
export const jsonReply = (
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): HttpReply => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
  body: JSON.stringify(value),
});

/** Whether a reply of this status must not carry a body (RFC 9110 §6.4.1). */
export const isBodiless = (status: number): boolean => status === 204 || status === 304;

/** Methods whose body the engines collect before the handler runs. */
export const carriesBody = (method: string): boolean =>
  method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE';
