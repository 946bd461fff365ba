/** The controls along the lower edge. */

import type { PlaybackState } from '../playback/mse-playback.js';
import { build, setAttribute, setText } from './element-builder.js';
import { formatClock } from './figures.js';
import { type IconName, icon, setIcon } from './icons.js';
import type { PlayerCommand } from './keyboard.js';
import { hasPictureInPicture } from './screen-modes.js';
import { CONTROL_WORDS, volumeWords } from './words.js';

/** What the controls show. */
export type ControlModel = {
  readonly playback: PlaybackState;
  readonly isLive: boolean;
  readonly behindLiveMs: number;
  readonly isFullScreen: boolean;
  readonly isStatsOpen: boolean;
};

/** What the controls ask for. */
export type ControlListener = {
  readonly onCommand: (command: PlayerCommand) => void;
  /** From 0 to 1. */
  readonly onVolume: (volume: number) => void;
};

/** Below this a playhead that does not follow counts as live for the eye. */
const BEHIND_MS_SHOWN = 1500;

type Tool = { readonly button: HTMLButtonElement; readonly icon: SVGSVGElement };

/** The control bar; commands go to the listener, the look comes from `update`. */
export class ControlBar {
  readonly element: HTMLElement;
  readonly #listener: ControlListener;
  readonly #play: Tool;
  readonly #mute: Tool;
  readonly #stats: Tool;
  readonly #full: Tool;
  readonly #live: HTMLButtonElement;
  readonly #liveText = build('span', { text: CONTROL_WORDS.live });
  readonly #behindText = build('span', { className: 'behind' });
  readonly #volume: HTMLInputElement;

  constructor(listener: ControlListener) {
    this.#listener = listener;
    this.#play = this.#createTool('play', { kind: 'toggle-play' }, 'play-button');
    this.#mute = this.#createTool('volumeHigh', { kind: 'toggle-mute' }, 'mute-button');
    this.#stats = this.#createTool('stats', { kind: 'toggle-stats' }, 'stats-button');
    this.#full = this.#createTool('enterFullScreen', { kind: 'toggle-full-screen' }, 'full-screen-button');
    const picture = this.#createTool('pictureInPicture', { kind: 'toggle-picture-in-picture' }, 'pip-button');
    const keys = this.#createTool('keys', { kind: 'toggle-keys' }, 'keys-button');
    keys.button.classList.add('only-with-keyboard');
    picture.button.hidden = !hasPictureInPicture();
    label(this.#stats.button, CONTROL_WORDS.statistics, 'S');
    label(picture.button, CONTROL_WORDS.pictureInPicture, 'I');
    label(keys.button, CONTROL_WORDS.keys, '?');
    this.#live = this.#createLive();
    this.#volume = this.#createVolume();
    this.element = build('div', {
      className: 'bar',
      part: 'controls',
      attributes: { role: 'group', 'aria-label': CONTROL_WORDS.controls },
      children: [
        this.#play.button,
        build('div', { className: 'sound', children: [this.#mute.button, this.#volume] }),
        this.#live,
        build('span', { className: 'space' }),
        this.#stats.button,
        keys.button,
        picture.button,
        this.#full.button,
      ],
    });
  }

  /** Shows the state. */
  update(model: ControlModel): void {
    const { playback } = model;
    const isStill = playback.phase === 'paused' || playback.phase === 'blocked';
    setIcon(this.#play.icon, isStill ? 'play' : 'pause');
    label(this.#play.button, isStill ? CONTROL_WORDS.play : CONTROL_WORDS.pause, 'K');
    this.#updateSound(playback);
    setIcon(this.#full.icon, model.isFullScreen ? 'exitFullScreen' : 'enterFullScreen');
    label(
      this.#full.button,
      model.isFullScreen ? CONTROL_WORDS.leaveFullScreen : CONTROL_WORDS.enterFullScreen,
      'F',
    );
    setAttribute(this.#stats.button, 'aria-pressed', String(model.isStatsOpen));
    this.#updateLive(model);
  }

  #updateSound(playback: PlaybackState): void {
    const isSilent = playback.isMuted || playback.volume === 0;
    const isMissing = playback.phase !== 'idle' && !playback.hasSound;
    const name = isSilent || isMissing ? 'volumeOff' : playback.volume < 0.5 ? 'volumeLow' : 'volumeHigh';
    setIcon(this.#mute.icon, name);
    const text = playback.isMuted ? CONTROL_WORDS.unmute : CONTROL_WORDS.mute;
    label(this.#mute.button, isMissing ? CONTROL_WORDS.noSound : text, isMissing ? undefined : 'M');
    setAttribute(this.#mute.button, 'aria-disabled', String(isMissing));
    // The thumb stays where it was while muted: a step of the arrow keys goes on from there.
    const percent = Math.round(playback.volume * 100);
    this.#volume.disabled = isMissing;
    if (Number(this.#volume.value) !== percent) this.#volume.value = String(percent);
    this.#volume.style.setProperty('--filled', `${isMissing || playback.isMuted ? 0 : percent}%`);
    const spoken = playback.isMuted ? CONTROL_WORDS.muted : volumeWords(playback.volume);
    setAttribute(this.#volume, 'aria-valuetext', spoken);
  }

  #updateLive({ playback, isLive, behindLiveMs }: ControlModel): void {
    const isBehind = !playback.isFollowing && (playback.phase === 'paused' || behindLiveMs > BEHIND_MS_SHOWN);
    const look = isBehind ? 'behind' : isLive ? 'on' : 'off';
    setAttribute(this.#live, 'data-look', look);
    setText(this.#liveText, isBehind ? CONTROL_WORDS.goLive : CONTROL_WORDS.live);
    setText(this.#behindText, isBehind && behindLiveMs >= 1000 ? `−${formatClock(behindLiveMs)}` : '');
    const words = {
      off: CONTROL_WORDS.notLive,
      on: CONTROL_WORDS.watchingLive,
      behind: CONTROL_WORDS.goLive,
    };
    label(this.#live, words[look], isBehind ? 'L' : undefined);
    // Not `disabled`: the focus must not vanish under a keyboard when the player catches up.
    setAttribute(this.#live, 'aria-disabled', String(!isBehind));
  }

  #createTool(name: IconName, command: PlayerCommand, part: string): Tool {
    const svg = icon(name);
    const attributes = { type: 'button' };
    const button = build('button', { className: 'button', part, attributes, children: [svg] });
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') !== 'true') this.#listener.onCommand(command);
    });
    return { button, icon: svg };
  }

  #createLive(): HTMLButtonElement {
    const live = build('button', {
      className: 'live',
      part: 'live-button',
      attributes: { type: 'button' },
      children: [build('span', { className: 'dot' }), this.#liveText, this.#behindText],
    });
    live.addEventListener('click', () => {
      if (live.getAttribute('aria-disabled') !== 'true') this.#listener.onCommand({ kind: 'go-live' });
    });
    return live;
  }

  #createVolume(): HTMLInputElement {
    const attributes = { type: 'range', min: '0', max: '100', step: '1', 'aria-label': CONTROL_WORDS.volume };
    const volume = build('input', { className: 'volume', part: 'volume', attributes });
    volume.addEventListener('input', () => this.#listener.onVolume(Number(volume.value) / 100));
    return volume;
  }
}

const label = (button: HTMLButtonElement, text: string, key: string | undefined): void => {
  setAttribute(button, 'aria-label', text);
  setAttribute(button, 'title', key === undefined ? text : `${text} (${key})`);
};
