/** The command `freshet watch`. */

import { isatty } from 'node:tty';
import type { Command } from 'commander';
import { createVerifier } from '../crypto/verifier.js';
import { createEdgeDial, isEdgeUrl } from '../link/rtc-relay-link.js';
import { createSessionFeed } from '../session-feed.js';
import { Mp4Recorder, type RecorderHandlers } from './mp4-recorder.js';
import { PlayerProcess } from './player-process.js';
import { choosePlayer, PLAYER_NAMES, type PlayerProgram } from './player-program.js';
import { checkTarget } from './recording-target.js';
import { type RelaySearch, searchRelays } from './relay-search.js';
import { loadPeerDial } from './rtc-engine.js';
import { createWeriftConnection } from './rtc-werift.js';
import { openStdout, StdoutOutput } from './stdout-output.js';
import { Watch } from './watch.js';
import { WatchError } from './watch-error.js';
import {
  type RawWatchOptions,
  readWatchOptions,
  TIMEOUT_SECONDS_DEFAULT,
  type WatchOptions,
} from './watch-options.js';
import { createJsonReport, createTextReport, type WatchReport } from './watch-report.js';
import { dialWs } from './ws-dial.js';

/** Name and version of this program, as it says them to relays. */
const AGENT = 'freshet-watch/0.1.0';

const STDOUT = 1;

/** How long a watch that is over may take to let go of everything. */
const EXIT_MS_MAX = 2_000;

/** Signals that end watching in good order. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Adds `watch` to a program; `search` finds relays for links that name none. It sets `process.exitCode`, and ends the process should anything keep it from ending. */
export function addWatchCommand(program: Command, search?: RelaySearch): void {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  const command = program
    .command('watch')
    .description('watch a channel in a player, record it, or hand it to another program')
    .argument(
      '<link>',
      'https://host/watch/fr1..., freshet:fr1..., or a bare address; relays are found by themselves',
    )
    .argument('[output]', '"-" writes fragmented MP4 to standard output')
    .option('--relay <origin>', 'a relay that carries the channel, like https://host (repeatable)', collect)
    .option('--player <name>', `play in ${PLAYER_NAMES.join(', ')} (default: the first that is installed)`)
    .option('--out <file>', 'record into an MP4 file; "-" for standard output')
    .option('--force', 'replace the file if it exists')
    .option('--relay-only', 'never connect to other viewers: only the relay learns your address')
    .option('--upload-limit <mbit>', 'Mbit/s to give to other viewers at most; 0 for none')
    .option(
      '--rtc <engine>',
      'how to connect to other viewers: werift (default), or wrtc, which takes less CPU',
    )
    .option('--duration <seconds>', 'stop after this much media')
    .option(
      '--timeout <seconds>',
      `give up when no relay is reached for this long, 0 for never (default: ${TIMEOUT_SECONDS_DEFAULT})`,
    )
    .option(
      '--json',
      'one JSON object a line on standard output (standard error when that carries the media)',
    )
    .action(async (link: string, output: string | undefined, raw: RawWatchOptions) => {
      process.exitCode = await runWatch(link, output, raw, search);
      // werift goes on asking a STUN server that does not answer, also for a closed connection (0.24.4).
      setTimeout(() => process.exit(), EXIT_MS_MAX).unref();
    });
  search?.addOptions(command);
}

async function runWatch(
  link: string,
  output: string | undefined,
  raw: RawWatchOptions,
  search: RelaySearch | undefined,
): Promise<number> {
  const isStdoutTaken = output === '-' || raw.out === '-';
  const isJson = raw.json ?? false;
  // `process.stdout` is not even looked at when it carries media: it would take the descriptor for itself.
  const stream = isJson && !isStdoutTaken ? process.stdout : process.stderr;
  const report = createReport(stream, isJson);
  try {
    const options = readWatchOptions(link, output, raw, search !== undefined);
    const log = (line: string): void => report.note(line);
    const relays =
      search && options.relays.length === 0 ? await searchRelays(search, link, raw, log) : options.relays;
    return await startWatch({ ...options, relays }, { report, stream });
  } catch (cause) {
    if (!(cause instanceof WatchError)) throw cause;
    report.failed(cause);
    return cause.exitCode;
  }
}

type Messages = { readonly report: WatchReport; readonly stream: NodeJS.WriteStream };

async function startWatch(options: WatchOptions, { report, stream }: Messages): Promise<number> {
  const { channel, relays, player, outFile, isStdout, mayReplace, durationMs, timeoutMs } = options;
  if (isStdout && isatty(STDOUT)) {
    const why =
      'A terminal cannot show MP4: send standard output into a program or a file, or use --out FILE.mp4.';
    throw new WatchError('bad-option', why);
  }
  const playerProgram = player && choosePlayer(player === 'any' ? undefined : player, process.env.PATH ?? '');
  const target = outFile === undefined ? undefined : { path: outFile, mayReplace };
  if (target) await checkTarget(target);

  const engine = options.isRelayOnly ? undefined : await loadPeerDial(options.rtcEngine);
  const dialEdge = createEdgeDial(await createWeriftConnection());
  const feed = createSessionFeed(
    {
      dial: (url, handlers) => (isEdgeUrl(url) ? dialEdge : dialWs)(url, handlers),
      verify: createVerifier(),
      agent: AGENT,
      peerDial: engine?.dial,
      uploadBps: options.uploadBps,
    },
    { channel, relays },
  );
  const watch = new Watch({ feed, report, limits: { durationMs, timeoutMs } });
  if (target) {
    watch.addOutput(
      (handlers) => {
        const recorder: RecorderHandlers = { ...handlers, onRecorded: (file) => report.recorded(file) };
        return new Mp4Recorder(target, recorder);
      },
      (recorder) => recorder.progress,
    );
  }
  if (isStdout) watch.addOutput((handlers) => new StdoutOutput(openStdout, handlers));
  if (playerProgram) addPlayer(watch, playerProgram);
  return runUntilSignal(watch, { report, stream });
}

function addPlayer(watch: Watch, program: PlayerProgram): void {
  watch.addOutput((handlers) => new PlayerProcess(program, () => watch.title || 'Freshet', handlers));
}

/** The first signal ends the watch in good order, a second one ends the process as that signal does. */
async function runUntilSignal(watch: Watch, { report, stream }: Messages): Promise<number> {
  let isStopping = false;
  const handleSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) {
      watch.abort();
      removeHandlers();
      process.kill(process.pid, signal);
      return;
    }
    isStopping = true;
    report.note('Stopping.');
    watch.stop();
  };
  const removeHandlers = (): void => {
    for (const signal of SIGNALS) process.off(signal, handleSignal);
  };
  for (const signal of SIGNALS) process.on(signal, handleSignal);
  // Whoever read the messages is gone; there is nobody left to watch for.
  stream.on('error', () => watch.stop());
  try {
    return await watch.run();
  } finally {
    removeHandlers();
  }
}

function createReport(stream: NodeJS.WriteStream, isJson: boolean): WatchReport {
  const write = (text: string): void => {
    stream.write(text);
  };
  return isJson ? createJsonReport(write) : createTextReport(write, stream.isTTY);
}
