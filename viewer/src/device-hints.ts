/** Listens to what the device says about its connection and its battery. */

import { type DeviceHints, isBatteryLow } from './upload-policy.js';

/** The Network Information API, as far as browsers have it. */
export type DeviceConnection = Pick<EventTarget, 'addEventListener'> & {
  readonly saveData?: boolean;
  readonly type?: string;
};

/** The Battery Status API. */
export type DeviceBattery = Pick<EventTarget, 'addEventListener'> & {
  readonly charging: boolean;
  /** From 0 to 1. */
  readonly level: number;
};

/** Where the hints come from: the browser's `navigator`, or what stands for it in a test. */
export type Device = {
  readonly connection?: DeviceConnection | undefined;
  getBattery?(): Promise<DeviceBattery>;
};

/** This browser. */
export const browserDevice = (): Device => navigator as Navigator & Device;

/**
 * Returns the hints of this moment, and calls `onChange` with all of them whenever one changes, until the signal aborts. The
 * battery answers later; where it never does, or a browser has no such hint, nothing stands against uploading.
 */
export function watchDevice(
  device: Device,
  onChange: (hints: DeviceHints) => void,
  signal: AbortSignal,
): DeviceHints {
  const { connection } = device;
  let battery: DeviceBattery | undefined;
  const read = (): DeviceHints => ({
    isSavingData: connection?.saveData === true,
    isCellular: connection?.type === 'cellular',
    isBatteryLow: battery !== undefined && isBatteryLow(battery),
  });
  let last = read();
  const look = (): void => {
    const hints = read();
    const isSame =
      hints.isSavingData === last.isSavingData &&
      hints.isCellular === last.isCellular &&
      hints.isBatteryLow === last.isBatteryLow;
    if (isSame) return;
    last = hints;
    onChange(hints);
  };
  connection?.addEventListener('change', look, { signal });
  device.getBattery?.().then(
    (found) => {
      if (signal.aborted) return;
      battery = found;
      for (const type of ['chargingchange', 'levelchange']) found.addEventListener(type, look, { signal });
      look();
    },
    // Not allowed in this frame: then there is no such hint.
    () => undefined,
  );
  return last;
}
