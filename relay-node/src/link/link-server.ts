/** The relay's port: WebSocket links and HTTP together, behind one interface that two engines implement. */

import type { BlockList } from 'node:net';
import type { HttpHandler } from '../http/http-message.js';
import type { TlsSource } from '../tls/tls-identity.js';
import type { LinkLimits } from './link-limits.js';

/** What carries the port: native code where its binary loads, plain Node everywhere. */
export type LinkEngine = 'uWebSockets.js' | 'ws';

/**
 * One WebSocket from a viewer or a child relay. After it has closed, every method is a no-op and
 * `bufferedBytes` is 0.
 *
 * @typeParam Context what the owner hangs on the link, instead of a table of its own.
 */
export interface ServerLink<Context> {
  /** Unique in the process and never reused. */
  readonly id: number;
  /** The owner's; `undefined` until the owner sets it. */
  context: Context | undefined;
  /**
   * Sends one binary message, in order with everything published to the link's topics before and after. The bytes
   * must not be changed afterwards. Over the buffer limit the message is dropped and `onOverflow` follows.
   */
  send(bytes: Uint8Array): void;
  /** From now on the link gets what is published to the topic. Attaching twice is attaching once. */
  attach(topic: string): void;
  /** From now on it does not; what was published before still arrives. */
  detach(topic: string): void;
  /** Outgoing bytes that the kernel has not taken yet. */
  readonly bufferedBytes: number;
  /** Sends a close frame (code 1000-4999, reason of at most 123 bytes) and lets go. `onClose` runs during the call. */
  close(code: number, reason: string): void;
}

/** What is known of a link when it opens. Not retained by the server. */
export type LinkRequest = {
  /** As sent, not percent-decoded, without the query. */
  readonly path: string;
  /** What follows `?`, or the empty string. */
  readonly query: string;
  /** IP address of the other end in its shortest form; behind a trusted proxy, what the proxy says it is. */
  readonly remoteAddress: string;
  /** The page's origin, as browsers say; `undefined` from other clients. */
  readonly origin: string | undefined;
  /** `X-Forwarded-For` as sent: anybody can write anything there. */
  readonly forwardedFor: string | undefined;
};

/** What the owner of the links does when something happens. None of these may throw. */
export interface LinkHandlers<Context> {
  /** A link is ready to be sent to. */
  onOpen(link: ServerLink<Context>, request: LinkRequest): void;
  /** A binary message. The bytes belong to the handler and stay as they are. (Text closes the link with 1003.) */
  onMessage(link: ServerLink<Context>, bytes: Uint8Array): void;
  /** Waiting bytes went out. Runs at the latest when none is left, if more than 64 KiB were waiting. */
  onWritable(link: ServerLink<Context>, bufferedBytes: number): void;
  /**
   * One or more messages, sent or published, were dropped for this link alone. Never runs inside `send` or `publish`,
   * but soon after, once for all that was dropped until then. The link stays attached; what follows may get through,
   * so the owner decides where the link can usefully resume.
   */
  onOverflow(link: ServerLink<Context>): void;
  /** The last that is heard of the link; exactly once for every `onOpen`. 1006 when the other end said nothing. */
  onClose(link: ServerLink<Context>, code: number, reason: string): void;
}

/** A port that serves links and HTTP. */
export interface LinkServer {
  readonly engine: LinkEngine;
  /** Links open now. */
  readonly linkCount: number;
  /** Connections closed unanswered so far because their address opened too many. */
  readonly connectsRefused: number;
  /** What a burst to one link may leave waiting in it, so that memory stays small and `onWritable` still comes. */
  readonly burstBytesMax: number;
  /** Opens the port; resolves with its number (the one asked for, unless that was 0). Rejects with a ListenError. */
  listen(): Promise<{ port: number }>;
  /** Sends one binary message to every link attached to the topic. The bytes must not be changed afterwards. */
  publish(topic: string, bytes: Uint8Array): void;
  /** Closes every link with 1001, stops listening, and leaves no handle behind. Safe to call again. */
  close(): Promise<void>;
}

/** What a link server is made of. */
export type LinkServerOptions<Context> = {
  /** 0 for any free one. */
  readonly port: number;
  /** Address to listen on; every interface, IPv6 and IPv4, when left out. */
  readonly host?: string | undefined;
  /** Which paths take WebSockets; on any other, an upgrade is answered 404. */
  readonly acceptLink: (path: string) => boolean;
  readonly handlers: LinkHandlers<Context>;
  /** Answers everything that is not a WebSocket. */
  readonly handleHttp: HttpHandler;
  /** Takes whole lines for the operator. */
  readonly log: (line: string) => void;
  /** Replaces single limits. */
  readonly limits?: Partial<LinkLimits> | undefined;
  /** Serves `https:` and `wss:` in place of `http:` and `ws:`, always with the newest certificate. */
  readonly tls?: TlsSource | undefined;
  /** Reverse proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: BlockList | undefined;
  /** Bounds the connections of this machine's own addresses as well; for tests. */
  readonly isLoopbackLimited?: boolean | undefined;
};

/** Close codes that the server itself uses (RFC 6455 §7.4.1). */
export const LINK_CLOSE = {
  /** The server is going away. */
  goingAway: 1001,
  /** A text message came where only binary ones are understood. */
  text: 1003,
  /** The connection ended, or fell silent, without a close frame. */
  abnormal: 1006,
  /** A message was longer than `messageBytesMax`. */
  tooLong: 1009,
} as const;

/** The reason sent with `LINK_CLOSE.text`. */
export const TEXT_REFUSED = 'text messages are not understood here';

let linkIdLast = 0;

/** The next link id of this process. */
export const nextLinkId = (): number => {
  linkIdLast += 1;
  return linkIdLast;
};
