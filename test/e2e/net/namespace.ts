/** Network namespaces by `ip`: made, used and removed, also those that a crashed run has left. */

import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Names of this rig's namespaces begin so, and carry the process that made them. */
const PREFIX = 'frnet';

let nextNumber = 0;

/** What a program that has ended left behind. */
export type ExecResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs `ip`; rejects with its own words when it fails. */
export const ip = async (...args: readonly string[]): Promise<string> => (await run('ip', [...args])).stdout;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process, or none of ours.
    return false;
  }
};

/**
 * Removes namespaces whose maker is gone. What ran in them has died with it; devices go with their namespace.
 */
export const removeStaleNamespaces = async (): Promise<void> => {
  const names = (await ip('netns', 'list')).split('\n').map((line) => line.split(' ')[0] ?? '');
  for (const name of names) {
    const pid = Number(new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) await ip('netns', 'del', name);
  }
};

/** A network namespace with only its loopback up. */
export class Namespace {
  readonly name: string;
  readonly #children = new Set<ChildProcess>();

  private constructor(name: string) {
    this.name = name;
  }

  static async create(): Promise<Namespace> {
    nextNumber += 1;
    const namespace = new Namespace(`${PREFIX}-${process.pid}-${nextNumber}`);
    await ip('netns', 'add', namespace.name);
    await namespace.ip('link', 'set', 'lo', 'up');
    return namespace;
  }

  /** Runs `ip` inside. */
  ip(...args: readonly string[]): Promise<string> {
    return ip('-n', this.name, ...args);
  }

  /** The command line that runs a program inside; it dies with the process that starts it. */
  commandOf(argv: readonly string[]): string[] {
    return ['setpriv', '--pdeathsig', 'KILL', '--', 'ip', 'netns', 'exec', this.name, ...argv];
  }

  /** Starts a program inside; it is killed when the namespace is closed. */
  spawn(argv: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const [program = '', ...args] = this.commandOf(argv);
    const child = spawn(program, args, options);
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    return child;
  }

  /** Runs a program inside to its end; killed (code -1) after `timeoutMs`. */
  exec(argv: readonly string[], timeoutMs: number = 10_000): Promise<ExecResult> {
    const child = this.spawn(argv, { stdio: 'pipe' });
    const text = { stdout: '', stderr: '' };
    child.stdout?.on('data', (bytes: Buffer) => {
      text.stdout += bytes.toString();
    });
    child.stderr?.on('data', (bytes: Buffer) => {
      text.stderr += bytes.toString();
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        clearTimeout(timer);
        resolve({ code: code ?? -1, ...text });
      });
    });
  }

  /** Like `exec`, but rejects when the program fails. */
  async must(...argv: readonly string[]): Promise<void> {
    const { code, stderr } = await this.exec(argv);
    if (code !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  }

  /** Kills what runs inside and removes the namespace with its devices. */
  async close(): Promise<void> {
    const ended = [...this.#children].map(
      (child) => new Promise<void>((resolve) => child.once('close', () => resolve())),
    );
    for (const child of this.#children) child.kill('SIGKILL');
    await Promise.all(ended);
    await ip('netns', 'del', this.name);
  }
}
