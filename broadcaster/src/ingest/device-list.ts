/** Which cameras and microphones there are, as ffmpeg and the system say. */

import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

/** One device; `name` is what `--camera` or `--microphone` takes. */
export type Device = {
  readonly kind: 'camera' | 'microphone';
  readonly name: string;
  readonly label: string;
};

const LIST_MS_MAX = 10_000;
const LIST_BYTES_MAX = 1024 * 1024;

/** Looks for devices. What cannot be looked for is left out; never rejects. */
export async function listDevices(ffmpegPath: string, platform: string): Promise<readonly Device[]> {
  const say = (...args: string[]): Promise<string> => outputOf(ffmpegPath, args);
  switch (platform) {
    case 'linux':
      return [...(await linuxCameras()), ...readSources(await say('-sources', 'pulse'))];
    case 'darwin':
      return readAvFoundation(await say('-f', 'avfoundation', '-list_devices', 'true', '-i', ''));
    case 'win32':
      return readDirectShow(await say('-f', 'dshow', '-list_devices', 'true', '-i', 'dummy'));
    default:
      return [];
  }
}

/** PulseAudio's list: `* alsa_input.pci [Built-in] (audio)`; what only plays back a speaker is left out. */
export function readSources(text: string): readonly Device[] {
  return [...text.matchAll(/^[* ] +(\S+) \[(.*?)\]/gm)]
    .map(([, name = '', label = '']): Device => ({ kind: 'microphone', name, label }))
    .filter(({ name }) => !name.endsWith('.monitor'));
}

/** AVFoundation's list: two headings, and below each `[0] FaceTime HD Camera`. */
export function readAvFoundation(text: string): readonly Device[] {
  const devices: Device[] = [];
  let kind: Device['kind'] = 'camera';
  for (const line of text.split('\n')) {
    if (/AVFoundation audio devices:/.test(line)) kind = 'microphone';
    const [, label] = /\] \[\d+\] (.+)$/.exec(line) ?? [];
    if (label !== undefined && !/^Capture screen/.test(label)) devices.push({ kind, name: label, label });
  }
  return devices;
}

/** DirectShow's list: `"Integrated Camera" (video)`. */
export function readDirectShow(text: string): readonly Device[] {
  return [...text.matchAll(/"([^"\n]+)" \((video|audio)\)/g)].map(([, label = '', what]): Device => {
    return { kind: what === 'video' ? 'camera' : 'microphone', name: label, label };
  });
}

async function linuxCameras(): Promise<Device[]> {
  const folder = '/sys/class/video4linux';
  const names = (await readdir(folder).catch(() => [])).sort();
  return Promise.all(
    names.map(async (name): Promise<Device> => {
      const label = await readFile(`${folder}/${name}/name`, 'utf8').catch(() => name);
      return { kind: 'camera', name: `/dev/${name}`, label: label.trim() };
    }),
  );
}

/** Lists end with an error, since nothing is opened: what was written counts. */
function outputOf(path: string, args: readonly string[]): Promise<string> {
  const options = { timeout: LIST_MS_MAX, maxBuffer: LIST_BYTES_MAX };
  return new Promise((resolve) => {
    execFile(path, ['-hide_banner', ...args], options, (_cause, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    );
  });
}
