/** Title, description and poster: what viewers see of the show beside its picture. */

import { build } from '../dom/build.js';
import { ask, type ShowState } from './show-state.js';

/** The card. {@link update} leaves alone what is being edited. */
export class WordsCard {
  readonly element: HTMLElement;
  readonly #title = build('input', { attributes: { name: 'title', maxlength: '256', required: '' } });
  readonly #description = build('textarea', { attributes: { name: 'description', maxlength: '2000' } });
  readonly #poster = build('img', {
    className: 'poster',
    attributes: { alt: 'The poster of the show', hidden: '' },
  });
  readonly #save = build('button', { text: 'Save', attributes: { type: 'submit' } });
  #posterAt = 0;
  #shown = { title: '', description: '' };

  constructor(act: (work: () => Promise<unknown>, done: string) => void) {
    const file = build('input', {
      className: 'visually-hidden',
      attributes: {
        type: 'file',
        accept: 'image/jpeg,image/png,image/webp',
        hidden: '',
      },
    });
    const choose = build('button', { text: 'Choose a poster', attributes: { type: 'button' } });
    choose.addEventListener('click', () => file.click());
    file.addEventListener('change', () => {
      const [chosen] = file.files ?? [];
      if (chosen) act(async () => this.#sendPoster(chosen), 'Viewers see the new poster.');
      file.value = '';
    });
    const form = build('form', {
      className: 'card',
      attributes: { 'aria-label': 'What viewers see' },
      children: [
        build('label', { text: 'Title', children: [this.#title] }),
        build('label', { text: 'Description', children: [this.#description] }),
        this.#poster,
        build('div', { className: 'row', children: [this.#save, choose, file] }),
      ],
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const words = { title: this.#title.value, description: this.#description.value };
      act(() => ask('/api/show', words), 'Viewers see it now.');
    });
    form.addEventListener('input', () => this.#mark());
    this.element = form;
  }

  /** Shows what is in force. */
  update({ title, description, hasPoster }: ShowState): void {
    if (this.#title.value === this.#shown.title) this.#title.value = title;
    if (this.#description.value === this.#shown.description) this.#description.value = description;
    this.#shown = { title, description };
    this.#mark();
    const now = Date.now();
    if (!hasPoster || now - this.#posterAt < 60_000) return;
    this.#posterAt = now;
    this.#poster.hidden = false;
    this.#poster.src = `/api/poster?${now}`;
  }

  #mark(): void {
    const isChanged =
      this.#title.value !== this.#shown.title || this.#description.value !== this.#shown.description;
    this.#save.classList.toggle('primary', isChanged);
    this.#save.disabled = !isChanged;
  }

  async #sendPoster(file: File): Promise<void> {
    await ask('/api/poster', await shrink(file));
    this.#posterAt = 0;
  }
}

/** Longest side of what is sent: the control room takes small bodies only. */
const SIDE_MAX = 960;

async function shrink(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new Error('That is no picture that can be read: use a JPEG, PNG or WebP.');
  });
  const scale = Math.min(1, SIDE_MAX / Math.max(picture.width, picture.height));
  const canvas = build('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null): void =>
      blob ? resolve(blob) : reject(new Error('That picture cannot be used.'));
    canvas.toBlob(done, 'image/jpeg', 0.8);
  });
}
