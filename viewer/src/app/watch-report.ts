/** What `freshet watch` says while it runs: for people on a terminal, for people in a log, for programs. */

import type { MeshStats } from '@freshet/proto';
import { shareFromViewers } from '../mesh-share.js';
import type { FeedStats, FeedStatus } from '../playback/feed.js';
import type { RecordedFile, RecorderProgress } from './mp4-recorder.js';
import type { WatchError } from './watch-error.js';

/** The figures of one moment. */
export type WatchFigures = {
  /** Capture of the newest chunk to its arrival here; `undefined` until the clocks are synchronised. */
  readonly latencyMs: number | undefined;
  readonly network: FeedStats;
  /** Media received so far. */
  readonly watchedMs: number;
  /** Times the feed skipped to a keyframe. */
  readonly gapCount: number;
  readonly recording: RecorderProgress | undefined;
};

/** Takes everything there is to say. */
export interface WatchReport {
  status(status: FeedStatus): void;
  broadcast(title: string): void;
  /** About once a second. */
  figures(figures: WatchFigures): void;
  recorded(recorded: RecordedFile): void;
  note(text: string): void;
  failed(error: WatchError): void;
}

/** Writes text somewhere. */
export type WriteText = (text: string) => void;

/** A status in one sentence. */
export function sentenceOf(status: FeedStatus): string {
  switch (status.kind) {
    case 'connecting':
      return 'Looking for the broadcast.';
    case 'live':
      return 'Live.';
    case 'reconnecting': {
      const wait = (status.retryInMs / 1000).toFixed(1);
      return `No relay is connected: attempt ${status.attempt} in ${wait} s.`;
    }
    case 'not-started':
      return 'This channel is not live. Waiting for it to begin (Ctrl-C to stop).';
    case 'waiting':
      return "The broadcaster's source is gone for a moment. Waiting for it to come back (Ctrl-C to stop).";
    case 'ended':
      return 'The broadcast is over.';
    case 'unknown-channel':
      return 'No relay carries this channel.';
    case 'bad-address':
    case 'incompatible':
    case 'untrusted':
      return status.why;
  }
}

/** One JSON object a line. */
export function createJsonReport(write: WriteText): WatchReport {
  const say = (event: string, fields: object): void => write(`${JSON.stringify({ event, ...fields })}\n`);
  return {
    status: (status) => say('status', { status: status.kind, message: sentenceOf(status) }),
    broadcast: (title) => say('broadcast', { title }),
    figures: ({ latencyMs, network, recording, watchedMs, gapCount }) =>
      say('stats', {
        latencyMs: latencyMs === undefined ? null : tenths(latencyMs),
        ...network,
        rttMs: tenths(network.rttMs),
        mesh: network.mesh ? meshFields(network.mesh) : null,
        watchedMs,
        gapCount,
        ...(recording && { recordedMs: recording.durationMs, recordedBytes: recording.bytes }),
      }),
    recorded: (recorded) => say('recorded', recorded),
    note: (message) => say('note', { message }),
    failed: ({ kind, message }) => say('error', { kind, message }),
  };
}

/** Sentences, and on a terminal one line of figures that is written over and over. */
export function createTextReport(write: WriteText, isTerminal: boolean): WatchReport {
  let hasFigures = false;
  let lastSentence = '';
  const say = (sentence: string): void => {
    if (sentence === lastSentence) return;
    lastSentence = sentence;
    write(`${hasFigures ? CLEAR_LINE : ''}${sentence}\n`);
    hasFigures = false;
  };
  return {
    status: (status) => say(sentenceOf(status)),
    broadcast: (title) => say(title === '' ? 'The broadcast has no title.' : `"${printable(title)}"`),
    figures: (figures) => {
      if (!isTerminal) return;
      write(`${CLEAR_LINE}${figuresLine(figures)}`);
      hasFigures = true;
    },
    recorded: ({ file, durationMs, bytes }) =>
      say(`Recorded ${file}: ${clockText(durationMs)}, ${sizeText(bytes)}.`),
    note: say,
    failed: (error) => say(error.message),
  };
}

/** Without control characters, which could take a terminal over. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ').trim();
}

const CLEAR_LINE = '\r\x1b[K';

function figuresLine({ latencyMs, network, watchedMs, gapCount, recording }: WatchFigures): string {
  const parts = [
    clockText(watchedMs),
    `latency ${latencyMs === undefined ? '?' : Math.round(latencyMs)} ms`,
    `${(network.bitrate / 1e6).toFixed(2)} Mbit/s`,
    `${network.piecesVerified} pieces verified, ${network.piecesRefused} refused`,
  ];
  if (network.mesh) parts.push(meshText(network.mesh));
  if (gapCount > 0) parts.push(`${gapCount} gaps`);
  if (recording) parts.push(`recorded ${clockText(recording.durationMs)}, ${sizeText(recording.bytes)}`);
  return parts.join(' | ');
}

/** `shareFromViewers`: of all bytes, from 0 to 1; `null` before any came. */
function meshFields(mesh: MeshStats): object {
  const share = shareFromViewers(mesh);
  const rounded = share === undefined ? null : Math.round(share * 1000) / 1000;
  return { shareFromViewers: rounded, ...mesh, uplinkBps: Math.round(mesh.uplinkBps) };
}

function meshText(mesh: MeshStats): string {
  const share = shareFromViewers(mesh);
  const percent = share === undefined ? '?' : Math.round(share * 100);
  return `${percent} % from viewers, helping ${mesh.helpedCount}, ${mesh.neighbourCount} neighbours`;
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function sizeText(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
