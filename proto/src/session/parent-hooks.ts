/** What the links towards the broadcaster need of the rest of the session. */

import type { ControlMessage, SignedCatalog } from '../wire/control.js';
import type { LinkId } from './io.js';
import type { ParentWants } from './parent-voice.js';

/** What the parent side asks of the rest of the session. */
export type ParentHooks = ParentWants & {
  readonly onCatalog: (link: LinkId, signed: SignedCatalog) => boolean;
  /** The parent knows the channel and has no broadcast. */
  readonly onAbsent: () => void;
  /** A picture came, compared with nothing yet; for relays. */
  readonly onPoster: (picture: Uint8Array) => void;
  /** A message that only viewers in a mesh take. `false` when it may not come. */
  readonly onMesh: (message: ControlMessage) => boolean;
  /** A parent has come into use: its hello was accepted, or it takes over. */
  readonly onReady: () => void;
  /** The link is gone; nothing that came over it is of use unless it was verified. `wasUsed`: it was the one in use. */
  readonly onLost: (link: LinkId, wasUsed: boolean) => void;
  /** The node's place has changed. */
  readonly onPlace: () => void;
  /** Something changed that may change the session's state. */
  readonly onChange: () => void;
};
