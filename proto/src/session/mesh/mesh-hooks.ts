/** What connects the mesh with the rest of a viewer's session. */

import type { ControlMessage } from '../../wire/control.js';
import type { LinkId } from '../io.js';
import type { PieceWindow } from '../window.js';

/** What the mesh asks of the rest of the session. */
export type MeshHooks = {
  /** The link of the relay in use, once its hello was accepted and it plans; `undefined` otherwise. */
  readonly relayLink: () => LinkId | undefined;
  /** The same whether it plans or not: it feeds. */
  readonly feedLink: () => LinkId | undefined;
  readonly relayUrl: () => string;
  readonly sayRelay: (message: ControlMessage) => void;
  /** Makes the relay send these stripes of the played rendition; 0 for none. */
  readonly subscribeRelay: (stripeMask: number, from: number | undefined) => void;
  /** Whether a catalog has come that is still being verified. */
  readonly isCatalogDue: () => boolean;
  readonly window: (renditionId: number) => PieceWindow | undefined;
  readonly receivePiece: (link: LinkId, message: Uint8Array) => void;
  /** What came over the link and waits for a catalog is of no use. */
  readonly forgetLink: (link: LinkId) => void;
};
