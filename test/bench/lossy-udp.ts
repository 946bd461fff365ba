/** A UDP port in front of another one on this machine that loses and delays what it passes on, both ways. */

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Prng } from '@freshet/proto';

/** What becomes of each datagram. */
export type LossyUdpOptions = { readonly to: number; readonly loss: number; readonly delayMs: number };

const HOST = '127.0.0.1';

/** An open one. */
export class LossyUdp {
  readonly #options: LossyUdpOptions;
  readonly #prng = new Prng('lossy udp');
  readonly #front = createSocket('udp4');
  /** A socket for each client, so that the far end can tell them apart. */
  readonly #backs = new Map<number, Socket>();
  #isClosed = false;

  private constructor(options: LossyUdpOptions) {
    this.#options = options;
    this.#front.on('message', (bytes, { port }: RemoteInfo) => {
      const back = this.#backOf(port);
      this.#pass(() => back.send(bytes, options.to, HOST));
    });
  }

  /** Opens one on any free port. */
  static async open(options: LossyUdpOptions): Promise<LossyUdp> {
    const lossy = new LossyUdp(options);
    lossy.#front.bind(0, HOST);
    await once(lossy.#front, 'listening');
    return lossy;
  }

  get port(): number {
    return this.#front.address().port;
  }

  close(): void {
    this.#isClosed = true;
    this.#front.close();
    for (const back of this.#backs.values()) back.close();
  }

  #backOf(port: number): Socket {
    const known = this.#backs.get(port);
    if (known) return known;
    const back = createSocket('udp4');
    back.on('message', (bytes) => this.#pass(() => this.#front.send(bytes, port, HOST)));
    this.#backs.set(port, back);
    return back;
  }

  #pass(send: () => void): void {
    if (this.#prng.next() < this.#options.loss) return;
    setTimeout(() => {
      if (!this.#isClosed) send();
    }, this.#options.delayMs);
  }
}

/** Runs in a page: everything that connects to `from` connects to `to` instead. */
export const redirectScript = (from: number, to: number): string => `{
  const original = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    const through = sdp.replace(/^(a=candidate:\\S+ \\d+ udp \\d+ \\S+ )${from}\\b/gim, '$1${to}');
    return original.call(this, { type, sdp: through });
  };
}`;
