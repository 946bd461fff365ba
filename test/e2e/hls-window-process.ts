/** A process to be killed: follows a broadcast and keeps its window in a folder. Prints the playlist's address. */

import { openDiskWindow } from '@freshet/relay-node';
import { startHlsRig } from './hls-rig.js';

const [, , link = '', folder = ''] = process.argv;
const store = await openDiskWindow({ folder, durationMs: 600_000, log: (line) => console.error(line) });
const rig = await startHlsRig({ link, store });
console.log(JSON.stringify({ url: rig.url }));
