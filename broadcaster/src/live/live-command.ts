/** `freshet live`: the command line of going live. */

import { readFile } from 'node:fs/promises';
import { isRelayOrigin } from '@freshet/proto';
import { addDiscoveryOptions, type DiscoveryFlags, readDiscoveryOptions } from '@freshet/relay-node';
import type { Command } from 'commander';
import { VIDEO_ENCODERS } from '../encode/video-encoder.js';
import type { MediaSourceOptions } from '../ingest/media-source.js';
import { RTMP_PORT_DEFAULT } from '../ingest/rtmp-source.js';
import { SRT_PORT_DEFAULT } from '../ingest/srt-source.js';
import { readTitle } from '../show/show-words.js';
import { encoderOption, ladderOption } from './encode-options.js';
import { type ControlPlace, goLive } from './live.js';
import { createJsonView } from './live-view.js';
import { OptionError, portOption, sizeOption, wholeNumberOption } from './options.js';
import { isLiveSource, readShowChoices } from './show-options.js';
import type { StudioOptions } from './studio-desk.js';
import { createTerminalView } from './terminal-view.js';

/** Options as commander delivers them. */
type LiveFlags = DiscoveryFlags & {
  readonly title?: string;
  readonly description?: string;
  readonly poster?: string;
  readonly startsAt?: string;
  readonly record?: string | boolean;
  readonly loop?: boolean;
  readonly rtmp?: string | true;
  readonly srt?: string | true;
  readonly studio?: boolean;
  readonly camera?: string | true;
  readonly screen?: boolean;
  readonly microphone?: string | true;
  readonly webrtcPort?: string;
  readonly takeover?: boolean;
  readonly streamKey?: string;
  readonly key?: string;
  readonly port?: string;
  readonly host?: string;
  readonly publicUrl?: string;
  readonly ticket?: readonly string[];
  readonly chunkMs?: string;
  readonly bitrate?: string;
  readonly ladder?: string;
  readonly encoder?: string;
  readonly size?: string;
  readonly control: boolean;
  readonly controlPort?: string;
  readonly controlHost?: string;
  readonly controlPasswordFile?: string;
  readonly json?: boolean;
};

/** Adds the command. Failures reject with an error whose message is one sentence for a person. */
export function addLiveCommand(program: Command): void {
  const command = program
    .command('live')
    .description('go live and print a link that plays')
    .argument(
      '[source]',
      'a media file, a URL that ffmpeg can read, or - for standard input; a test picture if left out',
    )
    .option('--loop', 'start the file again when it ends')
    .option('--rtmp [port]', `wait for a publisher such as OBS over RTMP (port ${RTMP_PORT_DEFAULT})`)
    .option('--srt [port]', `wait for a publisher over SRT (port ${SRT_PORT_DEFAULT})`)
    .option('--camera [name]', 'a camera of this machine; "freshet devices" lists them')
    .option('--screen', 'the screen of this machine')
    .option('--microphone [name]', 'sound for --camera or --screen')
    .option('--studio', 'go live from a browser: camera, screen and microphone, or a WHIP client such as OBS')
    .option('--size <WxH>', 'size of the test picture')
    .option('--no-control', 'do without the control room')
    .action((source: string | undefined, flags: LiveFlags) => run(source, flags));
  addCommonOptions(command);
}

/** Adds `freshet studio`: `live --studio` by a name of its own. Failures as for {@link addLiveCommand}. */
export function addStudioCommand(program: Command): void {
  const command = program
    .command('studio')
    .description('go live from a browser: camera, screen and microphone, or a WHIP client such as OBS')
    .action((flags: LiveFlags) => run(undefined, { ...flags, studio: true, control: true }));
  addCommonOptions(command);
}

function addCommonOptions(command: Command): void {
  command
    .option('--title <text>', 'what viewers see above the picture')
    .option('--description <text>', 'what the broadcast is about')
    .option('--poster <file>', 'picture that stands for the broadcast; made from it if left out')
    .option('--starts-at <time>', 'begin by itself at 20:00 or 2030-01-31T20:00; viewers see a countdown')
    .option('--record [folder]', 'record into a folder; live sources are recorded unless --no-record')
    .option('--no-record', 'record nothing')
    .option('--webrtc-port <number>', 'UDP port for the studio and WHIP; any free one if left out')
    .option('--takeover', 'a second publisher takes over in the studio, instead of being refused')
    .option('--stream-key <key>', 'what the publisher must know; made from your key if left out')
    .option('--key <file>', "channel or session key; your own channel's if left out")
    .option('--port <number>', 'port of the page and the relay; the first free one from 8080 if left out')
    .option('--host <address>', 'address to listen on; all of them if left out')
    .option('--public-url <origin>', 'where others reach this machine, such as https://live.example.org')
    .option(
      '--ticket <text>',
      'what an operator of relays gave you for this channel; may be repeated',
      (text: string, texts: readonly string[] = []) => [...texts, text],
    )
    .option('--chunk-ms <number>', 'media in one chunk: less is faster, more is cheaper')
    .option('--bitrate <kbit/s>', 'video bitrate where the video has to be encoded')
    .option(
      '--ladder <renditions>',
      'several sizes at once: auto, or a list such as 720p:3000,480p:1200,audio; off if left out',
    )
    .option(
      '--encoder <name>',
      `auto, ${VIDEO_ENCODERS.join(', ')}: what encodes, the first that works if left out`,
    )
    .option('--control-port <number>', 'port of the control room; a free one from 8180 on if left out')
    .option(
      '--control-host <address>',
      'address that the control room listens on; this machine only if left out',
    )
    .option('--control-password-file <file>', "file with the control room's password, for other machines")
    .option('--json', 'print JSON lines instead of text');
  addDiscoveryOptions(command);
}

async function run(source: string | undefined, flags: LiveFlags): Promise<void> {
  const mediaSource = readSource(source, flags);
  if (flags.publicUrl !== undefined && !isRelayOrigin(flags.publicUrl.replace(/\/$/, '')))
    throw new OptionError('--public-url takes an address such as https://live.example.org, without a path.');
  const discovery = readDiscoveryOptions(flags);
  if (!discovery.ok) throw new OptionError(discovery.why);
  const control = await readControlPlace(flags);
  const studio = readStudioOptions(flags);
  const show = await readShowChoices(flags, isLiveSource(mediaSource, studio));
  const view = flags.json
    ? createJsonView((line) => process.stdout.write(line))
    : createTerminalView(process.stdout);
  const stop = stopOnSignals();
  try {
    await goLive({
      source: mediaSource,
      title: flags.title === undefined ? titleOf(mediaSource, studio) : readTitle(flags.title),
      show,
      keyFile: flags.key,
      port: flags.port === undefined ? undefined : portOption('--port', flags.port, 0),
      host: flags.host,
      tickets: flags.ticket,
      publicUrl: flags.publicUrl?.replace(/\/$/, ''),
      discovery: discovery.options,
      control,
      studio,
      view,
      signal: stop.signal,
    });
  } finally {
    stop.release();
  }
}

/** What is to be sent, and how. Throws an OptionError. */
function readSource(source: string | undefined, flags: LiveFlags): MediaSourceOptions {
  const rtmpPort = flags.rtmp === undefined ? undefined : portOption('--rtmp', flags.rtmp, RTMP_PORT_DEFAULT);
  const srtPort = flags.srt === undefined ? undefined : portOption('--srt', flags.srt, SRT_PORT_DEFAULT);
  if (source?.trim() === '') throw new OptionError('The source is empty; leave it out for the test picture.');
  if (flags.loop && (source === undefined || source === '-'))
    throw new OptionError('--loop repeats a file; name one.');
  const named = [
    source !== undefined && 'a source',
    rtmpPort && '--rtmp',
    srtPort && '--srt',
    flags.studio && '--studio',
    flags.camera && '--camera',
    flags.screen && '--screen',
  ].filter(Boolean);
  if (named.length > 1) throw new OptionError(`Choose one source: ${named.join(' and ')} were given.`);
  const { camera, screen: hasScreen, microphone } = flags;
  const hasDevice = camera !== undefined || hasScreen === true;
  if (microphone !== undefined && !hasDevice)
    throw new OptionError('--microphone is the sound of a picture: add --camera or --screen.');
  return {
    ...(source !== undefined && { source }),
    ...(hasDevice && { devices: { camera, hasScreen, microphone } }),
    ...(flags.loop && { loop: true }),
    ...(rtmpPort !== undefined && { rtmpPort }),
    ...(srtPort !== undefined && { srtPort }),
    ...(flags.host !== undefined && { listenHost: flags.host }),
    ...(flags.streamKey !== undefined && { streamKey: flags.streamKey }),
    ...(flags.chunkMs !== undefined && { chunkMs: wholeNumberOption('--chunk-ms', flags.chunkMs, 1, 1000) }),
    ...(flags.bitrate !== undefined && {
      bitrateKbps: wholeNumberOption('--bitrate', flags.bitrate, 50, 200_000),
    }),
    ...(flags.ladder !== undefined && { ladder: ladderOption(flags.ladder) }),
    ...(flags.encoder !== undefined && { encoder: encoderOption(flags.encoder) }),
    ...(flags.size !== undefined && { size: sizeOption('--size', flags.size) }),
  };
}

/** What is said of the studio; `undefined` when it is not the source. Throws an OptionError. */
function readStudioOptions(flags: LiveFlags): StudioOptions | undefined {
  const { webrtcPort } = flags;
  if (!flags.studio) {
    if (webrtcPort === undefined && !flags.takeover) return undefined;
    throw new OptionError('--webrtc-port and --takeover are for the studio: add --studio.');
  }
  if (!flags.control) throw new OptionError('The studio is in the control room: leave --no-control out.');
  return {
    webrtcPort: webrtcPort === undefined ? 0 : portOption('--webrtc-port', webrtcPort, 0),
    isTakeover: flags.takeover === true,
  };
}

/** Where the control room is to be. Throws an OptionError. */
async function readControlPlace(flags: LiveFlags): Promise<ControlPlace | undefined> {
  if (!flags.control) return undefined;
  const { controlPort, controlHost, controlPasswordFile: file } = flags;
  let password: string | undefined;
  if (file !== undefined) {
    password = (await readFile(file, 'utf8').catch(() => '')).trim();
    if (password === '')
      throw new OptionError(
        `--control-password-file names ${file}, which holds no password; write one into it.`,
      );
  }
  const port = controlPort === undefined ? undefined : portOption('--control-port', controlPort, 0);
  return { port, host: controlHost, password };
}

/** What the broadcast is called when nobody said: the file's name, never a URL, which may hold a secret. */
function titleOf({ source, rtmpPort, srtPort, devices }: MediaSourceOptions, studio: unknown): string {
  const isAlone = [rtmpPort, srtPort, devices, studio].every((way) => way === undefined);
  if (source === undefined && isAlone) return 'Test picture';
  if (source === undefined || source === '-' || /^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return 'Live';
  return (
    source
      .replace(/^.*[\\/]/, '')
      .replace(/\.[^.]+$/, '')
      .slice(0, 200) || 'Live'
  );
}

/** The first signal stops cleanly, a second one at once. */
function stopOnSignals(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      process.off('SIGHUP', onSignal);
    },
  };
}
