/** The player's style sheet, shared by all players of a page. */

import { build } from './element-builder.js';
import { CONTROL_STYLES } from './styles/controls.js';
import { PANEL_STYLES } from './styles/panels.js';
import { SCREEN_STYLES } from './styles/screens.js';
import { STAGE_STYLES } from './styles/stage.js';

const CSS = [STAGE_STYLES, CONTROL_STYLES, PANEL_STYLES, SCREEN_STYLES].join('\n');

let shared: CSSStyleSheet | undefined;

/** Gives a shadow root the player's styles. */
export const adoptStyles = (root: ShadowRoot): void => {
  // Safari before 16.4 has no constructed style sheets.
  if (!('adoptedStyleSheets' in Document.prototype)) {
    root.append(build('style', { text: CSS }));
    return;
  }
  if (shared === undefined) {
    shared = new CSSStyleSheet();
    shared.replaceSync(CSS);
  }
  root.adoptedStyleSheets = [shared];
};
