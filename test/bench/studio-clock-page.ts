/**
 * Runs in the page that publishes, in place of its camera and microphone: a picture with the clock that machines can
 * read, and a beep at each full second of the same clock.
 */

import { clockCellBounds, clockCells } from '../../broadcaster/src/ingest/clock-strip.js';

const WIDTH = 1280;
const HEIGHT = 720;
const FRAME_MS = 1000 / 30;
const CELL_COLUMNS = 40;
const BEEP_MS = 60;

/** Shapes that move, so that the encoder has something to do. */
const SHAPES = 60;

const wallNow = (): number => performance.timeOrigin + performance.now();

function startPicture(): MediaStreamTrack | undefined {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext('2d', { alpha: false });
  setInterval(() => pen && draw(pen), FRAME_MS);
  return canvas.captureStream(30).getVideoTracks()[0];
}

function draw(pen: CanvasRenderingContext2D): void {
  const now = wallNow();
  pen.fillStyle = '#246';
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  for (let shape = 0; shape < SHAPES; shape++) {
    pen.fillStyle = `hsl(${shape * 24} 70% 55%)`;
    const x = (shape * 137 + (now / 8) * (1 + (shape % 5))) % WIDTH;
    pen.fillRect(x, 100 + ((shape * 71) % 560), 50, 50);
  }
  for (const [index, isWhite] of clockCells(now).entries()) {
    const { left, top, right, bottom } = clockCellBounds(
      WIDTH,
      index % CELL_COLUMNS,
      Math.floor(index / CELL_COLUMNS),
    );
    pen.fillStyle = isWhite ? '#fff' : '#000';
    pen.fillRect(left, top, right - left, bottom - top);
  }
}

function startSound(): MediaStreamTrack | undefined {
  const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
  const output = context.createMediaStreamDestination();
  let lastSecond = 0;
  setInterval(() => {
    const second = Math.ceil((wallNow() + 100) / 1000);
    if (second === lastSecond || context.state !== 'running') return;
    lastSecond = second;
    const at = context.currentTime + (second * 1000 - wallNow()) / 1000;
    const tone = context.createOscillator();
    tone.frequency.value = 1_000;
    tone.connect(output);
    tone.start(at);
    tone.stop(at + BEEP_MS / 1000);
  }, 200);
  return output.stream.getAudioTracks()[0];
}

if (navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const tracks = [constraints?.video && startPicture(), constraints?.audio && startSound()];
    return new MediaStream(tracks.filter((track) => track instanceof MediaStreamTrack));
  };
