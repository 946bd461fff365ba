/** Everything that goes into a session and comes out of it. */

import type { Catalog } from '../catalog.js';
import type { MediaChunk } from '../media.js';
import type { PeerId, ReportKind } from '../plan/index.js';
import type { WallMs } from '../time.js';
import type { SignedCatalog } from '../wire/control.js';

/** Names a link within one session. The adapter chooses children's numbers, the session chooses parents'. */
export type LinkId = number;

/** What an adapter tells the session. Byte arrays belong to the session afterwards. */
export type Input =
  /** A child's link is open; it speaks first. `network`: coarsely where it comes from, in any form. */
  | { readonly kind: 'child-opened'; readonly link: LinkId; readonly network?: string }
  /** The link that a `dial` output asked for is open. */
  | { readonly kind: 'parent-opened'; readonly link: LinkId }
  /** A message came. `bufferedBytes`: what is queued towards that link at this moment. */
  | {
      readonly kind: 'received';
      readonly link: LinkId;
      readonly bytes: Uint8Array;
      readonly bufferedBytes: number;
    }
  /** The link's queue has shrunk to `bufferedBytes`. */
  | { readonly kind: 'writable'; readonly link: LinkId; readonly bufferedBytes: number }
  /** The link's queue was full and a message to it was dropped. */
  | { readonly kind: 'overflowed'; readonly link: LinkId }
  /** The link is gone, or could not be opened. The session closed it or the other side did. */
  | { readonly kind: 'closed'; readonly link: LinkId; readonly code: number; readonly reason: string }
  /** The answer to a `verify` output. */
  | { readonly kind: 'verified'; readonly id: number; readonly ok: boolean }
  /** The publisher's own catalog, signed by it. */
  | { readonly kind: 'publish-catalog'; readonly signed: SignedCatalog }
  /** The picture whose digest the catalog in force names; the owner has compared it. For child relays. */
  | { readonly kind: 'set-poster'; readonly picture: Uint8Array }
  /** The publisher's own piece, cut and signed by it. */
  | { readonly kind: 'publish-piece'; readonly message: Uint8Array }
  /** Play this rendition (0: the catalog's first). For viewers. */
  | { readonly kind: 'select-rendition'; readonly renditionId: number }
  /** The connection to the neighbour that a `connect` output asked for is open. */
  | { readonly kind: 'peer-opened'; readonly link: LinkId }
  /** The connection wants this carried to the neighbour's end, by way of the relay. */
  | { readonly kind: 'signal'; readonly link: LinkId; readonly bytes: Uint8Array }
  /** What this viewer may upload for others, in bits per second; 0 makes it download-only. */
  | { readonly kind: 'offer-uplink'; readonly uplinkBps: number }
  /** How far behind the capture the player shows its picture: what comes later than that is of no use. */
  | { readonly kind: 'playout'; readonly lagMs: number }
  /** How the broadcast plays here, for the relay's sums: latency now, and counts since the viewer began. For viewers. */
  | {
      readonly kind: 'playing';
      readonly latencyMs: number;
      readonly stallCount: number;
      readonly stallMs: number;
    }
  /** Further parents to dial, as WebSocket addresses, best first. */
  | { readonly kind: 'add-parents'; readonly urls: readonly string[] }
  /**
   * The relay itself wants the first rendition, or with `takesAll` all of them, or none any more; for relays on demand,
   * which take what is wanted only.
   */
  | { readonly kind: 'hold'; readonly isHeld: boolean; readonly takesAll?: boolean }
  /** The answer to an `origin-claimed` event: the child answers there. Without it nobody is sent to that origin. */
  | { readonly kind: 'origin-proven'; readonly link: LinkId }
  /** The node is to stop: newcomers are turned away, children are told where else to go, and fed until they have gone. */
  | { readonly kind: 'drain' }
  /** {@link nextTimeout} has passed. */
  | { readonly kind: 'timeout' };

/** Ed25519 over `message`, and where `payload` is present, its SHA-256 against `digest`; both must hold. */
export type VerifyRequest = {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly payload?: Uint8Array;
  readonly digest?: Uint8Array;
};

/** Why a node has no live media to show. */
export type Absence =
  /** No parent has answered yet. */
  | 'connecting'
  /** A parent answered: it knows the channel, no broadcast is going on. */
  | 'not-started'
  /** The broadcaster is there, its source is not. */
  | 'waiting'
  | 'ended'
  /** Every parent says that it does not carry this channel. */
  | 'unknown-channel'
  /** No parent shares a protocol version with this node. */
  | 'incompatible'
  /** Every parent has sent something forged. */
  | 'untrusted';

/** What happened, for the node's owner. */
export type SessionEvent =
  /** A new catalog is in force. */
  | { readonly kind: 'catalog'; readonly catalog: Catalog; readonly isNewEpoch: boolean }
  /** A parent sent a picture (relays only): to be compared with the digest in the catalog, then handed in as `set-poster`. */
  | { readonly kind: 'poster'; readonly picture: Uint8Array }
  /** A chunk is complete and verified, in order (viewers only). */
  | { readonly kind: 'chunk'; readonly chunk: MediaChunk }
  /** Something forged, replayed or malformed came from this link and was not used. */
  | { readonly kind: 'refused'; readonly link: LinkId; readonly why: RefusalKind }
  /** Whether media flows, and if not why; `detail` is a sentence for people where there is one. */
  | { readonly kind: 'state'; readonly state: 'live' | Absence; readonly detail: string }
  /** A parent was lost and is dialled again in `retryInMs`. */
  | { readonly kind: 'parent-lost'; readonly url: string; readonly code: number; readonly retryInMs: number }
  /** The plan says that so many stripes are to come from other viewers. */
  | { readonly kind: 'mesh'; readonly stripesFromPeers: number }
  /** A child relay says where others reach it. Whoever answers there is that child if it recognises the token. */
  | {
      readonly kind: 'origin-claimed';
      readonly link: LinkId;
      readonly origin: string;
      readonly token: string;
    }
  /** A parent's hello was accepted. */
  | { readonly kind: 'parent-ready'; readonly url: string; readonly agent: string };

/** Kinds of refused input, as counted in metrics. */
export type RefusalKind =
  | 'malformed'
  | 'bad-signature'
  | 'bad-certificate'
  | 'wrong-epoch'
  | 'out-of-window'
  | 'replayed'
  | 'overflow'
  /** More requests, signals or subscriptions than a neighbour may send. */
  | 'flood'
  /** A viewer's number without its secret. */
  | 'impostor'
  /** A parent that is below this relay, or too far from the publisher. */
  | 'loop';

/** What a session wants done, in this order. */
export type Output =
  /** Send to one link. */
  | { readonly kind: 'transmit'; readonly link: LinkId; readonly bytes: Uint8Array }
  /** Send to every link attached to the topic. */
  | {
      readonly kind: 'publish';
      readonly topic: string;
      readonly bytes: Uint8Array;
      /** Of a piece: when it was captured, on the broadcaster's clock. */
      readonly captureMs?: WallMs;
    }
  | { readonly kind: 'attach'; readonly link: LinkId; readonly topic: string }
  | { readonly kind: 'detach'; readonly link: LinkId; readonly topic: string }
  /** Open a link to the parent at this WebSocket address; answered by `parent-opened` or `closed`. */
  | { readonly kind: 'dial'; readonly link: LinkId; readonly url: string }
  /** Connect to a neighbour; answered by `peer-opened` or `closed`. `stunPort`: of the relay in use, 0 for none. */
  | {
      readonly kind: 'connect';
      readonly link: LinkId;
      readonly peer: PeerId;
      readonly isOfferer: boolean;
      readonly relayUrl: string;
      readonly stunPort: number;
    }
  /** For the connection of this link, from the neighbour's end. */
  | { readonly kind: 'signal'; readonly link: LinkId; readonly bytes: Uint8Array }
  | { readonly kind: 'close'; readonly link: LinkId; readonly code: number; readonly reason: string }
  | { readonly kind: 'verify'; readonly id: number; readonly request: VerifyRequest }
  | { readonly kind: 'event'; readonly event: SessionEvent };

/** What a session holds at this moment; each part has its limit. */
export type SessionHoldings = {
  /** Of all windows together, at most `WINDOW_BYTES_MAX` for each rendition. */
  readonly windowBytes: number;
  /** Pieces that wait for the catalog that names their key, at most `PENDING_PIECES_MAX`. */
  readonly piecesWaiting: number;
  /** Verifications asked for and not answered, at most `PENDING_PIECES_MAX` + `PENDING_CATALOGS_MAX`. */
  readonly verifying: number;
};

/** Counters since the session began. */
export type SessionStats = {
  readonly piecesVerified: number;
  readonly piecesDuplicate: number;
  readonly refused: Readonly<Record<RefusalKind, number>>;
  readonly bytesReceived: number;
  readonly chunksSkipped: number;
  /** Times a child fell behind and was set forward to a keyframe. */
  readonly childrenLagged: number;
  /** Round trip to the parent in use; `undefined` before the first answer. */
  readonly rttMs: number | undefined;
  /** Parents whose hello was accepted. */
  readonly parentCount: number;
  /** Viewers attached here and below. */
  readonly viewerCount: number;
  readonly broadcastNowMs: WallMs | undefined;
  /** Links between the publisher and this relay, as its parent says; 0 without a parent, and for viewers. */
  readonly hopCount: number;
  /** Times that another parent took over without a wait. */
  readonly parentChanges: number;
  /** A viewer's share in the mesh; `undefined` for one that takes no part and for relays. */
  readonly mesh: MeshStats | undefined;
  /** The cell that a relay plans; `undefined` for viewers. */
  readonly cell: CellStats | undefined;
};

/** What a viewer got from its neighbours and did for them, since it began. */
export type MeshStats = {
  /** Bytes of pieces by where they came from. */
  readonly bytesFromRelay: number;
  readonly bytesFromPeers: number;
  readonly bytesToPeers: number;
  /** Open links to neighbours. */
  readonly neighbourCount: number;
  /** Neighbours that take at least one stripe from this viewer at this moment. */
  readonly helpedCount: number;
  /** Stripes fed by neighbours, of all that are taken. */
  readonly stripesFromPeers: number;
  readonly stripeCount: number;
  readonly uplinkBps: number;
  readonly piecesRequested: number;
  readonly piecesRepaired: number;
  readonly piecesDropped: number;
  /** Times a stripe was taken from another parent because the one before failed. */
  readonly sourceSwitches: number;
  /** This viewer's number among its neighbours. */
  readonly peer: PeerId;
  /** Who feeds each stripe; 0 is the relay. */
  readonly sources: readonly PeerId[];
  /** The newest times that pieces of a stripe began to come from somebody else, oldest first. */
  readonly handovers: readonly Handover[];
};

/** A piece of a stripe that came from another node than the one before it: of its new source, or as a repair. */
export type Handover = {
  readonly stripe: number;
  /** 0 is the relay. */
  readonly from: PeerId;
  readonly to: PeerId;
  /** Time since the stripe's last new piece. */
  readonly gapMs: number;
  /** When it came, on the broadcaster's clock. */
  readonly atMs: WallMs;
};

/** The cell as its relay sees it. */
export type CellStats = {
  readonly viewerCount: number;
  /** Stripes that the relay feeds outside its plan. */
  readonly guestFeeds: number;
  readonly planMessages: number;
  readonly signalsForwarded: number;
  readonly repairsServed: number;
  /** What viewers reported about their neighbours, by kind. */
  readonly reports: Readonly<Record<ReportKind, number>>;
};
