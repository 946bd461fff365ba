/** How ffmpeg opens cameras, screens and microphones, by operating system. */

import { SourceError } from './source-error.js';

/** What was asked for. Without `camera` and `hasScreen` there is no picture, which a broadcast needs. */
export type DeviceChoice = {
  /** Name or place of a camera as the system has it; `true` for the first. */
  readonly camera?: string | true | undefined;
  /** The screen instead of a camera. */
  readonly hasScreen?: boolean | undefined;
  /** Name or place of a microphone; `true` for the system's own choice; none if left out. */
  readonly microphone?: string | true | undefined;
};

/** One input of ffmpeg. */
export type DeviceInput = { readonly input: string; readonly inputOptions: readonly string[] };

/** The inputs of a broadcast from devices; where one brings picture and sound, `sound` is left out. */
export type DeviceInputs = {
  readonly picture: DeviceInput;
  readonly sound: DeviceInput | undefined;
  readonly hasSound: boolean;
  /** For people: `the camera /dev/video0`. */
  readonly name: string;
};

/** Frames a second that are asked for. Devices that have another rate give theirs. */
const FRAME_RATE = '30';

/** Packets that wait for the encoder before the device's own are lost. */
const QUEUE = ['-thread_queue_size', '512'] as const;

/** By the clock of the machine, as sound and picture come from two devices. */
const STAMPED = ['-use_wallclock_as_timestamps', '1'] as const;

/** Inputs on a system as `process.platform` names it. Throws a SourceError where ffmpeg has no way to them. */
export function deviceInputs(
  choice: DeviceChoice,
  platform: string,
  display: string | undefined,
): DeviceInputs {
  switch (platform) {
    case 'linux':
      return linuxInputs(choice, display);
    case 'darwin':
      return macInputs(choice);
    case 'win32':
      return windowsInputs(choice);
    default:
      throw new SourceError(
        'ffmpeg-cannot',
        `Devices cannot be opened on ${platform}; go live from the browser with --studio.`,
      );
  }
}

function linuxInputs(
  { camera, hasScreen, microphone }: DeviceChoice,
  display: string | undefined,
): DeviceInputs {
  if (hasScreen && !display)
    throw new SourceError(
      'not-found',
      'There is no X display to record; set DISPLAY, or share the screen from the browser with --studio.',
    );
  const device = typeof camera === 'string' ? camera : '/dev/video0';
  const picture = hasScreen
    ? { input: display ?? '', inputOptions: [...QUEUE, '-f', 'x11grab', '-framerate', FRAME_RATE] }
    : { input: device, inputOptions: [...QUEUE, ...STAMPED, '-f', 'v4l2', '-framerate', FRAME_RATE] };
  const sound = microphone === undefined ? undefined : linuxSound(microphone);
  return {
    picture,
    sound,
    hasSound: sound !== undefined,
    name: hasScreen ? `the screen ${display}` : `the camera ${device}`,
  };
}

/** `alsa:` in front of a name takes ALSA's device of that name, everything else is PulseAudio's or PipeWire's. */
function linuxSound(microphone: string | true): DeviceInput {
  const name = microphone === true ? 'default' : microphone;
  const [format, input] = name.startsWith('alsa:') ? ['alsa', name.slice('alsa:'.length)] : ['pulse', name];
  return { input, inputOptions: [...QUEUE, ...STAMPED, '-f', format] };
}

/** AVFoundation opens picture and sound together: `picture:sound`, each a name or a number. */
function macInputs({ camera, hasScreen, microphone }: DeviceChoice): DeviceInputs {
  const picture = hasScreen ? 'Capture screen 0' : typeof camera === 'string' ? camera : '0';
  const sound = microphone === undefined ? 'none' : microphone === true ? '0' : microphone;
  const options = [...QUEUE, '-f', 'avfoundation', '-framerate', FRAME_RATE, '-capture_cursor', '1'];
  return {
    picture: { input: `${picture}:${sound}`, inputOptions: options },
    sound: undefined,
    hasSound: microphone !== undefined,
    name: hasScreen ? 'the screen' : `the camera ${picture}`,
  };
}

function windowsInputs({ camera, hasScreen, microphone }: DeviceChoice): DeviceInputs {
  if (microphone === true)
    throw new SourceError('bad-option', 'Name the microphone on Windows; "freshet devices" lists them.');
  const sound = microphone && { input: `audio=${microphone}`, inputOptions: [...QUEUE, '-f', 'dshow'] };
  if (hasScreen) {
    const picture = { input: 'desktop', inputOptions: [...QUEUE, '-f', 'gdigrab', '-framerate', FRAME_RATE] };
    return { picture, sound: sound || undefined, hasSound: Boolean(sound), name: 'the screen' };
  }
  if (typeof camera !== 'string')
    throw new SourceError('bad-option', 'Name the camera on Windows; "freshet devices" lists them.');
  const input = `video=${camera}${microphone ? `:audio=${microphone}` : ''}`;
  const picture = { input, inputOptions: [...QUEUE, '-f', 'dshow', '-framerate', FRAME_RATE] };
  return { picture, sound: undefined, hasSound: Boolean(microphone), name: `the camera ${camera}` };
}
