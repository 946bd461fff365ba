import { describe, expect, it } from 'vitest';
import { deviceInputs } from '../../../broadcaster/src/ingest/device-input.js';
import {
  readAvFoundation,
  readDirectShow,
  readSources,
} from '../../../broadcaster/src/ingest/device-list.js';
import { describeDevices } from '../../../broadcaster/src/live/devices-command.js';

describe('the inputs of devices', () => {
  it('are two on Linux, of which the sound is PulseAudio’s or, by name, ALSA’s', () => {
    const { picture, sound } = deviceInputs({ camera: true, microphone: true }, 'linux', undefined);
    expect([picture.input, sound?.input]).toEqual(['/dev/video0', 'default']);
    expect(sound?.inputOptions).toContain('pulse');
    const alsa = deviceInputs({ camera: '/dev/video2', microphone: 'alsa:hw:1' }, 'linux', undefined);
    expect([alsa.picture.input, alsa.sound?.input]).toEqual(['/dev/video2', 'hw:1']);
    expect(alsa.sound?.inputOptions).toContain('alsa');
  });

  it('are the X display for a screen, and an error that names the way out without one', () => {
    expect(deviceInputs({ hasScreen: true }, 'linux', ':1').picture.input).toBe(':1');
    expect(() => deviceInputs({ hasScreen: true }, 'linux', undefined)).toThrow(/--studio/);
  });

  it('are one on a Mac', () => {
    const inputs = deviceInputs({ camera: 'FaceTime', microphone: true }, 'darwin', undefined);
    expect(inputs).toMatchObject({ picture: { input: 'FaceTime:0' }, sound: undefined, hasSound: true });
    expect(deviceInputs({ hasScreen: true }, 'darwin', undefined).picture.input).toBe(
      'Capture screen 0:none',
    );
  });

  it('must be named on Windows, where a screen’s sound is a second one', () => {
    expect(() => deviceInputs({ camera: true }, 'win32', undefined)).toThrow(/freshet devices/);
    const camera = deviceInputs({ camera: 'Cam', microphone: 'Mic' }, 'win32', undefined);
    expect(camera.picture.input).toBe('video=Cam:audio=Mic');
    const screen = deviceInputs({ hasScreen: true, microphone: 'Mic' }, 'win32', undefined);
    expect([screen.picture.input, screen.sound?.input]).toEqual(['desktop', 'audio=Mic']);
  });

  it('are refused where ffmpeg has no way to them', () => {
    expect(() => deviceInputs({ camera: true }, 'sunos', undefined)).toThrow(/--studio/);
  });
});

describe('the list of devices', () => {
  it('is read from PulseAudio, without what only plays', () => {
    const text = `Auto-detected sources for pulse:
* alsa_input.pci-0000.analog-stereo [Built-in Audio] (audio)
  alsa_output.pci-0000.monitor [Monitor of Built-in] (audio)`;
    expect(readSources(text)).toEqual([
      { kind: 'microphone', name: 'alsa_input.pci-0000.analog-stereo', label: 'Built-in Audio' },
    ]);
  });

  it('is read from AVFoundation, without the screens', () => {
    const text = `[AVFoundation indev @ 0x1] AVFoundation video devices:
[AVFoundation indev @ 0x1] [0] FaceTime HD Camera
[AVFoundation indev @ 0x1] [1] Capture screen 0
[AVFoundation indev @ 0x1] AVFoundation audio devices:
[AVFoundation indev @ 0x1] [0] Built-in Microphone
: Input/output error`;
    expect(readAvFoundation(text).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'camera FaceTime HD Camera',
      'microphone Built-in Microphone',
    ]);
  });

  it('is read from DirectShow', () => {
    const text = `[dshow @ 0x1] "Integrated Camera" (video)
[dshow @ 0x1]   Alternative name "@device_pnp"
[dshow @ 0x1] "Microphone (Realtek)" (audio)`;
    expect(readDirectShow(text).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'camera Integrated Camera',
      'microphone Microphone (Realtek)',
    ]);
  });

  it('is shown as the options that take them', () => {
    expect(describeDevices([{ kind: 'camera', name: '/dev/video0', label: 'Cam' }])).toBe(
      '  --camera "/dev/video0"   Cam\n',
    );
    expect(describeDevices([])).toContain('freshet studio');
  });
});
