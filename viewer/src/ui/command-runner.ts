/** Carries out what keys, buttons and taps ask for. */

import type { MsePlayback } from '../playback/mse-playback.js';
import type { PlayerCommand } from './keyboard.js';
import type { PlayerView } from './player-view.js';
import type { ScreenAction } from './screen.js';
import { toggleFullScreen, togglePictureInPicture } from './screen-modes.js';
import { HINT_WORDS, volumeWords } from './words.js';

/** What commands act on, as it is at that moment. */
export type CommandTarget = {
  readonly host: HTMLElement;
  readonly video: () => HTMLVideoElement;
  /** `undefined` before anything was loaded. */
  readonly playback: () => MsePlayback | undefined;
  readonly view: () => PlayerView | undefined;
  /** Loads and plays what was not loaded yet, or all of it anew. */
  readonly restart: () => void;
  /** The address to pass on to others. */
  readonly shareLink: () => string;
};

/** One per player. */
export class CommandRunner {
  readonly #target: CommandTarget;
  #focusBeforeKeys: HTMLElement | undefined;

  constructor(target: CommandTarget) {
    this.#target = target;
  }

  /** Carries out a command; what is not possible is said in a hint. */
  run(command: PlayerCommand): void {
    const { playback, host, video } = this.#target;
    switch (command.kind) {
      case 'toggle-play':
        return this.#togglePlay();
      case 'toggle-mute':
        return this.#toggleMute();
      case 'change-volume':
        return this.setVolume((playback()?.state.volume ?? 1) + command.by, true);
      case 'go-live':
        return this.#goLive();
      case 'toggle-full-screen':
        return this.#expect(toggleFullScreen(host, video()), HINT_WORDS.noFullScreen);
      case 'toggle-picture-in-picture':
        return this.#expect(togglePictureInPicture(video()), HINT_WORDS.noPictureInPicture);
      case 'toggle-stats':
        return this.#toggleStats();
      case 'toggle-keys':
        return this.#toggleKeys();
      case 'close':
        return this.#close();
    }
  }

  /** Sets the volume, from 0 to 1, and turns the sound on; `isSpoken` where no slider shows the value. */
  setVolume(volume: number, isSpoken: boolean): void {
    const playback = this.#target.playback();
    if (playback === undefined) return;
    playback.setVolume(volume);
    if (playback.state.isMuted && playback.state.volume > 0) playback.setMuted(false);
    if (isSpoken) this.#hint(volumeWords(playback.state.volume));
  }

  /** Does what the button of a status screen says. */
  act(action: ScreenAction): void {
    switch (action) {
      case 'retry':
        return this.#target.restart();
      case 'reload':
        return location.reload();
      case 'copy-link':
        return void this.#copyLink();
    }
  }

  #togglePlay(): void {
    const playback = this.#target.playback();
    if (playback === undefined) return this.#target.restart();
    const { phase } = playback.state;
    if (phase === 'failed') return;
    if (phase === 'paused' || phase === 'blocked') return playback.play();
    playback.pause();
    this.#hint(HINT_WORDS.paused);
  }

  #toggleMute(): void {
    const playback = this.#target.playback();
    if (playback === undefined) return;
    const isMuted = !playback.state.isMuted;
    playback.setMuted(isMuted);
    this.#hint(isMuted ? HINT_WORDS.muted : HINT_WORDS.unmuted);
  }

  #goLive(): void {
    const playback = this.#target.playback();
    if (playback === undefined || playback.state.isFollowing) return;
    playback.goLive();
    this.#hint(HINT_WORDS.live);
  }

  #toggleStats(): void {
    const stats = this.#target.view()?.stats;
    stats?.setOpen(!stats.isOpen);
  }

  #toggleKeys(): void {
    const view = this.#target.view();
    if (view === undefined) return;
    const isOpen = !view.keys.isOpen;
    if (isOpen) this.#focusBeforeKeys = view.focused;
    view.keys.setOpen(isOpen);
    if (!isOpen) this.#focusBeforeKeys?.focus({ preventScroll: true });
  }

  #close(): void {
    const view = this.#target.view();
    if (view?.keys.isOpen === true) this.#toggleKeys();
    else view?.stats.setOpen(false);
  }

  async #copyLink(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#target.shareLink());
      this.#hint(HINT_WORDS.linkCopied);
    } catch {
      // No clipboard without TLS, or no permission.
      this.#hint(HINT_WORDS.linkNotCopied);
    }
  }

  #expect(outcome: Promise<boolean>, otherwise: string): void {
    void outcome.then((isDone) => {
      if (!isDone) this.#hint(otherwise);
    });
  }

  #hint(text: string): void {
    this.#target.view()?.hint(text);
  }
}
