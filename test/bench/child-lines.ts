/** The talk between a bench and its child processes: one JSON document or one word a line. */

import { createInterface } from 'node:readline';

/** Writes one line for the parent. */
export const say = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

/** Runs `handle` for every line from the parent, one after another; ends the process when the parent goes away. */
export const onLines = (handle: (line: string) => Promise<void> | void): void => {
  const lines = createInterface({ input: process.stdin });
  let last = Promise.resolve();
  lines.on('line', (line) => {
    last = last
      .then(() => handle(line.trim()))
      .catch((cause: unknown) => {
        process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
        process.exit(1);
      });
  });
  lines.on('close', () => process.exit(0));
};
