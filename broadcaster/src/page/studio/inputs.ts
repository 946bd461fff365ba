/** Camera, microphone and screen of the page: opened, changed, lost and found again. */

import { DeviceError, listDevices, openCamera, openMicrophone, openScreen, watchDevices } from './devices.js';
import type { Mixer } from './mixer.js';
import type { Notices } from './notices.js';

/** What the inputs tell the page. */
export type InputEvents = {
  /** The picture's parts have changed. */
  onPicture(): void;
  /** Cameras or microphones have come or gone. */
  onDevices(): void;
};

/** Holds what is open. */
export class Inputs {
  readonly #mixer: Mixer;
  readonly #notices: Notices;
  readonly #events: InputEvents;
  #camera: MediaStreamTrack | undefined;
  #cameraId = '';
  #microphone: MediaStreamTrack | undefined;
  #microphoneId = '';
  #screen: MediaStream | undefined;
  #isCameraWanted = true;
  #size = { width: 1280, height: 720 };

  constructor(mixer: Mixer, notices: Notices, events: InputEvents) {
    this.#mixer = mixer;
    this.#notices = notices;
    this.#events = events;
    watchDevices(() => void this.#handleDevices());
  }

  /** The open camera. */
  get camera(): MediaStreamTrack | undefined {
    return this.#camera;
  }

  /** The screen's picture. */
  get screen(): MediaStreamTrack | undefined {
    return this.#screen?.getVideoTracks()[0];
  }

  /** False when the person has switched it off. */
  get isCameraWanted(): boolean {
    return this.#isCameraWanted;
  }

  /** Ids of what is open, for the lists. */
  get chosen(): { readonly camera: string; readonly microphone: string } {
    return { camera: idOf(this.#camera), microphone: idOf(this.#microphone) };
  }

  /** Opens a camera, the one given or the last one. */
  async useCamera(
    id: string = this.#cameraId,
    size: { width: number; height: number } = this.#size,
  ): Promise<void> {
    this.#cameraId = id;
    this.#size = size;
    this.#isCameraWanted = true;
    this.#dropCamera();
    try {
      const track = await openCamera(id, size.width, size.height);
      if (!this.#isCameraWanted) return track.stop();
      this.#camera = track;
      this.#notices.clear('camera');
      track.addEventListener('ended', () => {
        if (this.#camera !== track) return;
        this.#camera = undefined;
        const text =
          'The camera was unplugged or taken away. The broadcast goes on with a still picture; plug it in again, or choose another one.';
        this.#notices.say('camera', text, 'bad');
        this.#events.onPicture();
      });
    } catch (cause) {
      this.#notices.say('camera', messageOf(cause), 'bad');
    }
    this.#events.onPicture();
    this.#events.onDevices();
  }

  /** Switches the camera off, light included. */
  dropCamera(): void {
    this.#isCameraWanted = false;
    this.#dropCamera();
    this.#notices.clear('camera');
    this.#events.onPicture();
  }

  /** Opens a microphone, the one given or the last one. */
  async useMicrophone(id: string = this.#microphoneId): Promise<void> {
    this.#microphoneId = id;
    this.#microphone?.stop();
    this.#microphone = undefined;
    this.#mixer.plug('microphone', undefined);
    try {
      const track = await openMicrophone(id);
      this.#microphone = track;
      this.#mixer.plug('microphone', track);
      this.#notices.clear('microphone');
      track.addEventListener('ended', () => {
        if (this.#microphone !== track) return;
        this.#microphone = undefined;
        this.#mixer.plug('microphone', undefined);
        const text =
          'The microphone was unplugged. The broadcast goes on without it; plug it in again, or choose another one.';
        this.#notices.say('microphone', text, 'bad');
      });
    } catch (cause) {
      this.#notices.say('microphone', messageOf(cause), 'bad');
    }
    this.#events.onDevices();
  }

  /** Asks for a screen and shows it; nothing changes when the person chooses none. */
  async useScreen(): Promise<void> {
    try {
      const stream = await openScreen();
      const track = stream?.getVideoTracks()[0];
      if (!stream || !track) return;
      this.dropScreen();
      this.#screen = stream;
      this.#mixer.plug('screen', stream.getAudioTracks()[0]);
      this.#notices.clear('screen');
      track.addEventListener('ended', () => {
        if (this.#screen !== stream) return;
        this.dropScreen();
        this.#notices.say('screen', 'The screen is no longer shared. The broadcast goes on with the camera.');
      });
    } catch (cause) {
      this.#notices.say('screen', messageOf(cause), 'bad');
    }
    this.#events.onPicture();
  }

  /** Stops sharing the screen. */
  dropScreen(): void {
    for (const track of this.#screen?.getTracks() ?? []) track.stop();
    this.#screen = undefined;
    this.#mixer.plug('screen', undefined);
    this.#events.onPicture();
  }

  #dropCamera(): void {
    const track = this.#camera;
    this.#camera = undefined;
    track?.stop();
  }

  /** What was pulled out and is back is taken again, without a click. */
  async #handleDevices(): Promise<void> {
    this.#events.onDevices();
    const [cameras, microphones] = await Promise.all([listDevices('videoinput'), listDevices('audioinput')]);
    if (!this.#camera && this.#isCameraWanted && cameras.length > 0) await this.useCamera();
    if (!this.#microphone && microphones.length > 0) await this.useMicrophone();
  }
}

const idOf = (track: MediaStreamTrack | undefined): string => track?.getSettings().deviceId ?? '';

const messageOf = (cause: unknown): string =>
  cause instanceof DeviceError ? cause.message : `Something went wrong (${String(cause)}). Reload the page.`;
