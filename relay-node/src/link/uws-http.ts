import { STATUS_CODES } from 'node:http';
import type { BlockList } from 'node:net';
import {
  carriesBody,
  type HttpHandler,
  type HttpReply,
  type HttpRequest,
  isBodiless,
  textReply,
} from '../http/http-message.js';
import { runHandler } from '../http/run-handler.js';
import { addressFromBytes, clientAddress } from './remote-address.js';
import type { UwsRequest, UwsResponse } from './uws-api.js';

/** What answering needs to know. */
export type UwsHttpOptions = {
  readonly handler: HttpHandler;
  readonly bodyBytesMax: number;
  readonly log: (line: string) => void;
  readonly trustedProxies: BlockList | undefined;
  /** Whether a connection that was answered is better closed. */
  readonly isCrowded: () => boolean;
  /** Told +1 when a request begins and -1 when it is answered or given up. */
  readonly onPending: (change: 1 | -1) => void;
};

const NO_BODY = new Uint8Array(0);

/** Bodies up to this, in bytes or characters, are handed over at once, and can end their connection. */
const LAST_BODY_MAX = 64 * 1024;

/** Copies everything out of a request, since the native one dies with its handler. */
const copyRequest = (
  res: UwsResponse,
  req: UwsRequest,
  trustedProxies: BlockList | undefined,
): Omit<HttpRequest, 'body'> => {
  const headers = new Map<string, string>();
  req.forEach((name, value) => {
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  });
  const peer = addressFromBytes(new Uint8Array(res.getRemoteAddress()));
  return {
    method: req.getCaseSensitiveMethod().toUpperCase(),
    path: req.getUrl(),
    query: req.getQuery() ?? '',
    header: (name) => headers.get(name.toLowerCase()),
    remoteAddress: clientAddress(peer, headers.get('x-forwarded-for'), trustedProxies),
  };
};

/**
 * Whether two readers could disagree on where this request ends (RFC 9112 §6.3). The native parser refuses a length
 * beside a transfer coding, and takes the first of two lengths and codings that it does not know.
 */
const hasDoubtfulLength = ({ header }: Pick<HttpRequest, 'header'>): boolean => {
  const lengths = header('content-length');
  const coding = header('transfer-encoding');
  const isLengthSure = lengths === undefined || /^\d+$/.test(lengths);
  return !isLengthSure || (coding !== undefined && coding.trim().toLowerCase() !== 'chunked');
};

const writeHead = (res: UwsResponse, reply: HttpReply): void => {
  res.writeStatus(`${reply.status} ${STATUS_CODES[reply.status] ?? 'Unknown'}`);
  for (const [name, value] of Object.entries(reply.headers)) {
    if (name.toLowerCase() !== 'content-length') res.writeHeader(name, value);
  }
};

/** Streams a body from the caller's own memory: a client that reads slowly makes no copy of it grow. */
const writeBody = (res: UwsResponse, bytes: Uint8Array): void => {
  const [wroteAll] = res.tryEnd(bytes, bytes.length);
  if (wroteAll) return;
  res.onWritable((offset) => {
    const [wroteRest] = res.tryEnd(bytes.subarray(offset), bytes.length);
    return wroteRest;
  });
};

/** Writes a whole reply. Call it corked, and only while the response is valid. */
export const writeUwsReply = (
  res: UwsResponse,
  reply: HttpReply,
  how: { readonly isHead: boolean; readonly isLast: boolean },
): void => {
  writeHead(res, reply);
  const bytes = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
  if (isBodiless(reply.status)) res.endWithoutBody(undefined, how.isLast);
  else if (how.isHead) res.endWithoutBody(bytes.length, how.isLast);
  else if (bytes.length === 0 || how.isLast) res.end(bytes, how.isLast);
  else writeBody(res, bytes);
};

/** Answers one request on a native response; a client that goes away is noticed and nothing more is written. */
export const serveUwsRequest = (res: UwsResponse, req: UwsRequest, options: UwsHttpOptions): void => {
  const head = copyRequest(res, req, options.trustedProxies);
  if (hasDoubtfulLength(head)) {
    // Whatever follows would be read as a request of its own, and an answer would not stop that.
    res.close();
    return;
  }
  let isOver = false;
  const finish = (): boolean => {
    if (isOver) return false;
    isOver = true;
    options.onPending(-1);
    return true;
  };
  options.onPending(1);
  res.onAborted(() => {
    finish();
  });
  const write = (reply: HttpReply, isLast: boolean): void => {
    if (!finish()) return;
    res.cork(() => writeUwsReply(res, reply, { isHead: head.method === 'HEAD', isLast }));
  };
  const run = (body: Uint8Array): void => {
    const reply = runHandler(options.handler, { ...head, body }, options.log);
    // A long body is streamed, which cannot end the connection; its reader has to keep reading.
    const isLast = ({ body: { length } }: HttpReply): boolean =>
      length <= LAST_BODY_MAX && options.isCrowded();
    if (reply instanceof Promise) void reply.then((settled) => write(settled, isLast(settled)));
    else write(reply, isLast(reply));
  };
  if (!carriesBody(head.method)) {
    run(NO_BODY);
    return;
  }
  const parts: Uint8Array[] = [];
  let bodyBytes = 0;
  res.onData((chunk, isLast) => {
    if (isOver) return;
    bodyBytes += chunk.byteLength;
    if (bodyBytes > options.bodyBytesMax) {
      parts.length = 0;
      write(textReply(413, `This is more than the ${options.bodyBytesMax} bytes taken here.`), true);
      return;
    }
    parts.push(new Uint8Array(chunk.slice(0)));
    if (isLast) run(Buffer.concat(parts));
  });
};
