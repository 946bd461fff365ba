/** The player as an element for any page. */

import type { CreateFeed } from '../playback/feed.js';
import { FreshetPlayer } from './freshet-player.js';

export { FreshetPlayer } from './freshet-player.js';
export { readPageAddress } from './page-address.js';
export { documentTitle } from './words.js';

/** The element's name. */
export const PLAYER_TAG = 'freshet-player';

/** Registers `<freshet-player>`, whose media comes from `createFeed`. A second call changes nothing. */
export const definePlayer = (createFeed: CreateFeed): void => {
  if (customElements.get(PLAYER_TAG) !== undefined) return;
  customElements.define(
    PLAYER_TAG,
    class extends FreshetPlayer {
      constructor() {
        super(createFeed);
      }
    },
  );
};
