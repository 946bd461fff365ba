/** A bench's child process that is spoken to in lines; see child-lines.ts for the other end. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One JSON document from the child. */
export type ChildMessage = Readonly<Record<string, unknown>>;

/** Runs a script of this folder by tsx. */
export class BenchChild {
  readonly #process: ChildProcess;
  readonly #waiting: ChildMessage[] = [];
  #wake: (() => void) | undefined;

  constructor(script: string, args: readonly string[]) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    this.#process = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', path, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (this.#process.stdout === null) throw new Error('a child without output');
    const lines = createInterface({ input: this.#process.stdout });
    lines.on('line', (line) => {
      const message: unknown = JSON.parse(line);
      if (typeof message === 'object' && message !== null)
        this.#waiting.push(Object.fromEntries(Object.entries(message)));
      this.#wake?.();
    });
    lines.on('close', () => this.#wake?.());
  }

  /** Its process id. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The next message; fails when the child has ended. */
  async next(): Promise<ChildMessage> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) return message;
      if (this.#process.exitCode !== null) throw new Error('a child ended early');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Says a line that is answered later, or never. */
  tell(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Says a line and waits for its answer. */
  async ask(line: string): Promise<ChildMessage> {
    this.tell(line);
    return this.next();
  }

  /** Asks it to end; ends it after 5 s. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.stdin?.end('exit\n');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 5_000);
    await exited;
    clearTimeout(timer);
  }

  /** Ends it at once, whatever it is doing. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}
