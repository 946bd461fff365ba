/** A connection of the viewer to a parent, whichever platform opens it. */

/** An open or opening link. Methods of a closed one do nothing. */
export interface ViewerLink {
  /** Sends one binary message; nothing before the link is open. */
  send(bytes: Uint8Array): void;
  /** Bytes given to `send` that have not left. */
  readonly bufferedBytes: number;
  /** Ends the link, or the attempt to open it. No handler runs afterwards. */
  close(code: number, reason: string): void;
}

/** What the owner of a link does when something happens to it. */
export interface ViewerLinkHandlers {
  onOpen(): void;
  /** A binary message; its bytes belong to the handler. */
  onMessage(bytes: Uint8Array): void;
  /** The link is gone or could not be opened; exactly once, unless the owner closed it. */
  onClose(code: number, reason: string): void;
}

/** Opens a link to a WebSocket address. Never throws: what is wrong comes through `onClose`. */
export type DialEffect = (url: string, handlers: ViewerLinkHandlers) => ViewerLink;
