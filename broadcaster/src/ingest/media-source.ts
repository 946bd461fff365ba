/** The broadcaster's way in: any source becomes a run of CMAF chunks. */

import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Encoding } from '../encode/encoding.js';
import { type EncoderChoice, findEncoder } from '../encode/find-encoder.js';
import { type Ffmpeg, findFfmpeg, requireFeature } from '../encode/find-ffmpeg.js';
import type { LadderChoice } from '../encode/ladder.js';
import { type DeviceChoice, deviceInputs } from './device-input.js';
import { createDeviceSource } from './device-source.js';
import { createFileSource } from './file-source.js';
import type { MediaSource } from './media-event.js';
import type { SourceSetup } from './pipeline-options.js';
import { createRtmpSource } from './rtmp-source.js';
import { asSourceError, SourceError } from './source-error.js';
import { createSrtSource } from './srt-source.js';
import { createStdinSource } from './stdin-source.js';
import { type FrameSize, TEST_CARD_SIZE_MIN } from './test-card.js';
import { createTestSource } from './test-source.js';
import { createUrlSource } from './url-source.js';
import type { PublisherGate } from './webrtc/publisher-gate.js';
import { createWebrtcSource } from './webrtc/webrtc-source.js';

export type { CutChunk } from '../chunk/cut-chunk.js';
export type { MediaEvent, MediaFormat, MediaSource } from './media-event.js';

/** Which source, and how. Without any of `source`, `rtmpPort`, `srtPort`, `devices` and `gate` it is the test picture. */
export type MediaSourceOptions = {
  /** A file's name, a URL, or `-` for standard input. */
  readonly source?: string | undefined;
  /** Play a file again and again. */
  readonly loop?: boolean | undefined;
  /** Listen for RTMP on this port. */
  readonly rtmpPort?: number | undefined;
  /** Listen for SRT on this port. */
  readonly srtPort?: number | undefined;
  /** Cameras, screens and microphones of this machine. */
  readonly devices?: DeviceChoice | undefined;
  /** Takes what comes through this gate, from browsers and WHIP clients. */
  readonly gate?: PublisherGate | undefined;
  /** Address to listen on; all of this machine's by default. */
  readonly listenHost?: string | undefined;
  /** What a publisher must know; needed for listening. Letters, digits, `-` and `_`. */
  readonly streamKey?: string | undefined;
  /** Milliseconds of picture per chunk; one frame at 30 per second by default. */
  readonly chunkMs?: number | undefined;
  /** Kilobits per second of video where it is encoded; chosen by size by default. */
  readonly bitrateKbps?: number | undefined;
  /** Size of the test picture in pixels. */
  readonly size?: FrameSize | undefined;
  /** Renditions of several sizes; `off` by default. */
  readonly ladder?: LadderChoice | undefined;
  /** What encodes; the first that works by default. */
  readonly encoder?: EncoderChoice | undefined;
  /** What to take a measured encoder speed for; itself by default. For tests. */
  readonly readSpeed?: ((speed: number) => number) | undefined;
  /** An ffmpeg that was found before; looked for by default. */
  readonly ffmpeg?: Ffmpeg | undefined;
  /** In place of this process's standard input. */
  readonly stdin?: Readable | undefined;
};

const LISTEN_HOST_DEFAULT = '0.0.0.0';
const BITRATE_KBPS_RANGE = { min: 100, max: 100_000 } as const;
const TEST_SIDE_MAX = 3840;

/**
 * Finds ffmpeg, checks what can be checked without starting, and gives a source to start.
 *
 * Rejects with `SourceError`, whose message is one sentence for the person who asked.
 */
export async function createMediaSource(options: MediaSourceOptions): Promise<MediaSource> {
  checkOptions(options);
  try {
    const ffmpeg = options.ffmpeg ?? (await findFfmpeg());
    requireFeature(ffmpeg, 'H.264 encoding');
    requireFeature(ffmpeg, 'AAC encoding');
    const choices = { bitrateKbps: options.bitrateKbps };
    const { chunkMs, ladder, encoder, readSpeed } = options;
    // One that was asked for by name must work: found out now, not when the source comes.
    if (encoder !== undefined && encoder !== 'auto') await findEncoder(ffmpeg, encoder);
    const encoding = new Encoding({ ffmpeg, choices, ladder, encoder });
    const setup: SourceSetup = { ffmpeg, chunkMs, choices, encoding, readSpeed };
    return await createOne(setup, options);
  } catch (error) {
    throw asSourceError(error);
  }
}

async function createOne(setup: SourceSetup, options: MediaSourceOptions): Promise<MediaSource> {
  const { source, rtmpPort, srtPort } = options;
  const host = options.listenHost ?? LISTEN_HOST_DEFAULT;
  const streamKey = options.streamKey ?? '';
  if (rtmpPort !== undefined) return await createRtmpSource(setup, { host, port: rtmpPort, streamKey });
  if (srtPort !== undefined) return await createSrtSource(setup, { host, port: srtPort, streamKey });
  if (options.devices !== undefined)
    return createDeviceSource(setup, deviceInputs(options.devices, process.platform, process.env.DISPLAY));
  if (options.gate !== undefined) return createWebrtcSource(setup, options.gate);
  if (source === undefined || source === '') return createTestSource(setup, options.size);
  if (source === '-') return createStdinSource(setup, options.stdin ?? process.stdin);
  if (/^file:\/\//i.test(source)) {
    return await createFileSource(setup, { path: fileURLToPath(source), isLooped: options.loop === true });
  }
  // One letter before the colon is a drive.
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) return createUrlSource(setup, source);
  return await createFileSource(setup, { path: source, isLooped: options.loop === true });
}

function checkOptions(options: MediaSourceOptions): void {
  const { source, rtmpPort, srtPort, gate, devices, streamKey, bitrateKbps, size } = options;
  const ways = [source, rtmpPort, srtPort, gate, devices].filter((way) => way !== undefined && way !== '');
  if (ways.length > 1) {
    throw new SourceError(
      'bad-option',
      'More than one source was given; give a file or URL, --camera, --screen, --rtmp, --srt or --studio.',
    );
  }
  const isListening = rtmpPort !== undefined || srtPort !== undefined;
  if (isListening && !/^[\w-]{1,79}$/.test(streamKey ?? '')) {
    const message = 'A stream key is needed to listen: 1 to 79 letters, digits, - and _; give another one.';
    throw new SourceError('bad-option', message);
  }
  const { min, max } = BITRATE_KBPS_RANGE;
  if (bitrateKbps !== undefined && !(bitrateKbps >= min && bitrateKbps <= max)) {
    throw new SourceError(
      'bad-option',
      `A bit rate is from ${min} to ${max} kbit/s; give another --bitrate.`,
    );
  }
  if (size !== undefined && !isTestSize(size)) {
    const smallest = `${TEST_CARD_SIZE_MIN.width}x${TEST_CARD_SIZE_MIN.height}`;
    const message = `The test picture's sides are even and from ${smallest} to ${TEST_SIDE_MAX}; give another --size.`;
    throw new SourceError('bad-option', message);
  }
}

function isTestSize(size: FrameSize): boolean {
  const isFine = (side: number, min: number): boolean =>
    Number.isInteger(side) && side % 2 === 0 && side >= min && side <= TEST_SIDE_MAX;
  return isFine(size.width, TEST_CARD_SIZE_MIN.width) && isFine(size.height, TEST_CARD_SIZE_MIN.height);
}
