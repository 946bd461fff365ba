/** Cameras, microphones and screens, with what goes wrong with them in words for people. */

/** A device could not be had; the message says why and what to do. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  readonly kind = 'device';
}

/** A choice for a list. */
export type DeviceChoice = { readonly id: string; readonly label: string };

/** Opens a camera, the given one or any, near the size wanted. Rejects with a DeviceError. */
export async function openCamera(id: string, width: number, height: number): Promise<MediaStreamTrack> {
  const near = { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30, max: 30 } };
  return open('camera', id, (deviceId) => ({ video: { ...near, ...deviceId } }));
}

/** Opens a microphone, the given one or any. Rejects with a DeviceError. */
export async function openMicrophone(id: string): Promise<MediaStreamTrack> {
  const better = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return open('microphone', id, (deviceId) => ({ audio: { ...better, ...deviceId } }));
}

/** Asks for a screen, window or tab, with its sound where there is one; `undefined` when nothing was chosen. */
export async function openScreen(): Promise<MediaStream | undefined> {
  try {
    return await media().getDisplayMedia({
      video: { frameRate: { ideal: 30, max: 30 } },
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
  } catch (cause) {
    if (nameOf(cause) === 'NotAllowedError') return undefined;
    throw new DeviceError(
      'The screen could not be captured. Choose another window, or restart the browser.',
      {
        cause,
      },
    );
  }
}

/** What can be chosen from. Names are empty before the first permission. */
export async function listDevices(kind: 'videoinput' | 'audioinput'): Promise<readonly DeviceChoice[]> {
  const all = await media().enumerateDevices();
  return all
    .filter((device) => device.kind === kind)
    .map(({ deviceId, label }, index) => ({
      id: deviceId,
      label: label || `${kind === 'videoinput' ? 'Camera' : 'Microphone'} ${index + 1}`,
    }));
}

/** Calls back when something was plugged in or out. */
export function watchDevices(listener: () => void): void {
  navigator.mediaDevices?.addEventListener('devicechange', listener);
}

type DeviceId = { readonly deviceId?: { readonly exact: string } };

async function open(
  what: 'camera' | 'microphone',
  id: string,
  constraints: (deviceId: DeviceId) => MediaStreamConstraints,
): Promise<MediaStreamTrack> {
  try {
    const chosen = id === '' ? {} : { deviceId: { exact: id } };
    const stream = await media().getUserMedia(constraints(chosen));
    const [track] = stream.getTracks();
    if (track) return track;
  } catch (cause) {
    // The one that was chosen last time may be gone.
    if (nameOf(cause) === 'OverconstrainedError' && id !== '') return open(what, '', constraints);
    throw new DeviceError(
      WHY[nameOf(cause)]?.(what) ?? `The ${what} could not be opened (${nameOf(cause)}). Choose another one.`,
      { cause },
    );
  }
  throw new DeviceError(`The ${what} gives nothing. Choose another one.`);
}

const WHY: Readonly<Record<string, (what: string) => string>> = {
  NotAllowedError: (what) =>
    `The browser may not use the ${what}. Allow it beside the address, then choose it again.`,
  NotFoundError: (what) => `There is no ${what}. Plug one in, and it is used at once.`,
  NotReadableError: (what) => `Another program is using the ${what}. Close that one, then choose it again.`,
};

function media(): MediaDevices {
  // Browsers hide it from pages that came over plain HTTP from another machine.
  if (!navigator.mediaDevices)
    throw new DeviceError(
      'The browser gives camera and microphone only to pages of this machine or over https. Open the studio as http://localhost.',
    );
  return navigator.mediaDevices;
}

const nameOf = (cause: unknown): string => (cause instanceof DOMException ? cause.name : 'Error');
