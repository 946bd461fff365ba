/** Requests and events over the control room's WebSocket. */

/** Whether somebody publishes, as the server sees it. */
export type GateState =
  | { readonly state: 'empty' }
  | { readonly state: 'publishing'; readonly via: string }
  | { readonly state: 'away'; readonly via: string; readonly msLeft: number };

/** What the server tells about once a second. */
export type StudioState = {
  readonly gate: GateState;
  readonly isOurs: boolean;
  readonly broadcast: {
    readonly title: string;
    readonly share?: string;
    readonly watch: string;
    readonly viewers: number;
    readonly state: 'waiting' | 'live' | 'ended';
  };
};

/** What the server says by itself. */
export type SignalEvents = {
  onState(state: StudioState): void;
  /** The place is lost: another publishes. */
  onDismissed(why: string): void;
  /** The media connection broke off. */
  onLost(why: string): void;
  /** The socket is gone. */
  onClose(): void;
};

/** The server said no; the message is a sentence. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly kind = 'refused';
}

/** An answer must come within this. */
const ANSWER_MS_MAX = 10_000;

type Waiting = { resolve(data: unknown): void; reject(cause: Error): void; readonly timer: number };

/** One socket. */
export class SignalSocket {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  private constructor(socket: WebSocket, events: SignalEvents) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#handle(JSON.parse(String(data)), events);
    socket.onclose = () => {
      for (const { reject, timer } of this.#waiting.values()) {
        clearTimeout(timer);
        reject(new Error('The connection to Freshet broke off.'));
      }
      this.#waiting.clear();
      events.onClose();
    };
  }

  /** Connects; rejects when the server is not there. */
  static open(events: SignalEvents): Promise<SignalSocket> {
    const address = new URL('/studio/socket', location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    return new Promise((resolve, reject) => {
      socket.onopen = () => resolve(new SignalSocket(socket, events));
      socket.onerror = () => reject(new Error('Freshet cannot be reached. Is it still running?'));
    });
  }

  /** Rejects with a RefusedError when the server says no. */
  request<T>(method: string, data: object = {}): Promise<T> {
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      const timer = window.setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error('Freshet does not answer.'));
      }, ANSWER_MS_MAX);
      // The server is this page's own: its answers have the shape that the request asks for.
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as T), reject, timer });
      this.#socket.send(JSON.stringify({ id, method, data }));
    });
  }

  /** Idempotent. */
  close(): void {
    this.#socket.close();
  }

  #handle(
    message: { id?: number; ok?: boolean; error?: string; event?: string; data?: unknown },
    events: SignalEvents,
  ): void {
    if (message.event !== undefined) {
      const data = message.data;
      if (message.event === 'state') events.onState(data as StudioState);
      const { why = '' } = data as { why?: string };
      if (message.event === 'dismissed') events.onDismissed(why);
      if (message.event === 'lost') events.onLost(why);
      return;
    }
    const waiting = this.#waiting.get(message.id ?? -1);
    if (!waiting) return;
    this.#waiting.delete(message.id ?? -1);
    clearTimeout(waiting.timer);
    if (message.ok) waiting.resolve(message.data);
    else waiting.reject(new RefusedError(message.error ?? 'The studio refused.'));
  }
}
