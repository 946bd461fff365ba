/** The studio page: everything put together. */

import { build } from '../dom/build.js';
import { showNavigation } from '../navigation/navigation.js';
import { Compositor } from './compositor.js';
import { listDevices } from './devices.js';
import { elements } from './elements.js';
import { Inputs } from './inputs.js';
import { Mixer } from './mixer.js';
import { Notices } from './notices.js';
import { Publisher, type PublisherState } from './publisher.js';
import type { Corner } from './scene.js';
import type { StudioState } from './signal-socket.js';
import { type Uplink, UplinkMeter } from './uplink.js';

/** Size and bitrate by the name in the list. */
const QUALITIES: Readonly<Record<string, { width: number; height: number; bitrateMax: number }>> = {
  540: { width: 960, height: 540, bitrateMax: 1_400_000 },
  720: { width: 1280, height: 720, bitrateMax: 2_500_000 },
  1080: { width: 1920, height: 1080, bitrateMax: 4_500_000 },
};
const QUALITY_DEFAULT = { width: 1280, height: 720, bitrateMax: 2_500_000 };

const FIGURES_EVERY_MS = 1_000;
const CLOCK_EVERY_MS = 250;

const quality = () => QUALITIES[elements.quality.value] ?? QUALITY_DEFAULT;

const notices = new Notices(elements.notices);
const mixer = new Mixer();
let state: PublisherState = { kind: 'off' };
let studio: StudioState | undefined;
let meter = new UplinkMeter();
let wakeLock: { release(): Promise<void> } | undefined;

const compositor = new Compositor(quality(), (track) => {
  elements.preview.srcObject = new MediaStream([track]);
  publisher.replaceVideo(track).catch(() => publisher.retryNow());
});
const inputs: Inputs = new Inputs(mixer, notices, {
  onPicture: () => showPicture(),
  onDevices: () => void showDevices(),
});
const publisher: Publisher = new Publisher(
  pageId(),
  () => {
    const { track: video } = compositor;
    const { track: audio } = mixer;
    return video && audio && { video, audio, bitrateMax: quality().bitrateMax };
  },
  {
    onState: (next) => {
      state = next;
      if (next.kind === 'live') notices.clear('publish');
      showState();
    },
    onStudio: (next) => showStudio(next),
    onStopped: (why) => notices.say('publish', why, 'bad'),
  },
);

function showPicture(): void {
  const { camera, screen } = inputs;
  compositor.show({
    camera,
    screen,
    corner: cornerOf(),
    slate: inputs.isCameraWanted ? 'The picture will be back soon' : 'The camera is off',
    title: studio?.broadcast.title ?? 'Live',
  });
  elements.sourceText.textContent = describePicture(camera !== undefined, screen !== undefined);
  elements.preview.classList.toggle('mirrored', elements.mirror.checked && !screen && camera !== undefined);
  elements.corner.disabled = !(camera && screen);
  elements.shareScreen.setAttribute('aria-pressed', String(screen !== undefined));
  elements.shareScreenText.textContent = screen ? 'Stop sharing' : 'Share screen';
  elements.cameraOff.setAttribute('aria-pressed', String(!inputs.isCameraWanted));
}

function describePicture(hasCamera: boolean, hasScreen: boolean): string {
  if (hasScreen) return hasCamera ? 'Screen and camera' : 'Screen';
  return hasCamera ? 'Camera' : 'Still picture';
}

function cornerOf(): Corner {
  const checked = elements.corner.querySelector<HTMLInputElement>('input:checked')?.value;
  return checked === 'top-left' || checked === 'top-right' || checked === 'bottom-left'
    ? checked
    : 'bottom-right';
}

async function showDevices(): Promise<void> {
  const lists = [
    { kind: 'videoinput', select: elements.camera, chosen: inputs.chosen.camera, none: 'No camera' },
    {
      kind: 'audioinput',
      select: elements.microphone,
      chosen: inputs.chosen.microphone,
      none: 'No microphone',
    },
  ] as const;
  for (const { kind, select, chosen, none } of lists) {
    const choices = await listDevices(kind).catch(() => []);
    const options = choices.map(({ id, label }) =>
      build('option', { text: label, attributes: { value: id } }),
    );
    select.replaceChildren(...(options.length > 0 ? options : [build('option', { text: none })]));
    select.disabled = options.length === 0;
    if (chosen !== '') select.value = chosen;
  }
}

function showState(): void {
  const isOff = state.kind === 'off';
  elements.goText.textContent = isOff ? 'Go live' : 'Stop';
  elements.go.classList.toggle('primary', isOff);
  elements.go.classList.toggle('danger', !isOff);
  elements.frame.classList.toggle('on-air', state.kind === 'live');
  elements.waiting.hidden = state.kind !== 'retrying';
  elements.quality.disabled = !isOff;
  if (isOff) meter = new UplinkMeter();
  if (isOff) showUplink(undefined);
  showClock();
  void keepAwake(!isOff);
}

function showClock(): void {
  const { badge, badgeText } = elements;
  badge.classList.toggle('live', state.kind === 'live');
  badge.classList.toggle('wait', state.kind === 'connecting' || state.kind === 'retrying');
  if (state.kind === 'off') say(badgeText, 'Off air');
  if (state.kind === 'connecting') say(badgeText, 'Connecting');
  if (state.kind === 'live') say(badgeText, `On air ${duration(Date.now() - state.sinceMs)}`);
  if (state.kind !== 'retrying') return;
  const seconds = Math.max(0, Math.ceil((state.atMs - Date.now()) / 1000));
  say(badgeText, 'Reconnecting');
  say(elements.waitingTitle, seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting');
  const gate = studio?.gate;
  const left = gate?.state === 'away' ? ` Viewers wait for ${Math.ceil(gate.msLeft / 1000)} s more.` : '';
  say(elements.waitingText, `${state.why}${left}`);
}

function showStudio(next: StudioState): void {
  const isFirst = studio === undefined || studio.broadcast.title !== next.broadcast.title;
  studio = next;
  const { broadcast } = next;
  say(elements.title, broadcast.title);
  say(elements.viewers, String(broadcast.viewers));
  elements.link.value = broadcast.share ?? broadcast.watch;
  elements.watch.href = broadcast.watch;
  if (isFirst && compositor.track) showPicture();
  const isOther = next.gate.state === 'publishing' && !next.isOurs && state.kind === 'off';
  if (isOther)
    notices.say(
      'gate',
      `Somebody publishes already${next.gate.state === 'publishing' ? `, by ${next.gate.via}` : ''}.`,
    );
  else notices.clear('gate');
}

async function showFigures(): Promise<void> {
  if (state.kind !== 'live') return;
  const report = await publisher.stats();
  const uplink = report && meter.take(report, performance.now());
  if (uplink) showUplink(uplink);
}

function showUplink(uplink: Uplink | undefined): void {
  say(elements.bitrate, uplink ? `${(uplink.bitrate / 1e6).toFixed(1)} Mbit/s` : '–');
  say(elements.loss, uplink ? `${(uplink.loss * 100).toFixed(1)} %` : '–');
  elements.loss.classList.toggle('bad', (uplink?.loss ?? 0) > 0.05);
  say(elements.size, uplink ? `${uplink.height}p ${Math.round(uplink.fps)} fps` : '–');
  const trip = uplink?.roundTripMs;
  say(elements.trip, trip === undefined ? '–' : `${Math.max(1, Math.round(trip))} ms`);
  say(elements.uplinkText, uplink ? LIMITS[uplink.limit] : 'Figures appear when you are on air.');
}

const LIMITS: Readonly<Record<Uplink['limit'], string>> = {
  none: 'Everything gets through.',
  cpu: 'This computer is busy: choose a lower quality, or close other programs.',
  bandwidth: 'The uplink is narrower than the quality chosen: a lower one would look better.',
  other: 'The browser holds the picture back.',
};

/** Writes only what differs, so that screen readers hear no echo. */
function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** The same through reloads of this tab. */
function pageId(): string {
  const held = sessionStorage.getItem('freshet-studio');
  const id = held ?? crypto.randomUUID();
  sessionStorage.setItem('freshet-studio', id);
  return id;
}

/** A phone's screen stays on while it broadcasts; where that cannot be had, nothing is lost. */
async function keepAwake(isWanted: boolean): Promise<void> {
  if (!isWanted) {
    await wakeLock?.release();
    wakeLock = undefined;
  } else if (!wakeLock) wakeLock = await navigator.wakeLock?.request('screen').catch(() => undefined);
}

function drawMeter(): void {
  const level = Math.round(mixer.level() * 100);
  elements.meter.style.setProperty('--level', `${level}%`);
  elements.level.value = level;
  requestAnimationFrame(drawMeter);
}

function listen(): void {
  elements.go.addEventListener('click', () => {
    void mixer.resume();
    if (state.kind === 'off') publisher.start();
    else publisher.stop();
  });
  elements.mute.addEventListener('click', () => {
    mixer.mute(!mixer.isMuted);
    elements.mute.setAttribute('aria-pressed', String(mixer.isMuted));
    elements.meter.classList.toggle('muted', mixer.isMuted);
  });
  elements.cameraOff.addEventListener('click', () => {
    if (inputs.isCameraWanted) inputs.dropCamera();
    else void inputs.useCamera();
  });
  elements.shareScreen.addEventListener('click', () => {
    if (inputs.screen) inputs.dropScreen();
    else void inputs.useScreen();
  });
  elements.camera.addEventListener('change', () => void inputs.useCamera(elements.camera.value));
  elements.microphone.addEventListener('change', () => void inputs.useMicrophone(elements.microphone.value));
  elements.quality.addEventListener('change', () => {
    compositor.resize(quality());
    if (inputs.isCameraWanted) void inputs.useCamera(undefined, quality());
    else showPicture();
  });
  elements.mirror.addEventListener('change', () => showPicture());
  elements.corner.addEventListener('change', () => showPicture());
  elements.copy.addEventListener('click', () => void copyLink());
  addEventListener('beforeunload', (event) => {
    if (state.kind !== 'off') event.preventDefault();
  });
  // The first click or key anywhere lets the meter move.
  addEventListener('pointerdown', () => void mixer.resume(), { once: true });
}

async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(elements.link.value);
    say(elements.copy, 'Copied');
    setTimeout(() => say(elements.copy, 'Copy'), 2_000);
  } catch {
    // Without the clipboard the text is ready to be copied by hand.
    elements.link.select();
  }
}

async function begin(): Promise<void> {
  elements.whip.value = new URL('/whip', location.href).href;
  listen();
  drawMeter();
  setInterval(showClock, CLOCK_EVERY_MS);
  setInterval(() => void showFigures(), FIGURES_EVERY_MS);
  void publisher.listen();
  // One after the other: browsers show one question at a time.
  await inputs.useCamera('', quality());
  await inputs.useMicrophone('');
}

void begin();

void showNavigation();
