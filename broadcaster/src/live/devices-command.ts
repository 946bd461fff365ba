/** `freshet devices`: which cameras and microphones this machine has. */

import type { Command } from 'commander';
import { findFfmpeg } from '../encode/find-ffmpeg.js';
import { type Device, listDevices } from '../ingest/device-list.js';

/** Adds the command. Failures reject with an error whose message is one sentence for a person. */
export function addDevicesCommand(program: Command): void {
  program
    .command('devices')
    .description('list the cameras and microphones that freshet live can take')
    .option('--json', 'print JSON instead of text')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const devices = await listDevices((await findFfmpeg()).path, process.platform);
      process.stdout.write(json ? `${JSON.stringify(devices)}\n` : describeDevices(devices));
    });
}

/** The list for a person. */
export function describeDevices(devices: readonly Device[]): string {
  if (devices.length === 0)
    return 'No camera and no microphone was found. A browser may see more: try freshet studio.\n';
  const lines = devices.map(({ kind, name, label }) =>
    name === label ? `  --${kind} "${name}"` : `  --${kind} "${name}"   ${label}`,
  );
  return `${lines.join('\n')}\n`;
}
