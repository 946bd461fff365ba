/** What the tests of `freshet watch` share: a relay with a live channel, the bundled command, ffprobe. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type BroadcastState,
  Cmaf,
  encodeAddress,
  mediaUs,
  PieceCutter,
  type Rendition,
  signCatalog,
  signCertificate,
  wallMs,
  watchLink,
} from '@freshet/proto';
import { type ChannelPublisher, createKeyPair, type Relay, sha256, startRelay } from '@freshet/relay-node';
import { build } from 'esbuild';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Bundles the command from the sources into one file that Node runs. */
export async function bundleWatch(outfile: string): Promise<void> {
  await build({
    stdin: {
      contents: `import { Command } from 'commander';
        import { addWatchCommand } from './viewer/src/app/index.ts';
        const program = new Command('freshet');
        addWatchCommand(program);
        void program.parseAsync();`,
      resolveDir: fromRoot('.'),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'silent',
    alias: { '@freshet/proto': fromRoot('proto/src/index.ts') },
  });
}

/** A run of the command, with everything it says. */
export class WatchRun {
  readonly child: ChildProcess;
  readonly #closed: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  #stderr = '';
  #stdout = '';

  constructor(
    bundle: string,
    args: readonly string[],
    options: { env?: NodeJS.ProcessEnv; stdout?: number } = {},
  ) {
    this.child = spawn(process.execPath, [bundle, 'watch', ...args], {
      stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
      env: options.env ?? process.env,
    });
    this.child.stderr?.on('data', (bytes) => {
      this.#stderr += String(bytes);
    });
    this.#closed = once(this.child, 'close').then(([code, signal]) => ({ code, signal }));
  }

  /** Collects standard output as text; without this it is left alone. */
  readStdout(): this {
    this.child.stdout?.on('data', (bytes) => {
      this.#stdout += String(bytes);
    });
    return this;
  }

  /** What it said on standard error. */
  get stderr(): string {
    return this.#stderr;
  }

  /** The JSON lines of standard output. */
  get events(): readonly Record<string, unknown>[] {
    const lines = this.#stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line));
  }

  /** Waits for its end. */
  async exit(): Promise<{ readonly code: number | null; readonly signal: string | null }> {
    return this.#closed;
  }
}

const WIDTH = 320;
const HEIGHT = 180;

/** Frames per second of the test picture. */
export const FRAME_RATE = 30;

/** A channel whose broadcaster is this process, at its own relay on loopback. */
export class LiveChannel {
  readonly #keys = createKeyPair();
  readonly #relay: Relay;
  readonly #publisher: ChannelPublisher;
  #encoder: ChildProcess | undefined;
  #epoch = 0;
  #revision = 0;
  #rendition: Rendition | undefined;

  private constructor(relay: Relay) {
    this.#relay = relay;
    this.#publisher = relay.publish(this.#keys.publicKey, Date.now() - performance.now());
  }

  static async start(): Promise<LiveChannel> {
    return new LiveChannel(await startRelay({ port: 0, host: '127.0.0.1', log: () => undefined }));
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#relay.port}`;
  }

  get address(): string {
    return encodeAddress(this.#keys.publicKey);
  }

  get link(): string {
    return watchLink(this.origin, this.#keys.publicKey);
  }

  /** Begins a run of the broadcast: a test picture and a tone, encoded in real time. Resolves when it is live. */
  async goLive(options: { readonly width?: number; readonly hasBFrames?: boolean } = {}): Promise<void> {
    await this.#stopEncoder();
    this.#epoch = Math.max(Date.now(), this.#epoch + 1);
    this.#rendition = undefined;
    const video = [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-g',
      String(FRAME_RATE),
      '-pix_fmt',
      'yuv420p',
    ];
    const delay = options.hasBFrames ? ['-bf', '2'] : ['-tune', 'zerolatency'];
    const size = `${options.width ?? WIDTH}x${HEIGHT}`;
    const encoder = spawn(
      'ffmpeg',
      [
        ...['-v', 'error', '-re', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${FRAME_RATE}`],
        ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-shortest'],
        ...[...video, ...delay, '-c:a', 'aac', '-f', 'mp4', '-flush_packets', '1'],
        ...['-movflags', 'empty_moov+default_base_moof+frag_every_frame', 'pipe:1'],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#encoder = encoder;
    const feeder = new ChunkFeeder((rendition) => this.#announce(rendition), this.#cutterOf());
    await new Promise<void>((resolve) => {
      encoder.stdout.on('data', (bytes: Buffer) => {
        for (const message of feeder.take(bytes)) this.#publisher.publishPiece(message);
        if (this.#rendition) resolve();
      });
    });
  }

  /** Stops the encoder and says so. */
  async leave(state: 'waiting' | 'ended'): Promise<void> {
    await this.#stopEncoder();
    this.#publishState(state);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.#stopEncoder();
    await this.#relay.close();
  }

  async #stopEncoder(): Promise<void> {
    const encoder = this.#encoder;
    this.#encoder = undefined;
    if (!encoder) return;
    const gone = once(encoder, 'close');
    encoder.kill('SIGKILL');
    await gone;
  }

  #announce(rendition: Rendition): void {
    this.#rendition = rendition;
    this.#publishState('live');
  }

  #publishState(state: BroadcastState): void {
    const { publicKey, sign } = this.#keys;
    const certificate = signCertificate(
      { channelKey: publicKey, sessionKey: publicKey, epochFirst: 0, epochLast: Number.MAX_SAFE_INTEGER },
      sign,
    );
    const catalog = {
      epoch: this.#epoch,
      revision: ++this.#revision,
      state,
      title: 'Test picture',
      startedMs: wallMs(this.#epoch),
      stripeCount: 4,
      renditions: this.#rendition ? [this.#rendition] : [],
      relays: [],
    };
    this.#publisher.publishCatalog(signCatalog(catalog, certificate, sign));
  }

  #cutterOf(): PieceCutter {
    return new PieceCutter({ epoch: this.#epoch, renditionId: 1, sign: this.#keys.sign, digest: sha256 });
  }
}

/** Cuts ffmpeg's output into chunks of one video frame and the sound that came before it. */
class ChunkFeeder {
  readonly #splitter = new Cmaf.BoxSplitter();
  readonly #onFormat: (rendition: Rendition) => void;
  readonly #cutter: PieceCutter;
  #parts: Uint8Array[] = [];
  #init: Cmaf.InitSegment | undefined;
  #videoTime: { readonly seconds: number; readonly isKeyframe: boolean } | undefined;

  constructor(onFormat: (rendition: Rendition) => void, cutter: PieceCutter) {
    this.#onFormat = onFormat;
    this.#cutter = cutter;
  }

  take(bytes: Uint8Array): readonly Uint8Array[] {
    const result = this.#splitter.push(bytes);
    if (!result.ok) throw new Error(`ffmpeg wrote something that is not MP4: ${result.reason}`);
    return result.boxes.flatMap((box) => this.#takeBox(box));
  }

  #takeBox({ type, bytes }: Cmaf.TopLevelBox): readonly Uint8Array[] {
    this.#parts.push(bytes);
    if (type === 'moov') this.#takeInit();
    if (type === 'moof') this.#takeMoof(bytes);
    if (type !== 'mdat' || !this.#videoTime) return [];
    const { seconds, isKeyframe } = this.#videoTime;
    this.#videoTime = undefined;
    const chunk = Buffer.concat(this.#parts);
    this.#parts = [];
    return this.#cutter.cut({
      isKeyframe,
      mediaTimeUs: mediaUs(Math.round(seconds * 1e6)),
      durationUs: Math.round(1e6 / FRAME_RATE),
      captureMs: wallMs(Date.now()),
      bytes: chunk,
    });
  }

  #takeInit(): void {
    const initSegment = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#init = Cmaf.parseInit(initSegment);
    if (!this.#init) throw new Error('ffmpeg wrote an init segment without tracks');
    const mimeType = Cmaf.mimeTypeOf(this.#init);
    const { width = 0, height = 0 } = Cmaf.videoTrackOf(this.#init) ?? {};
    const frameRateMilli = FRAME_RATE * 1000;
    this.#onFormat({
      id: 1,
      name: '180p',
      mimeType,
      width,
      height,
      frameRateMilli,
      bitrate: 500_000,
      initSegment,
    });
  }

  #takeMoof(bytes: Uint8Array): void {
    const video = this.#init && Cmaf.videoTrackOf(this.#init);
    const track = Cmaf.parseMoof(bytes, this.#init)?.tracks.find(({ trackId }) => trackId === video?.id);
    if (!video || !track) return;
    const seconds = track.baseMediaDecodeTime / video.timescale;
    this.#videoTime = { seconds, isKeyframe: track.startsWithSync };
  }
}

const run = promisify(execFile);

/** What ffprobe says about one stream. */
export type ProbedStream = {
  readonly codec_type: string;
  readonly nb_read_frames: string;
  readonly start_time: string;
  readonly duration: string;
};

/** ffprobe's view of a file: its duration, and its streams with their frames decoded and counted. */
export async function probe(file: string): Promise<{
  readonly durationMs: number;
  readonly streams: readonly ProbedStream[];
  readonly errors: string;
}> {
  const { stdout, stderr } = await run(
    'ffprobe',
    ['-v', 'warning', '-count_frames', '-show_streams', '-show_format', '-of', 'json', file],
    { maxBuffer: 8 * 1024 * 1024 },
  );
  const found = JSON.parse(stdout);
  return { durationMs: Number(found.format.duration) * 1000, streams: found.streams, errors: stderr };
}

/** The presentation times of a file's packets, in seconds, by kind of stream. */
export async function packetTimes(file: string, kind: 'v' | 'a'): Promise<readonly number[]> {
  const { stdout } = await run(
    'ffprobe',
    [
      '-v',
      'error',
      '-select_streams',
      `${kind}:0`,
      '-show_entries',
      'packet=pts_time',
      '-of',
      'csv=p=0',
      file,
    ],
    { maxBuffer: 8 * 1024 * 1024 },
  );
  const times = stdout.split('\n').filter((line) => line !== '');
  return times.map((line) => Number.parseFloat(line)).sort((a, b) => a - b);
}

/** Decodes one picture at `seconds`; resolves with how long that took and whether a picture came. */
export async function seekTo(
  file: string,
  seconds: number,
): Promise<{ readonly tookMs: number; readonly hasPicture: boolean }> {
  const startMs = performance.now();
  const args = ['-v', 'error', '-ss', String(seconds), '-i', file, '-frames:v', '1', '-f', 'rawvideo', '-'];
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 8 * 1024 * 1024 });
  return { tookMs: performance.now() - startMs, hasPicture: stdout.length > 0 };
}
