/** On air or not: the buttons, the schedule, the markers, the recording. */

import { build } from '../dom/build.js';
import { ask, clock, type ShowState, size, timeLeft } from './show-state.js';

/** Runs what a person asked for, and says how it went. */
export type Act = (work: () => Promise<unknown>, done: string) => void;

const button = (text: string, className = ''): HTMLButtonElement =>
  build('button', { text, className, attributes: { type: 'button' } });

/** The bar at the top: where the show stands, and the buttons that change it. */
export class StageBar {
  readonly element: HTMLElement;
  readonly #badge = build('span', { className: 'badge' });
  readonly #figure = build('span', { className: 'figure' });
  readonly #viewers = build('span', { className: 'quiet' });
  readonly #resume = button('Go live now', 'primary');
  readonly #pause = button('Pause');
  readonly #end = button('End the show', 'danger');
  #endAskedAt = 0;

  constructor(act: Act) {
    this.#resume.addEventListener('click', () =>
      act(() => ask('/api/show', { action: 'resume' }), 'You are on air.'),
    );
    this.#pause.addEventListener('click', () =>
      act(() => ask('/api/show', { action: 'pause' }), 'Viewers wait. Their page goes on by itself.'),
    );
    this.#end.addEventListener('click', () => this.#handleEnd(act));
    const where = build('div', { className: 'row', children: [this.#badge, this.#figure, this.#viewers] });
    const buttons = build('div', { className: 'row', children: [this.#resume, this.#pause, this.#end] });
    this.element = build('header', { className: 'bar wide', children: [where, buttons] });
  }

  /** Shows where it stands. */
  update({ phase, state, mediaMs, viewers, startsMs, nowMs }: ShowState): void {
    const isLive = state === 'live';
    const words = {
      scheduled: 'Scheduled',
      on: isLive ? 'LIVE' : 'Waiting for the source',
      paused: 'Paused',
      over: 'Ended',
    };
    this.#badge.textContent = words[phase];
    this.#badge.classList.toggle('live', isLive);
    this.#figure.textContent = startsMs === null ? clock(mediaMs) : `in ${clock(startsMs - nowMs)}`;
    this.#viewers.textContent = `${viewers} ${viewers === 1 ? 'viewer' : 'viewers'}`;
    this.#resume.hidden = phase === 'on';
    this.#resume.textContent =
      phase === 'paused' ? 'Go on' : phase === 'over' ? 'Go live again' : 'Go live now';
    this.#pause.hidden = phase !== 'on';
    this.#end.hidden = phase === 'over';
    if (Date.now() - this.#endAskedAt > END_MS) this.#end.textContent = 'End the show';
  }

  /** Ending is asked twice: it cannot be taken back for those who watch. */
  #handleEnd(act: Act): void {
    if (Date.now() - this.#endAskedAt > END_MS) {
      this.#endAskedAt = Date.now();
      this.#end.textContent = 'Press again to end';
      return;
    }
    this.#endAskedAt = 0;
    act(() => ask('/api/show', { action: 'end' }), 'The show has ended. Its link stays yours.');
  }
}

/** How long the second press may take. */
const END_MS = 4_000;

/** Markers, and the key M. */
export class MarkerCard {
  readonly element: HTMLElement;
  readonly #title = build('input', {
    attributes: { 'aria-label': 'Name of the marker', maxlength: '120', placeholder: 'Name (optional)' },
  });
  readonly #mark = build('button', {
    attributes: { type: 'submit' },
    children: ['Mark ', build('kbd', { text: 'M' })],
  });
  readonly #list = build('ol', {
    className: 'markers',
    attributes: { 'aria-label': 'Markers', tabindex: '0' },
  });
  #shown = -1;

  constructor(act: Act) {
    const add = (): void => {
      const title = this.#title.value;
      this.#title.value = '';
      act(() => ask('/api/markers', { title }), 'Marked.');
    };
    const form = build('form', { className: 'row', children: [this.#title, this.#mark] });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      add();
    });
    document.addEventListener('keydown', (event) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (event.key.toLowerCase() === 'm' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey)
        add();
    });
    const hint = 'Markers become chapters of the recording.';
    this.element = card('Markers', [form, this.#list, build('p', { className: 'quiet', text: hint })]);
  }

  /** Shows the markers, newest first. */
  update({ markers, state }: ShowState): void {
    this.#mark.disabled = state !== 'live';
    this.#list.hidden = markers.length === 0;
    if (markers.length === this.#shown) return;
    this.#shown = markers.length;
    const lines = [...markers]
      .reverse()
      .map(({ title, mediaMs }) =>
        build('li', { children: [build('span', { text: clock(mediaMs) }), build('span', { text: title })] }),
      );
    this.#list.replaceChildren(...lines);
  }
}

/** A start that is announced. */
export class ScheduleCard {
  readonly element: HTMLElement;
  readonly #time = build('input', {
    attributes: { type: 'datetime-local', 'aria-label': 'When it begins', required: '' },
  });

  constructor(act: Act) {
    const form = build('form', {
      className: 'row',
      children: [this.#time, build('button', { text: 'Announce', attributes: { type: 'submit' } })],
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const at = new Date(this.#time.value);
      if (Number.isNaN(at.getTime())) return;
      act(() => ask('/api/show', { startsAt: at.toISOString() }), 'Viewers see a countdown.');
    });
    const hint = 'Viewers see a countdown, and the show begins by itself.';
    this.element = card('Announce a start', [form, build('p', { className: 'quiet', text: hint })]);
  }

  /** Not while the show is on air. */
  update({ state }: ShowState): void {
    this.element.hidden = state === 'live';
  }
}

/** What is recorded, and how long the disk lasts. */
export class RecordingCard {
  readonly element: HTMLElement;
  readonly #state = build('p');
  readonly #file = build('p', { className: 'quiet file' });

  constructor() {
    this.element = card('Recording', [this.#state, this.#file]);
  }

  /** Shows how it stands. */
  update({ recording }: ShowState): void {
    const { isOn, state, file, bytes = 0, durationMs = 0, minutesLeft, problem } = recording;
    const words = [clock(durationMs), size(bytes)];
    if (minutesLeft !== undefined) words.push(`room for ${timeLeft(minutesLeft)} more`);
    const idle =
      file === undefined ? 'Recording begins with the show.' : `Saved: ${words.slice(0, 2).join(' · ')}`;
    const off = 'Nothing is recorded. Start with --record to keep a copy.';
    this.#state.textContent = !isOn ? off : (problem ?? (state === 'recording' ? words.join(' · ') : idle));
    this.#state.classList.toggle('trouble', problem !== undefined);
    this.#file.textContent = file ?? '';
    this.#file.hidden = file === undefined;
  }
}

function card(title: string, children: readonly Node[]): HTMLElement {
  return build('section', { className: 'card', children: [build('h2', { text: title }), ...children] });
}
