/** The player's DOM, put together once and then kept in step with a model. */

import { ControlBar, type ControlModel } from './control-bar.js';
import { build, setAttribute, setText } from './element-builder.js';
import { formatSince } from './figures.js';
import { icon, mark } from './icons.js';
import { KeyHelp } from './key-help.js';
import type { PlayerCommand } from './keyboard.js';
import { type Screen, type ScreenAction, showsPicture } from './screen.js';
import { StatsOverlay } from './stats-overlay.js';
import { StatusView } from './status-view.js';
import { CONTROL_WORDS, helpingSentence } from './words.js';

/** A hint stays this long, in milliseconds. */
const HINT_MS = 1400;

/** What the player shows. */
export type ViewModel = Omit<ControlModel, 'isStatsOpen'> & {
  readonly screen: Screen | undefined;
  /** What screen readers are told when it changes. */
  readonly spoken: string;
  readonly title: string | undefined;
  /** How long the broadcast has been running, in milliseconds. */
  readonly broadcastAgeMs: number | undefined;
  /** Viewers that this one passes the broadcast on to. */
  readonly helpedCount: number;
  readonly areControlsShown: boolean;
  /** The large button in the middle; `watch` before anything was loaded. */
  readonly bigPlay: 'hidden' | 'play' | 'watch';
};

/** What the view asks for. */
export type ViewListener = {
  readonly onCommand: (command: PlayerCommand) => void;
  readonly onVolume: (volume: number) => void;
  readonly onAction: (action: ScreenAction) => void;
};

/** Everything inside the shadow root. */
export class PlayerView {
  /** Holds the video and everything over it. */
  readonly element: HTMLElement;
  readonly stats: StatsOverlay;
  readonly keys: KeyHelp;
  readonly #bar: ControlBar;
  readonly #status: StatusView;
  readonly #title = build('bdi', { className: 'title', part: 'title' });
  readonly #since = build('span', { className: 'since' });
  readonly #helping: HTMLButtonElement;
  readonly #helpedCount = build('span');
  readonly #header: HTMLElement;
  readonly #bigPlay: HTMLButtonElement;
  readonly #bigPlayText = build('span');
  readonly #unmute: HTMLButtonElement;
  readonly #hint = build('div', { className: 'hint', part: 'hint', attributes: { 'aria-hidden': 'true' } });
  readonly #spoken = build('p', {
    className: 'spoken',
    attributes: { role: 'status', 'aria-live': 'polite' },
  });
  #hintTimer: ReturnType<typeof setTimeout> | undefined;
  #lastSpoken = '';

  constructor(video: HTMLVideoElement, listener: ViewListener) {
    this.stats = new StatsOverlay(() => listener.onCommand({ kind: 'toggle-stats' }));
    this.keys = new KeyHelp(() => listener.onCommand({ kind: 'toggle-keys' }));
    this.#bar = new ControlBar(listener);
    this.#status = new StatusView(listener.onAction);
    this.#bigPlay = build('button', {
      className: 'big-play',
      part: 'big-play-button',
      attributes: { type: 'button', hidden: '' },
      children: [icon('play'), this.#bigPlayText],
    });
    this.#bigPlay.addEventListener('click', () => listener.onCommand({ kind: 'toggle-play' }));
    this.#unmute = build('button', {
      className: 'unmute',
      part: 'unmute-button',
      attributes: { type: 'button', hidden: '' },
      children: [icon('volumeOff'), build('span', { text: CONTROL_WORDS.tapToUnmute })],
    });
    this.#unmute.addEventListener('click', () => listener.onCommand({ kind: 'toggle-mute' }));
    const heading = build('div', { className: 'heading', children: [this.#title, this.#since] });
    this.#helping = build('button', {
      className: 'helping',
      part: 'helping-button',
      attributes: { type: 'button', hidden: '' },
      children: [
        icon('helping'),
        build('span', { className: 'word', text: CONTROL_WORDS.helping }),
        this.#helpedCount,
      ],
    });
    this.#helping.addEventListener('click', () => listener.onCommand({ kind: 'toggle-stats' }));
    const corner = [mark(), heading, this.#helping];
    this.#header = build('header', { className: 'header', part: 'header', children: corner });
    this.element = build('div', {
      className: 'stage',
      part: 'stage',
      // Focusable by a click, so that the keys work from then on.
      attributes: { role: 'region', 'aria-label': CONTROL_WORDS.player, tabindex: '-1' },
      children: [
        build('div', { className: 'poster', children: [mark()] }),
        video,
        this.#status.element,
        this.#bigPlay,
        this.#header,
        this.#unmute,
        this.#bar.element,
        this.stats.element,
        this.keys.element,
        this.#hint,
        this.#spoken,
      ],
    });
  }

  /** The control that has the focus, if one has. */
  get focused(): HTMLElement | undefined {
    const root = this.element.getRootNode();
    const focused = root instanceof ShadowRoot ? root.activeElement : null;
    return focused instanceof HTMLElement ? focused : undefined;
  }

  /** Shows the model. */
  update(model: ViewModel): void {
    this.#status.update(model.screen);
    this.#bar.update({ ...model, isStatsOpen: this.stats.isOpen });
    const isPictureShown = showsPicture(model.screen);
    this.element.classList.toggle('is-covered', !isPictureShown);
    this.element.classList.toggle('is-bare', !model.areControlsShown);
    this.#updateHeader(model);
    this.#updateHelping(model.helpedCount);
    this.#bigPlay.hidden = model.bigPlay === 'hidden' || !isPictureShown;
    const isUnasked = model.bigPlay === 'watch';
    this.element.classList.toggle('is-unasked', isUnasked);
    this.#bigPlay.classList.toggle('has-text', isUnasked);
    setText(this.#bigPlayText, isUnasked ? CONTROL_WORDS.watchLive : '');
    setAttribute(this.#bigPlay, 'aria-label', isUnasked ? CONTROL_WORDS.watchLive : CONTROL_WORDS.play);
    this.#unmute.hidden =
      !(model.playback.isMutedByBrowser && model.playback.hasSound) ||
      !isPictureShown ||
      !this.#bigPlay.hidden;
    if (model.spoken !== this.#lastSpoken) {
      this.#lastSpoken = model.spoken;
      setText(this.#spoken, model.spoken);
    }
  }

  /** Shows and speaks a short note. */
  hint(text: string): void {
    setText(this.#hint, text);
    setText(this.#spoken, text);
    this.#hint.classList.add('is-shown');
    clearTimeout(this.#hintTimer);
    this.#hintTimer = setTimeout(() => this.#hint.classList.remove('is-shown'), HINT_MS);
  }

  /** Puts another video element in the old one's place. */
  replaceVideo(old: HTMLVideoElement, video: HTMLVideoElement): void {
    old.replaceWith(video);
  }

  #updateHeader({ title, broadcastAgeMs, isLive }: ViewModel): void {
    this.#header.hidden = title === undefined;
    if (title === undefined) return;
    setText(this.#title, title);
    setAttribute(this.element, 'aria-label', `${CONTROL_WORDS.player}: ${title}`);
    setText(this.#since, broadcastAgeMs === undefined || !isLive ? '' : formatSince(broadcastAgeMs));
  }

  #updateHelping(count: number): void {
    // It stays while it has the focus, which would be lost with it.
    this.#helping.hidden = count === 0 && this.focused !== this.#helping;
    if (this.#helping.hidden) return;
    setText(this.#helpedCount, String(count));
    setAttribute(this.#helping, 'aria-label', helpingSentence(count));
    setAttribute(this.#helping, 'title', helpingSentence(count));
    setAttribute(this.#helping, 'aria-pressed', String(this.stats.isOpen));
  }
}
