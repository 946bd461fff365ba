/**
 * The relay's end of DTLS with one client. werift shakes hands; the records that follow are protected here, because
 * werift copies each several times and takes an unprotected alert or hello of anybody for the other end's word (0.24.4).
 * The client's certificate is not looked at: whoever sends pieces is known by their signatures.
 */

import type { DtlsServer, Transport } from 'werift';
import { decodeRecords, RecordCipher, RecordKind } from './dtls-record.js';
import type { EdgeCertificate } from './edge-certificate.js';

/** Bytes and records of a handshake, with what is sent twice; more are dropped, and the handshake times out. */
const HANDSHAKE_BYTES_MAX: number = 32 * 1024;
const HANDSHAKE_RECORDS_MAX = 96;

/** No record of the handshake has a higher number. A number used twice with one key would give the key away. */
const HANDSHAKE_SEQUENCE_MAX = 1_000;

/** Two bytes of an alert: warning, close_notify (RFC 5246 §7.2.1). */
const CLOSE_NOTIFY = Buffer.from([1, 0]);

/** AES-128-GCM and AES-128 with HMAC-SHA1 (RFC 7714 §14.2, RFC 5764 §4.1.2). */
const SRTP_PROFILES: (7 | 1)[] = [7, 1];

/** The number of the flight that ends a handshake. */
const FLIGHT_LAST = 6;

/** Keys of the media that flows beside the records (RFC 5764 §4.2). `profile` is 7 for AEAD_AES_128_GCM, 1 for HMAC. */
export type SrtpKeys = {
  readonly profile: 1 | 7;
  readonly localKey: Buffer;
  readonly localSalt: Buffer;
  readonly remoteKey: Buffer;
  readonly remoteSalt: Buffer;
};

/** Bytes of a master key, and of a salt with GCM and with HMAC (RFC 7714 §12, RFC 3711 §8.2). */
const SRTP_KEY_BYTES = 16;
const SRTP_SALT_BYTES = { 7: 12, 1: 14 } as const;

/** The part of werift that shakes hands, loaded when an edge starts. */
export type Werift = Pick<typeof import('werift'), 'DtlsServer' | 'HashAlgorithm' | 'SignatureAlgorithm'>;

/** What a session does to the outside. None may throw. */
export type DtlsHandlers = {
  emit(datagram: Buffer): void;
  /** `send` works from now on. */
  onOpen(): void;
  /** What the client sent, which belongs to the handler. */
  onData(content: Buffer): void;
  /** The client has said that it goes, or cannot be understood. */
  onEnd(): void;
};

/** One session. */
export class DtlsSession {
  readonly #handlers: DtlsHandlers;
  readonly #server: DtlsServer;
  readonly #transport: Transport;
  #cipher: RecordCipher | undefined;
  #handshakeBytes = 0;
  #handshakeRecords = 0;
  #isClosed = false;

  constructor(werift: Werift, certificate: EdgeCertificate, handlers: DtlsHandlers) {
    this.#handlers = handlers;
    this.#transport = {
      type: 'udp',
      address: { address: '', family: '', port: 0 },
      closed: false,
      onData: () => undefined,
      send: async (datagram) => {
        if (!this.#isClosed) handlers.emit(datagram);
      },
      close: async () => undefined,
    };
    this.#server = new werift.DtlsServer({
      cert: certificate.certPem,
      key: certificate.keyPem,
      signatureHash: {
        hash: werift.HashAlgorithm.sha256_4,
        signature: werift.SignatureAlgorithm.ecdsa_3,
      },
      transport: this.#transport,
      extendedMasterSecret: true,
      // No media flows, but a werift at the other end fails when none of its profiles is taken (0.24.4).
      srtpProfiles: SRTP_PROFILES,
      // Browsers expect to be asked.
      certificateRequest: true,
    });
    this.#server.onConnect.subscribe(() => this.#handleConnect());
    this.#server.onError.subscribe(() => this.#end());
  }

  /** Hands in a datagram, whatever it holds. `onProven` runs before what is proven to be the client's is told. */
  receive(datagram: Buffer, onProven: () => void): void {
    for (const { kind, epoch, bytes } of decodeRecords(datagram)) {
      if (this.#isClosed) return;
      if (epoch === 1 && (kind === RecordKind.data || kind === RecordKind.alert)) {
        const content = this.#cipher?.open(bytes);
        if (content === undefined) continue;
        onProven();
        if (kind === RecordKind.data) this.#handlers.onData(content);
        else this.#end();
      } else if (kind === RecordKind.handshake || kind === RecordKind.changeCipherSpec) {
        this.#shakeHands(epoch, bytes);
      }
    }
  }

  /** Sends content in a record; nothing before `onOpen`. */
  send(content: Uint8Array): void {
    if (!this.#isClosed && this.#cipher) this.#handlers.emit(this.#cipher.seal(RecordKind.data, content));
  }

  /** The client's certificate (DER), once it is open; whose it is has to be checked by its fingerprint. */
  get peerCertificate(): Uint8Array | undefined {
    return this.#cipher && this.#server.remoteCertificate;
  }

  /** Keys for SRTP, once it is open; `undefined` when the client wants no media. */
  srtpKeys(): SrtpKeys | undefined {
    const { srtpProfile } = this.#server.srtp;
    if (!this.#cipher || (srtpProfile !== 1 && srtpProfile !== 7)) return undefined;
    const keys = this.#server.extractSessionKeys(SRTP_KEY_BYTES, SRTP_SALT_BYTES[srtpProfile]);
    return { profile: srtpProfile, ...keys };
  }

  /** Says good-bye and ends. No handler runs afterwards. */
  close(): void {
    if (this.#isClosed) return;
    if (this.#cipher) this.#handlers.emit(this.#cipher.seal(RecordKind.alert, CLOSE_NOTIFY));
    this.#release();
  }

  #shakeHands(epoch: number, record: Buffer): void {
    // Once it is open, only the client's last message counts: it comes again when our answer to it was lost.
    if (epoch > 1 || (this.#cipher && epoch === 0)) return;
    this.#handshakeBytes += record.length;
    this.#handshakeRecords += 1;
    if (this.#handshakeBytes > HANDSHAKE_BYTES_MAX || this.#handshakeRecords > HANDSHAKE_RECORDS_MAX) return;
    try {
      this.#transport.onData(Buffer.from(record), ['', 0]);
    } catch {
      // A record that werift cannot read is as good as lost.
    }
  }

  #handleConnect(): void {
    if (this.#isClosed || this.#cipher) return;
    const { serverWriteKey, serverNonce, clientWriteKey, clientNonce } = this.#server.cipher.cipher;
    if (!serverWriteKey || !serverNonce || !clientWriteKey || !clientNonce) return this.#end();
    this.#cipher = new RecordCipher(
      { key: serverWriteKey, nonce: Buffer.from(serverNonce.subarray(0, 4)) },
      { key: clientWriteKey, nonce: Buffer.from(clientNonce.subarray(0, 4)) },
    );
    this.#cipher.skipTo(HANDSHAKE_SEQUENCE_MAX);
    this.#handlers.onOpen();
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#release();
    this.#handlers.onEnd();
  }

  #release(): void {
    this.#isClosed = true;
    // werift would go on sending its flight for half a minute.
    this.#server.dtls.flight = FLIGHT_LAST;
  }
}
