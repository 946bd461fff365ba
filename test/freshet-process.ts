/** The real `freshet` command as a child process, spoken to as a script would: through `--json`. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One line of `--json` output. */
export type FreshetEvent = { readonly event: string } & Readonly<Record<string, unknown>>;

const COMMAND = fileURLToPath(new URL('../scripts/freshet.mjs', import.meta.url));

/** Longest wait for an event before the test fails. */
const EVENT_MS_MAX = 30_000;

/** A running `freshet`, with folders of its own, so that no test touches the user's keys or videos. */
export class FreshetProcess {
  readonly child: ChildProcess;
  readonly events: FreshetEvent[] = [];
  readonly #home: string;
  #stderr = '';
  #wake: () => void = () => undefined;

  /** `wrap` makes the command line that is really run, such as one in another network. */
  constructor(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    wrap: (argv: readonly string[]) => readonly string[] = (argv) => argv,
  ) {
    this.#home = mkdtempSync(join(tmpdir(), 'freshet-test-'));
    const [program = '', ...rest] = wrap([process.execPath, COMMAND, ...args]);
    this.child = spawn(program, rest, {
      env: { ...process.env, XDG_CONFIG_HOME: this.#home, XDG_VIDEOS_DIR: this.#home, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A process group of its own, as a shell gives it: see interruptGroup.
      detached: true,
    });
    this.child.stderr?.on('data', (bytes: Buffer) => {
      this.#stderr += bytes.toString();
    });
    if (this.child.stdout)
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        if (!line.startsWith('{')) return;
        this.events.push(JSON.parse(line));
        this.#wake();
      });
    this.child.once('exit', () => this.#wake());
  }

  /** Everything on standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** The process id. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The first event, of those from index `from` on, that fits. Rejects when it does not come. */
  async waitFor(
    fits: (event: FreshetEvent) => boolean,
    from: number = 0,
    msMax: number = EVENT_MS_MAX,
  ): Promise<FreshetEvent> {
    const deadline = Date.now() + msMax;
    for (;;) {
      const found = this.events.slice(from).find(fits);
      if (found) return found;
      const left = deadline - Date.now();
      if (left <= 0 || this.child.exitCode !== null)
        throw new Error(
          `no such event (exit ${this.child.exitCode}); events: ${JSON.stringify(this.events.slice(-5))}; ${this.#stderr}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Waits for the end and returns the exit code. */
  async exitCode(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    rmSync(this.#home, { recursive: true, force: true });
    return this.child.exitCode;
  }

  /** Ends it as Ctrl-C does and returns the exit code. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGINT');
    return this.exitCode();
  }

  /** What a terminal does on Ctrl-C: the signal goes to the command and to everything it has started. */
  async interruptGroup(): Promise<number | null> {
    process.kill(-this.pid, 'SIGINT');
    return this.exitCode();
  }
}
