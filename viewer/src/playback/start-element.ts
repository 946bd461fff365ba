/** Starts a media element, and tells a browser that refuses from one that is only busy. */

/** What came of an attempt to play. */
export type StartResult =
  | 'started'
  /** The browser wants the person to tap first. */
  | 'refused'
  /** A pause or a new source came in between: whoever did that plays again. */
  | 'interrupted';

/** Calls `play` and gives what came of it; never throws. */
export const startElement = async (element: HTMLMediaElement): Promise<StartResult> => {
  try {
    await element.play();
    return 'started';
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotAllowedError' ? 'refused' : 'interrupted';
  }
};
