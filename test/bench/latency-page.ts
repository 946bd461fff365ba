/** Runs inside the page that is measured: reads the clock in the picture whenever a frame is presented. */

import { readClock } from '../../broadcaster/src/ingest/clock-strip.js';

/** What the bench asks the page for. */
type FreshetBench = {
  /** From the start of the navigation to the first presented frame. */
  firstFrameMs: number | undefined;
  latenciesMs: number[];
  stalls: number;
  /** Longest time between two presented frames. */
  longestGapMs: number;
  reset(): void;
};

const bench: FreshetBench = {
  firstFrameMs: undefined,
  latenciesMs: [],
  stalls: 0,
  longestGapMs: 0,
  reset() {
    this.latenciesMs = [];
    this.stalls = 0;
    this.longestGapMs = 0;
  },
};
Object.assign(globalThis, { freshetBench: bench });

const canvas = document.createElement('canvas');
const pen = canvas.getContext('2d', { willReadFrequently: true });

function read(video: HTMLVideoElement): void {
  const { videoWidth: width, videoHeight: height } = video;
  if (!pen || width === 0) return;
  canvas.width = width;
  canvas.height = Math.min(height, 64);
  pen.drawImage(video, 0, 0);
  const shownMs = performance.timeOrigin + performance.now();
  const pixels = pen.getImageData(0, 0, width, canvas.height).data;
  const createdMs = readClock(pixels, width, canvas.height);
  if (createdMs !== undefined) bench.latenciesMs.push(shownMs - createdMs);
}

function follow(video: HTMLVideoElement): void {
  let isPlaying = false;
  let lastMs = performance.now();
  video.addEventListener('playing', () => {
    isPlaying = true;
  });
  video.addEventListener('waiting', () => {
    if (isPlaying) bench.stalls++;
    isPlaying = false;
  });
  const onFrame = (): void => {
    const nowMs = performance.now();
    bench.firstFrameMs ??= nowMs;
    bench.longestGapMs = Math.max(bench.longestGapMs, nowMs - lastMs);
    lastMs = nowMs;
    read(video);
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
}

function find(root: Document | ShadowRoot): HTMLVideoElement | undefined {
  const video = root.querySelector('video');
  if (video) return video;
  for (const element of root.querySelectorAll('freshet-player')) {
    const inner = element.shadowRoot && find(element.shadowRoot);
    if (inner) return inner;
  }
  return undefined;
}

const search = setInterval(() => {
  const video = find(document);
  if (!video) return;
  clearInterval(search);
  follow(video);
}, 2);
