/** A link server under test, with everything that happened to it written down. */

import { WebSocket } from 'ws';
import type { HttpHandler } from '../../relay-node/src/http/http-message.js';
import { textReply } from '../../relay-node/src/http/http-message.js';
import { createLinkServer } from '../../relay-node/src/link/create-link-server.js';
import type { LinkLimits } from '../../relay-node/src/link/link-limits.js';
import type {
  LinkEngine,
  LinkHandlers,
  LinkRequest,
  LinkServer,
  ServerLink,
} from '../../relay-node/src/link/link-server.js';

/** What the owner of these links hangs on them. */
export type Mark = { readonly name: string };

type Opened = { readonly link: ServerLink<Mark>; readonly request: LinkRequest };
type Closed = { readonly link: ServerLink<Mark>; readonly code: number; readonly reason: string };

/** Everything that the server told its owner. */
export class Recorder implements LinkHandlers<Mark> {
  readonly opened: Opened[] = [];
  readonly messages: { readonly link: ServerLink<Mark>; readonly bytes: Uint8Array }[] = [];
  readonly writable: { readonly link: ServerLink<Mark>; readonly bufferedBytes: number }[] = [];
  readonly overflows: ServerLink<Mark>[] = [];
  readonly closed: Closed[] = [];

  onOpen(link: ServerLink<Mark>, request: LinkRequest): void {
    this.opened.push({ link, request });
  }
  onMessage(link: ServerLink<Mark>, bytes: Uint8Array): void {
    this.messages.push({ link, bytes });
  }
  onWritable(link: ServerLink<Mark>, bufferedBytes: number): void {
    this.writable.push({ link, bufferedBytes });
  }
  onOverflow(link: ServerLink<Mark>): void {
    this.overflows.push(link);
  }
  onClose(link: ServerLink<Mark>, code: number, reason: string): void {
    this.closed.push({ link, code, reason });
  }
}

/** Waits, in steps of 5 ms, until something holds; fails after `msMax`. */
export const until = async (what: string, holds: () => boolean, msMax = 10_000): Promise<void> => {
  const deadline = performance.now() + msMax;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${msMax} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** A well-behaved client and what it got. */
export type Client = {
  readonly ws: WebSocket;
  readonly got: Buffer[];
  /** Code and reason, once closed. */
  readonly end: { code: number; reason: string } | undefined;
};

/** Opens a well-behaved client. */
export const openClient = async (port: number, path = '/link'): Promise<Client> => {
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: false });
  const got: Buffer[] = [];
  const client: { ws: WebSocket; got: Buffer[]; end: { code: number; reason: string } | undefined } = {
    ws,
    got,
    end: undefined,
  };
  ws.on('message', (data: Buffer) => got.push(data));
  ws.on('close', (code, reason) => {
    client.end = { code, reason: reason.toString() };
  });
  await new Promise<void>((resolve, reject) => {
    ws.once('open', () => resolve());
    ws.once('error', reject);
  });
  ws.on('error', () => undefined);
  return client;
};

/** A server on a free port of 127.0.0.1, its record, and helpers bound to it. */
export class Rig {
  readonly record: Recorder;
  readonly server: LinkServer;
  readonly logged: string[];
  readonly port: number;

  private constructor(record: Recorder, server: LinkServer, logged: string[], port: number) {
    this.record = record;
    this.server = server;
    this.logged = logged;
    this.port = port;
  }

  static async start(
    engine: LinkEngine,
    options: {
      limits?: Partial<LinkLimits>;
      handleHttp?: HttpHandler;
      record?: Recorder;
      port?: number;
      isLoopbackLimited?: boolean;
    } = {},
  ): Promise<Rig> {
    const record = options.record ?? new Recorder();
    const logged: string[] = [];
    const server = createLinkServer<Mark>({
      engine,
      host: '127.0.0.1',
      port: options.port ?? 0,
      acceptLink: (path) => path.startsWith('/link'),
      handlers: record,
      handleHttp: options.handleHttp ?? ((request) => textReply(200, `you asked for ${request.path}`)),
      log: (line) => logged.push(line),
      limits: { closeGraceMs: 100, ...options.limits },
      isLoopbackLimited: options.isLoopbackLimited,
    });
    const { port } = await server.listen();
    return new Rig(record, server, logged, port);
  }

  /** Opens a client and gives it together with its link on the server. */
  async attachClient(topic?: string): Promise<{ client: Client; link: ServerLink<Mark> }> {
    const before = this.record.opened.length;
    const client = await openClient(this.port);
    await until('the server sees the link', () => this.record.opened.length > before);
    const link = this.record.opened[before]?.link;
    if (link === undefined) throw new Error('no link');
    if (topic !== undefined) link.attach(topic);
    return { client, link };
  }
}

/** A message that begins with its own number; a view into the middle of something larger, as pieces often are. */
export const numbered = (index: number, byteLength: number): Uint8Array => {
  const bytes = Buffer.alloc(byteLength + 16, index & 0xff).subarray(9, 9 + byteLength);
  bytes.writeUInt32BE(index, 0);
  return bytes;
};

/** The numbers of messages made by `numbered`; fails on one whose filling is not its own. */
export const numbersOf = (messages: readonly Buffer[]): number[] =>
  messages.map((bytes) => {
    const index = bytes.readUInt32BE(0);
    if (bytes.length > 4 && bytes.readUInt8(bytes.length - 1) !== (index & 0xff)) {
      throw new Error(`message ${index} is not as it was sent`);
    }
    return index;
  });
