/** The `<freshet-player>` element. */

import { browserDevice, watchDevice } from '../device-hints.js';
import type { CreateFeed, FeedStatus } from '../playback/feed.js';
import type { PlaybackState } from '../playback/mse-playback.js';
import { NO_HINTS, readUploadLimit, uploadBpsFor } from '../upload-policy.js';
import { Attention } from './attention.js';
import { CommandRunner } from './command-runner.js';
import { build } from './element-builder.js';
import { commandFor } from './keyboard.js';
import { holdMediaSession } from './media-session.js';
import { readRelayAttribute, shareLinkFor } from './page-address.js';
import { PlayerView } from './player-view.js';
import { type Screen, screenFor, showsPicture, spokenWords } from './screen.js';
import { isFullScreen } from './screen-modes.js';
import { listenToPointer } from './stage-pointer.js';
import { adoptStyles } from './styles.js';
import { IDLE_PLAYBACK, type PlayerStats, Viewing } from './viewing.js';
import { badRelayWords } from './words.js';

/** Between two looks at the clock: countdowns, how far behind, hiding the controls. */
const TICK_MS = 250;
/** Ticks between two values of the charts. */
const TICKS_PER_STATS = 2;

/**
 * Plays one channel.
 *
 * Attributes: `channel` (an address or a whole link), `relay` (addresses with white space between them), `muted`,
 * `autoplay`, `upload`, `relay-only`. Without `autoplay` nothing is loaded before a person asks for it. A change of
 * `channel`, `relay` or `relay-only` starts again, one of `upload` takes effect at once; `muted` and `autoplay` count at
 * the start.
 *
 * Viewers pass the broadcast on to each other. `upload` limits what this one gives: `off`, or a number of Mbit/s; without it
 * what the connection can spare is measured. Nothing is uploaded while the device saves data, is on a mobile network
 * or runs on a low battery. With `relay-only` the player connects to no other viewer at all: it uploads nothing, and
 * only the relay learns its address.
 *
 * Dispatches `change` (a plain `Event`) when status or title changed. Style it by custom properties
 * (`--freshet-accent`, `--freshet-live`, `--freshet-font`) and by `::part()`.
 */
export class FreshetPlayer extends HTMLElement {
  /** Attributes whose changes the browser reports. */
  static readonly observedAttributes = ['channel', 'relay', 'relay-only', 'upload'];

  readonly #createFeed: CreateFeed;
  readonly #root = this.attachShadow({ mode: 'open' });
  readonly #attention = new Attention(performance.now());
  readonly #runner = new CommandRunner({
    host: this,
    video: () => this.#video,
    playback: () => this.#viewing?.playback,
    view: () => this.#view,
    restart: () => this.#restart(),
    shareLink: () =>
      shareLinkFor(
        this.getAttribute('channel') ?? '',
        readRelayAttribute(this.getAttribute('relay')),
        location.href,
      ),
  });
  #video = this.#createVideo();
  #view: PlayerView | undefined;
  #viewing: Viewing | undefined;
  #badRelay: FeedStatus | undefined;
  #connection: AbortController | undefined;
  #ticks = 0;
  #isRestarting = false;
  #told = '';
  #hints = NO_HINTS;
  #releaseMediaSession: (() => void) | undefined;

  constructor(createFeed: CreateFeed) {
    super();
    this.#createFeed = createFeed;
  }

  /** What the network side says; `connecting` before anything was asked of it. */
  get status(): FeedStatus {
    return this.#badRelay ?? this.#viewing?.status ?? { kind: 'connecting' };
  }

  /** All figures in one flat object; `undefined` before playback was asked for. */
  get stats(): PlayerStats | undefined {
    return this.#viewing?.readStats();
  }

  /** How playback stands. */
  get playbackState(): PlaybackState {
    return this.#viewing?.playback.state ?? { ...IDLE_PLAYBACK, isMuted: this.hasAttribute('muted') };
  }

  /** The broadcast's title; `undefined` until known. */
  get broadcastTitle(): string | undefined {
    return this.#viewing?.broadcast?.title;
  }

  /** The `upload` attribute: `off`, a number of Mbit/s, or `null` for automatic. */
  get upload(): string | null {
    return this.getAttribute('upload');
  }

  set upload(value: string | number | null) {
    if (value === null) this.removeAttribute('upload');
    else this.setAttribute('upload', String(value));
  }

  /** The `relay-only` attribute. */
  get relayOnly(): boolean {
    return this.hasAttribute('relay-only');
  }

  set relayOnly(value: boolean) {
    this.toggleAttribute('relay-only', value);
  }

  /** Called by the browser. */
  connectedCallback(): void {
    this.#connection = new AbortController();
    this.#watchDevice(this.#connection.signal);
    // The connection is opened before the controls are built: they can wait, the first frame cannot.
    if (this.hasAttribute('autoplay')) this.#start();
    if (this.#view === undefined) {
      adoptStyles(this.#root);
      this.#view = this.#createView();
      this.#root.append(this.#view.element);
    }
    this.#listen(this.#connection.signal);
    this.#render();
  }

  /** Called by the browser. */
  disconnectedCallback(): void {
    this.#connection?.abort();
    this.#connection = undefined;
    this.#stop();
  }

  /** Called by the browser. */
  attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    if (old === value || this.#viewing === undefined) return;
    if (name === 'upload') return this.#viewing.offerUplink(this.#uploadBps);
    if (this.#isRestarting) return;
    // Several attributes may change in one breath.
    this.#isRestarting = true;
    queueMicrotask(() => {
      this.#isRestarting = false;
      if (this.#connection !== undefined) this.#restart();
    });
  }

  /** Does what a key asks for, wherever in the page it was pressed; takes the event when it was meant for the player. */
  handleKey(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const [target] = event.composedPath();
    const command = commandFor({
      key: event.key,
      hasModifier: event.ctrlKey || event.altKey || event.metaKey,
      isOnButton: target instanceof HTMLButtonElement,
      isOnSlider: target instanceof HTMLInputElement,
    });
    if (command === undefined || (event.repeat && command.kind !== 'change-volume')) return;
    if (command.kind === 'close' && !this.#hasOpenPanel) return;
    event.preventDefault();
    this.#noteAttention();
    this.#runner.run(command);
    this.#render();
  }

  get #uploadBps(): number {
    return uploadBpsFor(readUploadLimit(this.upload), this.#hints);
  }

  get #hasOpenPanel(): boolean {
    return this.#view !== undefined && (this.#view.stats.isOpen || this.#view.keys.isOpen);
  }

  #watchDevice(signal: AbortSignal): void {
    this.#hints = watchDevice(
      browserDevice(),
      (hints) => {
        this.#hints = hints;
        this.#viewing?.offerUplink(this.#uploadBps);
      },
      signal,
    );
  }

  #start(): void {
    const relayText = this.getAttribute('relay') ?? '';
    const relays = readRelayAttribute(relayText);
    const isBad = relayText.trim() !== '' && relays.length === 0;
    this.#badRelay = isBad ? { kind: 'bad-address', why: badRelayWords(relayText.trim()) } : undefined;
    if (isBad) return;
    this.#viewing = new Viewing({
      createFeed: this.#createFeed,
      channel: this.getAttribute('channel') ?? '',
      relays,
      video: this.#video,
      isMuted: this.hasAttribute('muted'),
      isRelayOnly: this.relayOnly,
      uploadBps: this.#uploadBps,
      onChange: () => this.#render(),
    });
  }

  #stop(): void {
    this.#releaseMediaSession?.();
    this.#releaseMediaSession = undefined;
    this.#viewing?.stop();
    this.#viewing = undefined;
    // A disposed element may keep its last source: the next viewing gets a fresh one.
    const old = this.#video;
    this.#video = this.#createVideo();
    this.#view?.replaceVideo(old, this.#video);
  }

  #restart(): void {
    this.#stop();
    this.#start();
    this.#render();
  }

  #createView(): PlayerView {
    const andRender =
      <T>(act: (value: T) => void) =>
      (value: T) => {
        act(value);
        this.#render();
      };
    return new PlayerView(this.#video, {
      onCommand: andRender((command) => this.#runner.run(command)),
      onVolume: andRender((volume) => this.#runner.setVolume(volume, false)),
      onAction: andRender((action) => this.#runner.act(action)),
    });
  }

  #listen(signal: AbortSignal): void {
    const timer = setInterval(() => this.#tick(), TICK_MS);
    signal.addEventListener('abort', () => clearInterval(timer));
    this.addEventListener('keydown', (event) => this.handleKey(event), { signal });
    document.addEventListener('fullscreenchange', () => this.#render(), { signal });
    const listener = {
      onAttention: () => this.#noteAttention(),
      onLeave: () => this.#dropAttention(),
      onTap: () => {
        if (this.#attention.isShown(performance.now(), false)) this.#dropAttention();
        else this.#noteAttention();
      },
      onClick: () => {
        this.#runner.run({ kind: 'toggle-play' });
        this.#render();
      },
      onDoubleClick: () => this.#runner.run({ kind: 'toggle-full-screen' }),
      isOnPicture: (target: EventTarget | undefined) =>
        target === this.#video || target === this.#view?.element,
    };
    listenToPointer(this, listener, signal);
  }

  #tick(): void {
    this.#ticks += 1;
    if (this.#ticks % TICKS_PER_STATS === 0 && this.#viewing !== undefined) {
      this.#view?.stats.update(this.#viewing.readStats());
    }
    this.#render();
  }

  #render(): void {
    const view = this.#view;
    if (view === undefined) return;
    const { status, playbackState: playback } = this;
    const stats = this.#viewing?.readStats();
    const behindLiveMs = stats?.behindLiveMs ?? 0;
    const screen = this.#screen(stats);
    const isStill = playback.phase === 'paused' || playback.phase === 'blocked';
    const isUnasked = this.#viewing === undefined && this.#badRelay === undefined;
    view.update({
      screen,
      spoken: spokenWords(screen, status),
      playback,
      isLive: status.kind === 'live',
      behindLiveMs,
      isFullScreen: isFullScreen(this),
      title: this.broadcastTitle,
      broadcastAgeMs: this.#viewing?.broadcastAgeMs,
      helpedCount: stats?.mesh?.helpedCount ?? 0,
      areControlsShown: this.#areControlsShown(isStill || !showsPicture(screen)),
      bigPlay: isUnasked ? 'watch' : isStill ? 'play' : 'hidden',
    });
    this.#tell(status);
  }

  #screen(stats: PlayerStats | undefined): Screen | undefined {
    const viewing = this.#viewing;
    if (viewing === undefined && this.#badRelay === undefined) return undefined;
    return screenFor({
      status: this.status,
      statusAgeMs: viewing?.statusAgeMs ?? 0,
      playback: this.playbackState,
      phaseAgeMs: viewing?.phaseAgeMs ?? 0,
      wait: viewing?.wait,
      hasPicture:
        stats?.firstFrameMs !== undefined || this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA,
      behindLiveMs: stats?.behindLiveMs ?? 0,
    });
  }

  #areControlsShown(isStill: boolean): boolean {
    const focused = this.#root.activeElement;
    const isKeyboardInside = focused?.matches('button:focus-visible, input:focus-visible') === true;
    const isHeld = isStill || isKeyboardInside || this.#view?.keys.isOpen === true;
    return this.#attention.isShown(performance.now(), isHeld);
  }

  #tell(status: FeedStatus): void {
    const title = this.broadcastTitle;
    const told = `${status.kind} ${title ?? ''}`;
    if (told === this.#told) return;
    this.#told = told;
    if (title !== undefined && this.#releaseMediaSession === undefined) {
      this.#releaseMediaSession = holdMediaSession(title, {
        onPlay: () => this.#viewing?.playback.play(),
        onPause: () => this.#viewing?.playback.pause(),
      });
    }
    this.dispatchEvent(new Event('change'));
  }

  #noteAttention(): void {
    const wasShown = this.#attention.isShown(performance.now(), false);
    this.#attention.note(performance.now());
    if (!wasShown) this.#render();
  }

  #dropAttention(): void {
    this.#attention.drop();
    this.#render();
  }

  #createVideo(): HTMLVideoElement {
    const video = build('video', { part: 'video' });
    video.playsInline = true;
    // The browser's own cast menu does not know how to keep a live picture live.
    video.disableRemotePlayback = true;
    // The first frame must not wait for the next look at the clock behind a screen that hides it.
    for (const type of ['loadeddata', 'playing', 'waiting'])
      video.addEventListener(type, () => this.#render());
    return video;
  }
}
