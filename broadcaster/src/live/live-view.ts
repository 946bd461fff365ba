/** What `freshet live` tells the person or the script in front of it. */

/** Everything there is to know once the broadcast can be watched. */
export type LiveReady = {
  readonly title: string;
  readonly address: string;
  /** Link for this machine's browser. */
  readonly watch: string;
  /** Link for others: the public address, or this machine's on its network. */
  readonly share: string | undefined;
  /** Link for apps. */
  readonly app: string;
  /** Address of the control room, for this machine's browser. */
  readonly control: string | undefined;
  readonly keyFile: string;
  readonly isNewKey: boolean;
  /** Where a publisher pushes to, for the listeners. */
  readonly push: { readonly url: string; readonly streamKey: string } | undefined;
  /** Where a browser goes live from, and where WHIP clients publish to, when the studio is the source. */
  readonly studio?: { readonly page: string; readonly whip: string; readonly streamKey: string };
};

/** The figures of the status line, about once a second. */
export type LiveStatus = {
  readonly state: 'waiting' | 'live' | 'ended';
  readonly viewers: number;
  /** Bits per second of media. */
  readonly bitrate: number;
  /** Encoder speed, 1 is real time; `undefined` while nothing is encoded. */
  readonly speed: number | undefined;
  readonly elapsedMs: number;
};

/** Shows a broadcast. */
export interface LiveView {
  ready(ready: LiveReady): void;
  /** The source begins, again or for the first time. */
  began(describe: string): void;
  waiting(reason: string): void;
  status(status: LiveStatus): void;
  ended(reason: 'source-ended' | 'stopped'): void;
  note(line: string): void;
}

/** One JSON object a line on standard output, for scripts. */
export function createJsonView(write: (line: string) => void): LiveView {
  const say = (event: string, fields: object): void => write(`${JSON.stringify({ event, ...fields })}\n`);
  return {
    ready: (ready) => say('ready', ready),
    began: (describe) => say('live', { describe }),
    waiting: (reason) => say('waiting', { reason }),
    status: (status) => say('status', status),
    ended: (reason) => say('ended', { reason }),
    note: (line) => say('note', { line }),
  };
}
