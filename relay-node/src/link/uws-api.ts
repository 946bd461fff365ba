/**
 * The part of uWebSockets.js that the relay uses, typed here: the package is optional, so its own types may be absent
 * when this is compiled.
 */

import { createRequire } from 'node:module';

/** A native listening socket. */
export type UwsListenSocket = { readonly uwsListenSocket?: never };

/** A native upgrade context, valid during the upgrade handler. */
export type UwsContext = { readonly uwsContext?: never };

/** Stack allocated: valid only during the handler that got it. */
export interface UwsRequest {
  getHeader(lowerCaseName: string): string;
  getUrl(): string;
  getQuery(): string | undefined;
  getCaseSensitiveMethod(): string;
  forEach(visit: (name: string, value: string) => void): void;
}

/** Valid until it is answered or `onAborted` runs. */
export interface UwsResponse {
  writeStatus(status: string): UwsResponse;
  writeHeader(name: string, value: string): UwsResponse;
  end(body?: string | Uint8Array, closeConnection?: boolean): UwsResponse;
  endWithoutBody(reportedLength?: number, closeConnection?: boolean): UwsResponse;
  /** Writes what the kernel takes without keeping the rest; `[wroteAll, hasResponded]`. */
  tryEnd(body: Uint8Array, totalBytes: number): [boolean, boolean];
  onWritable(handler: (offset: number) => boolean): UwsResponse;
  onAborted(handler: () => void): UwsResponse;
  /** The chunk is valid only during the handler. */
  onData(handler: (chunk: ArrayBuffer, isLast: boolean) => void): UwsResponse;
  getRemoteAddress(): ArrayBuffer;
  cork(write: () => void): UwsResponse;
  close(): UwsResponse;
  upgrade<Data>(data: Data, key: string, protocol: string, extensions: string, context: UwsContext): void;
}

/** Valid from `open` until `close` returns; throws afterwards. */
export interface UwsSocket<Data> {
  /** 0: buffered, 1: sent, 2: dropped. */
  send(message: Uint8Array, isBinary: boolean, compress: boolean): number;
  getBufferedAmount(): number;
  /** Runs the close handler before it returns. */
  end(code: number, reason: string): void;
  subscribe(topic: string): boolean;
  unsubscribe(topic: string): boolean;
  getUserData(): Data;
}

/** Settings and handlers of WebSockets; byte limits, and seconds. */
export type UwsBehavior<Data> = {
  readonly maxPayloadLength: number;
  readonly maxBackpressure: number;
  readonly idleTimeout: number;
  readonly maxLifetime: number;
  readonly sendPingsAutomatically: boolean;
  readonly closeOnBackpressureLimit: boolean;
  readonly compression: number;
  readonly upgrade: (res: UwsResponse, req: UwsRequest, context: UwsContext) => void;
  readonly open: (ws: UwsSocket<Data>) => void;
  /** The message is valid only during the handler. */
  readonly message: (ws: UwsSocket<Data>, message: ArrayBuffer, isBinary: boolean) => void;
  /** Runs in the middle of a fan-out: must not touch sockets or topics. */
  readonly dropped: (ws: UwsSocket<Data>, message: ArrayBuffer, isBinary: boolean) => void;
  readonly drain: (ws: UwsSocket<Data>) => void;
  readonly close: (ws: UwsSocket<Data>, code: number, reason: ArrayBuffer) => void;
};

/** One port's routes and topics. */
export interface UwsApp {
  ws<Data>(pattern: string, behavior: UwsBehavior<Data>): UwsApp;
  any(pattern: string, handler: (res: UwsResponse, req: UwsRequest) => void): UwsApp;
  /** Told +1 for a new connection and -1 for one that ends without having become a WebSocket. */
  filter(handler: (res: UwsResponse, change: number) => void): UwsApp;
  /** Calls back before it returns. */
  listen(port: number, options: number, done: (socket: UwsListenSocket | false) => void): UwsApp;
  listen(
    host: string,
    port: number,
    options: number,
    done: (socket: UwsListenSocket | false) => void,
  ): UwsApp;
  publish(topic: string, message: Uint8Array, isBinary: boolean, compress: boolean): boolean;
  close(): UwsApp;
}

/** Paths of PEM files. */
export type UwsTlsOptions = { readonly cert_file_name: string; readonly key_file_name: string };

/** The module. */
export interface UwsModule {
  App(): UwsApp;
  /** Throws when the files cannot be used. */
  SSLApp(options: UwsTlsOptions): UwsApp;
  us_listen_socket_close(socket: UwsListenSocket): void;
  us_socket_local_port(socket: UwsListenSocket): number;
  readonly LIBUS_LISTEN_EXCLUSIVE_PORT: number;
}

/** uWebSockets.js is not installed, or its binary does not fit this machine. */
export class EngineError extends Error {
  readonly kind = 'engine-missing';
  constructor(cause: unknown) {
    super('uWebSockets.js does not load on this machine. Leave the engine unset to serve with ws instead.', {
      cause,
    });
    this.name = 'EngineError';
  }
}

const isUwsModule = (value: unknown): value is UwsModule =>
  typeof value === 'object' &&
  value !== null &&
  'App' in value &&
  typeof value.App === 'function' &&
  'SSLApp' in value &&
  typeof value.SSLApp === 'function' &&
  'us_listen_socket_close' in value &&
  'us_socket_local_port' in value &&
  'LIBUS_LISTEN_EXCLUSIVE_PORT' in value;

/** Loads the native module, or throws an EngineError whatever the reason is that it cannot. */
export const loadUws = (): UwsModule => {
  let loaded: unknown;
  try {
    loaded = createRequire(import.meta.url)('uWebSockets.js');
  } catch (cause) {
    throw new EngineError(cause);
  }
  if (!isUwsModule(loaded)) throw new EngineError(new Error('the module lacks what the relay needs'));
  return loaded;
};
