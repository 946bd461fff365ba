/** Opens and protects the media beside DTLS (SRTP, RFC 3711 and RFC 7714), by werift's ciphers. */

import type { SrtpKeys } from '@freshet/relay-node';
import type { SrtcpSession, SrtpSession } from 'werift';

/** Senders that a transport may name; packets of more are dropped. A camera with RTX and a microphone are three. */
export const SENDERS_MAX = 16;

/** A fixed RTP header, and a receiver report without blocks. */
const RTP_BYTES_MIN = 12;
const RTCP_BYTES_MIN = 8;

/** The part of werift that protects media. */
export type WeriftMedia = Pick<typeof import('werift'), 'SrtpSession' | 'SrtcpSession'>;

/** Both directions of one transport. Nothing here throws on bytes from the network. */
export class MediaCipher {
  readonly #srtp: SrtpSession;
  readonly #srtcp: SrtcpSession;
  readonly #senders = new Set<number>();

  constructor(werift: WeriftMedia, keys: SrtpKeys) {
    const config = {
      keys: {
        localMasterKey: keys.localKey,
        localMasterSalt: keys.localSalt,
        remoteMasterKey: keys.remoteKey,
        remoteMasterSalt: keys.remoteSalt,
      },
      profile: keys.profile,
    };
    this.#srtp = new werift.SrtpSession(config);
    this.#srtcp = new werift.SrtcpSession(config);
  }

  /** The plain RTP packet; `undefined` for one that is not the other end's, or of one sender too many. */
  openRtp(packet: Buffer): Buffer | undefined {
    if (packet.length < RTP_BYTES_MIN) return undefined;
    const sender = packet.readUInt32BE(8);
    // werift keeps a state for each, without a bound.
    if (!this.#senders.has(sender) && this.#senders.size >= SENDERS_MAX) return undefined;
    try {
      const plain = this.#srtp.decrypt(packet);
      this.#senders.add(sender);
      return plain;
    } catch {
      // Forged, or damaged on the way: as good as lost.
      return undefined;
    }
  }

  /** The plain RTCP packet; `undefined` for one that is not the other end's. */
  openRtcp(packet: Buffer): Buffer | undefined {
    if (packet.length < RTCP_BYTES_MIN) return undefined;
    try {
      return this.#srtcp.decrypt(packet);
    } catch {
      // Forged, or damaged on the way: as good as lost.
      return undefined;
    }
  }

  /** Protects a compound RTCP packet. */
  sealRtcp(packet: Uint8Array): Buffer {
    return this.#srtcp.encrypt(Buffer.from(packet.buffer, packet.byteOffset, packet.length));
  }
}

/** Which of the two a datagram is that begins like RTP (RFC 5761 §4). */
export function isRtcp(datagram: Uint8Array): boolean {
  const type = datagram[1] ?? 0;
  return type >= 192 && type <= 223;
}
