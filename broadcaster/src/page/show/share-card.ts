/** The links of the show, ready to be copied or photographed. */

import { build } from '../dom/build.js';
import type { Share } from './show-state.js';

/** Builds the card; `say` takes short notes for the person. */
export function shareCard(share: Share, say: (text: string) => void): HTMLElement {
  const qr = build('img', {
    className: 'qr',
    attributes: {
      src: `data:image/svg+xml,${encodeURIComponent(share.qr)}`,
      alt: 'QR code of the link to watch',
    },
  });
  const links = build('div', {
    className: 'column',
    children: [
      copyLine('Link to watch', share.watch, say),
      copyLine('Link for the app', share.app, say),
      copyLine('Embed in a page', share.embed, say),
    ],
  });
  const local =
    'Only this machine can open these links. Start with --public-url, or on your network without --host, to share it.';
  return build('section', {
    className: 'card wide',
    attributes: { 'aria-labelledby': 'share-title' },
    children: [
      build('h2', { text: 'Share', attributes: { id: 'share-title' } }),
      ...(share.isLocal ? [build('p', { className: 'note', text: local })] : []),
      build('div', { className: 'share', children: [qr, links] }),
    ],
  });
}

function copyLine(label: string, text: string, say: (text: string) => void): HTMLElement {
  const field = build('input', { attributes: { readonly: '', value: text, 'aria-label': label } });
  field.addEventListener('focus', () => field.select());
  const button = build('button', {
    text: 'Copy',
    attributes: { type: 'button', 'aria-label': `Copy: ${label}` },
  });
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(text).then(
      () => say(`${label} copied.`),
      () => {
        field.select();
        say('The browser does not allow copying: the text is selected, press Ctrl+C.');
      },
    );
  });
  const line = build('div', { className: 'copy', children: [field, button] });
  return build('label', { text: label, children: [line] });
}
