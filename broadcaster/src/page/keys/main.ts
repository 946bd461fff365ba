/** The channel's key, explained in one screen, and its backup. */

import { build } from '../dom/build.js';
import { showNavigation } from '../navigation/navigation.js';

type KeyInfo = {
  readonly kind: 'channel-key' | 'session-key';
  readonly address: string;
  readonly keyFile: string;
  readonly validUntilMs: number | null;
};

const main = document.getElementById('keys') ?? document.body;
const status = build('p', { className: 'quiet', attributes: { role: 'status' } });

const request = async (path: string, method: string): Promise<Response> => {
  const reply = await fetch(path, { method, cache: 'no-store' });
  if (!reply.ok) throw new Error((await reply.text()).trim());
  return reply;
};

const failed = (cause: unknown): void => {
  status.textContent = cause instanceof Error ? cause.message : String(cause);
  status.classList.add('trouble');
};

/** The words are in the page only while they are shown. */
function wordsCard(): HTMLElement {
  const list = build('ol', { className: 'words', attributes: { 'aria-label': 'The 24 words', hidden: '' } });
  const button = build('button', {
    text: 'Show the 24 words',
    className: 'primary',
    attributes: { type: 'button' },
  });
  const hide = (): void => {
    list.replaceChildren();
    list.hidden = true;
    button.textContent = 'Show the 24 words';
  };
  const show = async (): Promise<void> => {
    const reply: { readonly words: readonly string[] } = await (
      await request('/api/keys/words', 'POST')
    ).json();
    list.replaceChildren(...reply.words.map((text) => build('li', { text })));
    list.hidden = false;
    button.textContent = 'Hide the words';
  };
  button.addEventListener('click', () => (list.hidden ? void show().catch(failed) : hide()));
  // Nobody who walks by later finds them on the screen.
  document.addEventListener('visibilitychange', () => document.hidden && hide());
  const how =
    'Write them on paper, in this order, and keep the paper where you keep important things. No photo, no cloud: whoever reads them can be you.';
  return build('section', {
    className: 'card',
    children: [
      build('h2', { text: 'On paper' }),
      build('p', { text: how }),
      list,
      build('div', { className: 'row', children: [button] }),
      build('p', {
        className: 'quiet',
        children: ['To come back: ', build('code', { text: 'npx freshet keys restore' })],
      }),
    ],
  });
}

function fileCard({ keyFile, kind }: KeyInfo): HTMLElement {
  const button = build('button', { text: 'Download the key file', attributes: { type: 'button' } });
  const download = async (): Promise<void> => {
    const url = URL.createObjectURL(await (await request('/api/keys/file', 'POST')).blob());
    const name = kind === 'channel-key' ? 'freshet-channel.key' : 'freshet-session.key';
    build('a', { attributes: { href: url, download: name } }).click();
    URL.revokeObjectURL(url);
  };
  button.addEventListener('click', () => void download().catch(failed));
  return build('section', {
    className: 'card',
    children: [
      build('h2', { text: 'As a file' }),
      build('p', {
        text: 'Keep a copy on a USB stick or another disk of yours. It is a secret like the words.',
      }),
      build('div', { className: 'row', children: [button] }),
      build('p', { className: 'quiet file', text: `Here it is ${keyFile}` }),
    ],
  });
}

function sessionNote(validUntilMs: number | null): HTMLElement {
  const until = validUntilMs === null ? '' : ` until ${new Date(validUntilMs).toLocaleString()}`;
  const text = `This machine goes live with a session key, valid${until}. There is nothing to back up here: if it is lost, make another where the channel key is.`;
  return build('p', { className: 'card', text });
}

async function start(): Promise<void> {
  const info: KeyInfo = await (await request('/api/keys', 'GET')).json();
  const why =
    'Your channel is a key, and the key is yours alone: nobody gave it to you, and nobody can give it back. With a backup your address survives a broken disk; without one you would begin again with a new address.';
  const cards =
    info.kind === 'channel-key' ? [wordsCard(), fileCard(info)] : [sessionNote(info.validUntilMs)];
  main.replaceChildren(
    build('h1', { text: 'Your channel’s key' }),
    build('p', { text: why }),
    build('p', { className: 'quiet file', text: info.address }),
    status,
    ...cards,
    build('p', { children: [build('a', { text: 'Back to the show', attributes: { href: '/show' } })] }),
  );
  main.setAttribute('aria-busy', 'false');
}

start().catch((cause: unknown) => {
  main.replaceChildren(status);
  failed(cause);
});

void showNavigation();
