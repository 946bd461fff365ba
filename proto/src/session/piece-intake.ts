/** The way of a piece from a link into the window: checked, verified, taken once. */

import { equalBytes } from '../bytes.js';
import { signedMessage } from '../identity/signing.js';
import { CAPTURE_SKEW_MS_MAX, PENDING_PIECES_MAX, PENDING_PIECES_PER_LINK_MAX } from '../limits.js';
import { decodePiece, type Piece } from '../piece/piece.js';
import type { WallMs } from '../time.js';
import type { KeptCatalog } from './catalog-keeper.js';
import type { SessionContext } from './context.js';
import type { LinkId } from './io.js';
import { PieceWindow } from './window.js';

/** What the intake asks of the rest of the session. */
export type IntakeHooks = {
  /** A verified piece, new to this node, and the link it came over; none for the publisher's own. */
  readonly onPiece: (piece: Piece, link: LinkId | undefined) => void;
  /** A piece came once more; this is the verified copy that is held. */
  readonly onDuplicate: (held: Piece, link: LinkId) => void;
  /** A piece over this link is malformed or its signature does not hold. */
  readonly onForgery: (link: LinkId) => void;
  /** The broadcaster's clock, when known. */
  readonly broadcastNow: () => WallMs | undefined;
};

/**
 * Pieces may come before the catalog that names their key: they wait, at most {@link PENDING_PIECES_MAX} of them;
 * beyond that the newest is dropped. The same bound holds for pieces whose verification is under way.
 */
export class PieceIntake {
  readonly #context: SessionContext;
  readonly #hooks: IntakeHooks;
  readonly #windows = new Map<number, PieceWindow>();
  #catalog: KeptCatalog | undefined;
  #waiting: { link: LinkId; piece: Piece }[] = [];
  #verifying = 0;
  #piecesVerified = 0;
  #piecesDuplicate = 0;

  constructor(context: SessionContext, hooks: IntakeHooks) {
    this.#context = context;
    this.#hooks = hooks;
  }

  /** Pieces that were verified and taken. */
  get piecesVerified(): number {
    return this.#piecesVerified;
  }

  /** Pieces that wait for their catalog. */
  get piecesWaiting(): number {
    return this.#waiting.length;
  }

  /** What all windows hold, as they count it. */
  get windowBytes(): number {
    let bytes = 0;
    for (const window of this.#windows.values()) bytes += window.bytes;
    return bytes;
  }

  /** Pieces that came once more. */
  get piecesDuplicate(): number {
    return this.#piecesDuplicate;
  }

  /** The window of a rendition of the epoch in force. */
  window(renditionId: number): PieceWindow | undefined {
    return this.#windows.get(renditionId);
  }

  /** The link is gone: what came over it and still waits for a catalog is forgotten. */
  forget(link: LinkId): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting.link !== link);
  }

  /** A catalog came into force; a new epoch empties the windows, a rendition that it leaves out loses its own. */
  setCatalog(kept: KeptCatalog, isNewEpoch: boolean): void {
    this.#catalog = kept;
    const ids = new Set(kept.catalog.renditions.map(({ id }) => id));
    for (const id of this.#windows.keys()) if (isNewEpoch || !ids.has(id)) this.#windows.delete(id);
    for (const id of ids) if (!this.#windows.has(id)) this.#windows.set(id, new PieceWindow());
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { link, piece } of waiting) this.#consider(link, piece);
  }

  /** Takes a piece message from a link. */
  receive(link: LinkId, message: Uint8Array): void {
    const piece = decodePiece(message);
    if (!piece) {
      this.#context.refuse(link, 'malformed');
      this.#hooks.onForgery(link);
      return;
    }
    this.#consider(link, piece);
  }

  /** Takes the publisher's own piece, which needs no verification. `false` when it is not one of this epoch. */
  publish(message: Uint8Array): boolean {
    const piece = decodePiece(message);
    if (!piece || piece.header.epoch !== this.#catalog?.catalog.epoch) return false;
    return this.#take(piece, undefined);
  }

  #consider(link: LinkId, piece: Piece): void {
    const { header } = piece;
    const kept = this.#catalog;
    // A new epoch's pieces may overtake its catalog's verification.
    if (!kept || header.epoch > kept.catalog.epoch) return this.#wait(link, piece);
    if (header.epoch < kept.catalog.epoch) return this.#context.refuse(link, 'wrong-epoch');
    const window = this.#windows.get(header.renditionId);
    if (!window) return this.#context.refuse(link, 'out-of-window');
    if (window.has(header.sequence)) {
      const held = window.get(header.sequence);
      // The broadcaster signs a piece once, so an altered copy is a forgery, and proves nothing for who sends it.
      if (held && !equalBytes(held.message, piece.message)) return this.#forged(link);
      this.#piecesDuplicate++;
      if (held) this.#hooks.onDuplicate(held, link);
      return;
    }
    // No limit ahead: the window moves for verified pieces only, and after an outage the stream is any distance on.
    if (window.isPast(header.chunkNumber)) return this.#context.refuse(link, 'out-of-window');
    const now = this.#hooks.broadcastNow();
    if (now !== undefined && Math.abs(header.captureMs - now) > CAPTURE_SKEW_MS_MAX)
      return this.#context.refuse(link, 'replayed');
    if (this.#verifying >= PENDING_PIECES_MAX) return this.#context.refuse(link, 'overflow');
    this.#verify(link, piece, kept.sessionKey);
  }

  #verify(link: LinkId, piece: Piece, publicKey: Uint8Array): void {
    this.#verifying++;
    const request = {
      publicKey,
      message: signedMessage('piece', piece.headerBytes),
      signature: piece.signature,
      payload: piece.payload,
      digest: piece.header.payloadDigest,
    };
    this.#context.verify(request, (ok) => {
      this.#verifying--;
      if (ok) {
        this.#take(piece, link);
        return;
      }
      this.#forged(link);
    });
  }

  #forged(link: LinkId): void {
    this.#context.refuse(link, 'bad-signature');
    this.#hooks.onForgery(link);
  }

  #take(piece: Piece, link: LinkId | undefined): boolean {
    const { header } = piece;
    const window = this.#windows.get(header.renditionId);
    // While the piece was being verified its epoch may have ended, or a copy of it may have been taken.
    if (!window || header.epoch !== this.#catalog?.catalog.epoch) return false;
    if (window.has(header.sequence) || window.isPast(header.chunkNumber)) {
      this.#piecesDuplicate++;
      const held = window.get(header.sequence);
      if (held && link !== undefined) this.#hooks.onDuplicate(held, link);
      return false;
    }
    this.#piecesVerified++;
    window.add(piece);
    this.#hooks.onPiece(piece, link);
    return true;
  }

  #wait(link: LinkId, piece: Piece): void {
    const now = this.#hooks.broadcastNow();
    // An epoch is the time at which it began.
    if (now !== undefined && piece.header.epoch > now + CAPTURE_SKEW_MS_MAX)
      return this.#context.refuse(link, 'wrong-epoch');
    let own = 0;
    for (const waiting of this.#waiting) if (waiting.link === link) own++;
    if (own >= PENDING_PIECES_PER_LINK_MAX || this.#waiting.length >= PENDING_PIECES_MAX)
      return this.#context.refuse(link, 'overflow');
    this.#waiting.push({ link, piece });
  }
}
