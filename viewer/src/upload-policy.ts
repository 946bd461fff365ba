/** What a player may upload for other viewers: nothing where that would cost the person something. Pure. */

/** What the device says about its connection and its battery. */
export type DeviceHints = {
  /** The person asked the browser to save data. */
  readonly isSavingData: boolean;
  /** The connection is a mobile network's, where traffic is paid for. */
  readonly isCellular: boolean;
  /** The battery is running down and has less than {@link BATTERY_LEVEL_MIN} left. */
  readonly isBatteryLow: boolean;
};

/** Of a device that says nothing: nothing stands against uploading. */
export const NO_HINTS: DeviceHints = { isSavingData: false, isCellular: false, isBatteryLow: false };

/** No limit, in bits per second: what can be used is measured. */
export const UPLOAD_BPS_UNLIMITED = 1_000_000_000;

/** Charge, of 1, below which a battery that is not being charged is spared. */
export const BATTERY_LEVEL_MIN = 0.3;

/**
 * Reads `upload` of an element or a page's address: `off`, or a limit in Mbit/s. Returns bits per second, `undefined` for
 * automatic where there is no such text. A text that is none of these counts as `off`: somebody meant to limit it.
 */
export function readUploadLimit(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined) return undefined;
  const mbps = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : 0;
  return Math.round(Math.min(UPLOAD_BPS_UNLIMITED, mbps * 1_000_000));
}

/**
 * Bits per second that may be uploaded now. The device's hints count even where a limit is set: a page's author or whoever
 * sent the link sets that, and not the person who pays.
 */
export function uploadBpsFor(limitBps: number | undefined, hints: DeviceHints): number {
  const isSpared = hints.isSavingData || hints.isCellular || hints.isBatteryLow;
  return isSpared ? 0 : (limitBps ?? UPLOAD_BPS_UNLIMITED);
}

/** Whether a battery in this state is to be spared. */
export function isBatteryLow(battery: { readonly charging: boolean; readonly level: number }): boolean {
  return !battery.charging && battery.level < BATTERY_LEVEL_MIN;
}
