/** A real ffmpeg encoding a test picture and tone in real time, cut into chunks with known capture times. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { Writable } from 'node:stream';
import { type MediaChunk, mediaUs, type Rendition, wallMs } from '@freshet/proto';

const FRAME_RATE = 30;
const SAMPLE_RATE = 48_000;
const PICTURES = 60;

/** What a test source hands out. */
export type SourceEvent =
  | { readonly kind: 'format'; readonly epoch: number; readonly rendition: Rendition }
  | { readonly kind: 'chunk'; readonly chunk: MediaChunk };

/** How a test source encodes. */
export type SourceOptions = {
  readonly epoch: number;
  readonly width: number;
  readonly height: number;
  readonly hasAudio: boolean;
  readonly onEvent: (event: SourceEvent) => void;
};

type Box = { readonly type: string; readonly start: number; readonly body: number; readonly end: number };

/** Reads the boxes directly inside `bytes[from, to)`; the last may be cut off and is then left out. */
const readBoxes = (bytes: Buffer, from: number, to: number): Box[] => {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > to) break;
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), start: at, body: at + 8, end: at + size });
    at += size;
  }
  return boxes;
};

const findBox = (bytes: Buffer, parent: Box, type: string): Box | undefined =>
  readBoxes(bytes, parent.body, parent.end).find((box) => box.type === type);

/** The video track's decode time in a `moof`, in its timescale; `undefined` in any other box, or when it holds audio only. */
const readVideoTime = (bytes: Buffer, moof: Box): number | undefined => {
  if (moof.type !== 'moof') return undefined;
  for (const traf of readBoxes(bytes, moof.body, moof.end)) {
    const tfhd = traf.type === 'traf' ? findBox(bytes, traf, 'tfhd') : undefined;
    const tfdt = traf.type === 'traf' ? findBox(bytes, traf, 'tfdt') : undefined;
    if (tfhd === undefined || tfdt === undefined || bytes.readUInt32BE(tfhd.body + 4) !== 1) continue;
    return bytes[tfdt.body] === 1
      ? Number(bytes.readBigUInt64BE(tfdt.body + 4))
      : bytes.readUInt32BE(tfdt.body + 4);
  }
  return undefined;
};

const pictureCache = new Map<string, Buffer>();

const makePictures = (width: number, height: number): Buffer => {
  const key = `${width}x${height}`;
  const cached = pictureCache.get(key);
  if (cached !== undefined) return cached;
  const made = spawnSync(
    'ffmpeg',
    [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      `testsrc2=size=${key}:rate=${FRAME_RATE}`,
      '-frames:v',
      String(PICTURES),
    ].concat(['-pix_fmt', 'yuv420p', '-f', 'rawvideo', 'pipe:1']),
    { maxBuffer: 256 * 1024 * 1024 },
  );
  pictureCache.set(key, made.stdout);
  return made.stdout;
};

/** One run of the encoder: an epoch. Frames are captured (written to ffmpeg) at 30 per second of real time. */
export class TestSource {
  readonly #options: SourceOptions;
  readonly #pictures: Buffer;
  readonly #tone: Buffer;
  readonly #captureMs: number[] = [];
  readonly #process: ChildProcess;
  #timer: NodeJS.Timeout | undefined;
  #pending = Buffer.alloc(0);
  #fragment: Buffer[] = [];
  #rendition: Rendition | undefined;
  #chunkNumber = 0;
  #timescale = 1;

  constructor(options: SourceOptions) {
    this.#options = options;
    this.#pictures = makePictures(options.width, options.height);
    this.#tone = Buffer.alloc((SAMPLE_RATE / FRAME_RATE) * 2);
    const period = SAMPLE_RATE / FRAME_RATE;
    for (let i = 0; i < period; i += 1) {
      this.#tone.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * 20 * i) / period)), i * 2);
    }
    this.#process = spawn('ffmpeg', this.#arguments(), { stdio: ['pipe', 'pipe', 'inherit', 'pipe'] });
    for (const index of [0, 3]) this.#process.stdio[index]?.on('error', () => undefined);
    this.#process.stdout?.on('data', (data: Buffer) => this.#takeBytes(data));
    const startMs = performance.now();
    const tick = (): void => {
      this.#writeFrame();
      const nextMs = startMs + (this.#captureMs.length * 1000) / FRAME_RATE;
      this.#timer = setTimeout(tick, Math.max(0, nextMs - performance.now()));
    };
    tick();
  }

  /** Ends ffmpeg; resolves when it is gone. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    const gone = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.kill('SIGKILL');
    await gone;
  }

  #arguments(): string[] {
    const { width, height, hasAudio } = this.#options;
    const raw = ['-probesize', '32', '-analyzeduration', '0'];
    const video = [
      '-f',
      'rawvideo',
      '-pix_fmt',
      'yuv420p',
      '-s',
      `${width}x${height}`,
      '-r',
      String(FRAME_RATE),
    ];
    const audio = ['-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '1'];
    const encodeVideo = [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-tune',
      'zerolatency',
      '-g',
      '30',
      '-bf',
      '0',
    ];
    return [
      ...['-v', 'error', '-fflags', 'nobuffer'],
      ...[...raw, ...video, '-i', 'pipe:0'],
      ...(hasAudio ? [...raw, ...audio, '-i', 'pipe:3', '-map', '0:v', '-map', '1:a', '-c:a', 'aac'] : []),
      ...[...encodeVideo, '-fps_mode', 'passthrough', '-b:v', '1500k', '-profile:v', 'baseline'],
      ...[
        '-f',
        'mp4',
        '-movflags',
        'empty_moov+default_base_moof+frag_every_frame',
        '-flush_packets',
        '1',
        'pipe:1',
      ],
    ];
  }

  #writeFrame(): void {
    const bytes = (this.#options.width * this.#options.height * 3) / 2;
    const at = (this.#captureMs.length % PICTURES) * bytes;
    this.#captureMs.push(Date.now());
    this.#process.stdin?.write(this.#pictures.subarray(at, at + bytes));
    if (this.#options.hasAudio) (this.#process.stdio[3] as Writable).write(this.#tone);
  }

  #takeBytes(data: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, data]);
    let used = 0;
    for (const box of readBoxes(this.#pending, 0, this.#pending.length)) {
      this.#takeBox(box, Buffer.from(this.#pending.subarray(box.start, box.end)));
      used = box.end;
    }
    this.#pending = this.#pending.subarray(used);
  }

  #takeBox(box: Box, bytes: Buffer): void {
    this.#fragment.push(bytes);
    if (box.type === 'moov') {
      this.#takeInit(Buffer.concat(this.#fragment));
      this.#fragment = [];
    } else if (box.type === 'mdat') {
      this.#takeFragment();
    }
  }

  #takeInit(initSegment: Buffer): void {
    const at = initSegment.indexOf('mdhd');
    this.#timescale = initSegment.readUInt32BE(at + 4 + 12);
    const avcc = initSegment.indexOf('avcC') + 4;
    const codec = `avc1.${initSegment.toString('hex', avcc + 1, avcc + 4)}`;
    const { width, height, hasAudio, epoch } = this.#options;
    this.#rendition = {
      id: 1,
      name: `${height}p`,
      mimeType: `video/mp4; codecs="${codec}${hasAudio ? ',mp4a.40.2' : ''}"`,
      width,
      height,
      frameRateMilli: FRAME_RATE * 1000,
      bitrate: 1_500_000,
      initSegment,
    };
    this.#options.onEvent({ kind: 'format', epoch, rendition: this.#rendition });
  }

  /** A chunk runs from one video frame up to the next; audio fragments in between ride along. */
  #takeFragment(): void {
    const bytes = Buffer.concat(this.#fragment);
    const times = readBoxes(bytes, 0, bytes.length).map((box) => readVideoTime(bytes, box));
    const time = times.find((value) => value !== undefined);
    if (time === undefined || this.#rendition === undefined) return;
    this.#fragment = [];
    const frame = Math.round((time / this.#timescale) * FRAME_RATE);
    this.#options.onEvent({
      kind: 'chunk',
      chunk: {
        epoch: this.#options.epoch,
        renditionId: this.#rendition.id,
        chunkNumber: this.#chunkNumber,
        isKeyframe: frame % 30 === 0,
        mediaTimeUs: mediaUs(Math.round((time / this.#timescale) * 1e6)),
        durationUs: Math.round(1e6 / FRAME_RATE),
        captureMs: wallMs(this.#captureMs[frame] ?? 0),
        bytes,
      },
    });
    this.#chunkNumber += 1;
  }
}
