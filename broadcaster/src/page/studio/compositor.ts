/** Makes one track of a fixed size out of camera, screen and a still picture. */

import { type BreakoutBox, breakoutBox, type WorkerMessage } from './breakout-box.js';
import { type Corner, drawScene } from './scene.js';

/** Pixels. */
export type Size = { readonly width: number; readonly height: number };

/** What the picture is made of. */
export type Inputs = {
  readonly camera: MediaStreamTrack | undefined;
  readonly screen: MediaStreamTrack | undefined;
  readonly corner: Corner;
  readonly slate: string;
  readonly title: string;
};

/** A running composition. */
interface Composition {
  readonly track: MediaStreamTrack;
  setInput(name: 'camera' | 'screen', track: MediaStreamTrack | undefined): void;
  setLook(look: Pick<Inputs, 'corner' | 'slate' | 'title'>): void;
  stop(): void;
}

/**
 * Gives the track that viewers should see. A camera of the right size is passed on as it is, which costs nothing; all
 * else is composed, so that viewers always get the same size: a change of it would begin a new run for them.
 */
export class Compositor {
  readonly #onTrack: (track: MediaStreamTrack) => void;
  #size: Size;
  #composition: Composition | undefined;
  #held: { camera?: MediaStreamTrack | undefined; screen?: MediaStreamTrack | undefined } = {};
  #track: MediaStreamTrack | undefined;

  /** `onTrack` is called for every new track; the one before may be stopped by then. */
  constructor(size: Size, onTrack: (track: MediaStreamTrack) => void) {
    this.#size = size;
    this.#onTrack = onTrack;
  }

  /** The track of the moment. */
  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  /** Changes the size of everything that follows. */
  resize(size: Size): void {
    if (size.width === this.#size.width && size.height === this.#size.height) return;
    this.#size = size;
    this.#stopComposition();
  }

  /** Shows these. */
  show(inputs: Inputs): void {
    const { camera, screen } = inputs;
    if (camera && !screen && this.#fits(camera)) {
      this.#hand(camera);
      this.#stopComposition();
      return;
    }
    this.#composition ??= startComposition(this.#size);
    this.#composition.setLook(inputs);
    for (const name of ['camera', 'screen'] as const) {
      if (this.#held[name] === inputs[name]) continue;
      this.#held[name] = inputs[name];
      this.#composition.setInput(name, inputs[name]);
    }
    this.#hand(this.#composition.track);
  }

  #fits(camera: MediaStreamTrack): boolean {
    const { width, height } = camera.getSettings();
    return width === this.#size.width && height === this.#size.height;
  }

  #hand(track: MediaStreamTrack): void {
    if (track === this.#track) return;
    this.#track = track;
    this.#onTrack(track);
  }

  #stopComposition(): void {
    this.#composition?.stop();
    this.#composition = undefined;
    this.#held = {};
  }
}

function startComposition(size: Size): Composition {
  const box = breakoutBox();
  return box ? composeInWorker(box, size) : composeInPage(size);
}

function openWorker(): { readonly port: MessagePort; close(): void } {
  const worker = new Worker('/studio-worker.js', { type: 'module' });
  const channel = new MessageChannel();
  worker.postMessage('port', [channel.port2]);
  return {
    port: channel.port1,
    close: () => {
      channel.port1.close();
      worker.terminate();
    },
  };
}

/** Time for the worker to let go of the frames it holds; cameras stall while their frames are held. */
const WORKER_FAREWELL_MS = 500;

function composeInWorker(box: BreakoutBox, size: Size): Composition {
  const { port, close } = openWorker();
  const send = (message: WorkerMessage, transfer: Transferable[] = []): void =>
    port.postMessage(message, transfer);
  const generator = new box.MediaStreamTrackGenerator({ kind: 'video' });
  const { writable } = generator;
  send({ kind: 'start', ...size, writable }, [writable]);
  const clones = new Map<string, MediaStreamTrack>();
  const drop = (name: string): void => {
    clones.get(name)?.stop();
    clones.delete(name);
  };
  return {
    track: generator,
    setInput(name, track) {
      drop(name);
      if (!track) return send({ kind: 'input', name, readable: undefined });
      // A clone of its own: the original may be published, or shown, at the same time.
      const clone = track.clone();
      clones.set(name, clone);
      const { readable } = new box.MediaStreamTrackProcessor({ track: clone, maxBufferSize: 2 });
      send({ kind: 'input', name, readable }, [readable]);
    },
    setLook: ({ corner, slate, title }) => send({ kind: 'look', corner, slate, title }),
    stop() {
      for (const name of [...clones.keys()]) drop(name);
      send({ kind: 'stop' });
      setTimeout(close, WORKER_FAREWELL_MS);
      generator.stop();
    },
  };
}

/** For browsers without access to single frames: the page draws, to a worker's beat. */
function composeInPage(size: Size): Composition {
  const { port, close } = openWorker();
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  const brush = canvas.getContext('2d', { alpha: false });
  const videos = { camera: makeVideo(), screen: makeVideo() };
  let look: Pick<Inputs, 'corner' | 'slate' | 'title'> = { corner: 'bottom-right', slate: '', title: '' };
  const pictureOf = (video: HTMLVideoElement) =>
    video.srcObject && video.videoWidth > 0
      ? { image: video, width: video.videoWidth, height: video.videoHeight }
      : undefined;
  port.onmessage = () => {
    if (!brush) return;
    const camera = pictureOf(videos.camera);
    drawScene(brush, size.width, size.height, { ...look, camera, screen: pictureOf(videos.screen) });
  };
  port.postMessage({ kind: 'beat' } satisfies WorkerMessage);
  const track = canvas.captureStream(30).getVideoTracks()[0];
  if (!track) throw new Error('This browser cannot make a video of a canvas.');
  return {
    track,
    setInput(name, input) {
      videos[name].srcObject = input ? new MediaStream([input]) : null;
      if (input) videos[name].play().catch(() => undefined);
    },
    setLook: (next) => {
      look = next;
    },
    stop() {
      close();
      track.stop();
      for (const video of Object.values(videos)) video.srcObject = null;
    },
  };
}

function makeVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  return video;
}
