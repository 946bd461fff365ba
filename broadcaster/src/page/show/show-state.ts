/** What the control room says of the show, and how it is asked. */

/** A moment that was marked. */
export type Marker = { readonly title: string; readonly mediaMs: number };

/** Answer to `GET /api/show`. */
export type ShowState = {
  readonly phase: 'scheduled' | 'on' | 'paused' | 'over';
  readonly state: 'waiting' | 'live' | 'ended';
  readonly title: string;
  readonly description: string;
  readonly startsMs: number | null;
  readonly nowMs: number;
  readonly mediaMs: number;
  readonly viewers: number;
  readonly hasPoster: boolean;
  readonly recording: {
    readonly isOn: boolean;
    readonly state?: 'idle' | 'recording' | 'stopped';
    readonly file?: string;
    readonly bytes?: number;
    readonly durationMs?: number;
    readonly minutesLeft?: number;
    readonly problem?: string;
  };
  readonly markers: readonly Marker[];
};

/** Answer to `GET /api/share`. */
export type Share = {
  readonly watch: string;
  readonly app: string;
  readonly isLocal: boolean;
  readonly embed: string;
  readonly qr: string;
};

/** Asks the control room; rejects with an Error whose message is a sentence for a person. */
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  let reply: Response;
  try {
    reply = await fetch(path, body === undefined ? {} : { method: 'POST', body: bodyOf(body) });
  } catch {
    throw new Error('The broadcaster does not answer. Is it still running?');
  }
  if (!reply.ok) throw new Error((await reply.text()).trim() || `The broadcaster answered ${reply.status}.`);
  return reply.json();
}

const bodyOf = (body: unknown): BodyInit => (body instanceof Blob ? body : JSON.stringify(body));

/** `1:02:03`, or `2:03` below an hour. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** `1.2 GB`, in powers of ten as disks are sold. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power > 1 ? 1 : 0)} ${units[power]}`;
}

/** How long the disk lasts, for people. */
export function timeLeft(minutes: number): string {
  if (minutes < 90) return `${Math.floor(minutes)} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : 'days';
}
