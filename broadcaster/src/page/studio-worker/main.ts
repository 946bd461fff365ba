/**
 * Composes the studio's picture away from the page: timers of a page that is in the background beat once a second,
 * those of a worker go on.
 */

import type { WorkerMessage } from '../studio/breakout-box.js';
import { drawScene, type Picture, type Scene } from '../studio/scene.js';

const FRAME_MS = 1000 / 30;

/** The still picture needs fewer frames; players want some. */
const STILL_EVERY = 3;

class Composer {
  readonly #canvas: OffscreenCanvas;
  readonly #brush: OffscreenCanvasRenderingContext2D | null;
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>;
  readonly #frames = new Map<'camera' | 'screen', VideoFrame>();
  readonly #readers = new Map<'camera' | 'screen', ReadableStreamDefaultReader<VideoFrame>>();
  readonly #timer: number;
  #look: Pick<Scene, 'corner' | 'slate' | 'title'> = { corner: 'bottom-right', slate: '', title: '' };
  #count = 0;

  constructor(width: number, height: number, writable: WritableStream<VideoFrame>) {
    this.#canvas = new OffscreenCanvas(width, height);
    this.#brush = this.#canvas.getContext('2d', { alpha: false, desynchronized: true });
    this.#writer = writable.getWriter();
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
  }

  setLook(look: Pick<Scene, 'corner' | 'slate' | 'title'>): void {
    this.#look = look;
  }

  async setInput(name: 'camera' | 'screen', readable: ReadableStream<VideoFrame> | undefined): Promise<void> {
    await this.#drop(name);
    const reader = readable?.getReader();
    if (!reader) return;
    this.#readers.set(name, reader);
    for (;;) {
      const { value, done } = await reader.read();
      if (this.#readers.get(name) !== reader) return value?.close();
      if (done) return this.#drop(name);
      this.#frames.get(name)?.close();
      this.#frames.set(name, value);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#drop('camera');
    await this.#drop('screen');
    await this.#writer.close();
  }

  async #drop(name: 'camera' | 'screen'): Promise<void> {
    const reader = this.#readers.get(name);
    this.#readers.delete(name);
    this.#frames.get(name)?.close();
    this.#frames.delete(name);
    await reader?.cancel();
  }

  #draw(): void {
    const brush = this.#brush;
    const camera = pictureOf(this.#frames.get('camera'));
    const screen = pictureOf(this.#frames.get('screen'));
    this.#count += 1;
    if (!brush || (!camera && !screen && this.#count % STILL_EVERY !== 0)) return;
    // The encoder is behind: a frame that waits would be late.
    if ((this.#writer.desiredSize ?? 0) <= 0) return;
    const { width, height } = this.#canvas;
    drawScene(brush, width, height, { ...this.#look, camera, screen });
    const frame = new VideoFrame(this.#canvas, { timestamp: Math.round(performance.now() * 1000) });
    this.#writer.write(frame).catch(() => frame.close());
  }
}

function pictureOf(frame: VideoFrame | undefined): Picture | undefined {
  return frame && { image: frame, width: frame.displayWidth, height: frame.displayHeight };
}

function serve(port: MessagePort): void {
  let composer: Composer | undefined;
  port.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
    if (data.kind === 'start') composer = new Composer(data.width, data.height, data.writable);
    else if (data.kind === 'look') composer?.setLook(data);
    else if (data.kind === 'beat') setInterval(() => port.postMessage('beat'), FRAME_MS);
    // A source that ends while it is read, or a track that is stopped, is the page's to notice.
    else if (data.kind === 'input') composer?.setInput(data.name, data.readable).catch(() => undefined);
    else composer?.stop().catch(() => undefined);
  };
}

addEventListener('message', ({ ports }) => {
  const [port] = ports;
  if (port) serve(port);
});
