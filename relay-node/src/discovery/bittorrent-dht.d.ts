/** The part of bittorrent-dht 11 that is used; the package comes without types. */

declare module 'bittorrent-dht' {
  import type { EventEmitter } from 'node:events';

  /** A node of the DHT, as the library has it. */
  export class Client extends EventEmitter {
    constructor(options: {
      readonly socket: EventEmitter;
      readonly bootstrap: readonly { readonly host: string; readonly port: number }[];
      readonly verify: (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean;
      readonly concurrency: number;
      readonly maxAge: number;
      readonly maxPeers: number;
      readonly maxValues: number;
      readonly maxTables: number;
    });
    readonly nodes: { count(): number };
    /** Internal: announced relays by hash. Without a number it gives all of them. */
    readonly _peers: { get(name: string, count?: number): Buffer[] };
    put(
      item: {
        readonly k: Buffer;
        readonly v: Buffer;
        readonly salt: Buffer;
        readonly seq: number;
        readonly sign: (message: Uint8Array) => Buffer;
      },
      done: (error: Error | null, key?: Buffer, storedCount?: number) => void,
    ): void;
    get(
      target: Buffer,
      options: {
        readonly salt: Buffer;
        readonly cache: false;
        readonly verify: (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean;
      },
      done: (error: Error | null, item?: LibraryItem | null) => void,
    ): void;
    announce(hash: Buffer, port: number, done: (error: Error | null, storedCount?: number) => void): void;
    lookup(hash: Buffer, done: (error: Error | null) => void): void;
    listen(port: number, host: string | undefined, done: () => void): void;
    destroy(done: () => void): void;
  }

  /** An item that others stored at this node. */
  export type LibraryItem = {
    readonly v: unknown;
    readonly k?: Uint8Array;
    readonly sig?: Uint8Array;
    readonly seq?: number;
  };
}
