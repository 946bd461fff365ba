import { describe, expect, it } from 'vitest';
import { type Device, watchDevice } from '../../../viewer/src/device-hints.js';
import { type DeviceHints, NO_HINTS } from '../../../viewer/src/upload-policy.js';

class TestConnection extends EventTarget {
  saveData = false;
  type = 'wifi';

  set(change: { readonly saveData?: boolean; readonly type?: string }): void {
    Object.assign(this, change);
    this.dispatchEvent(new Event('change'));
  }
}

class TestBattery extends EventTarget {
  charging = true;
  level = 1;

  set(change: { readonly charging?: boolean; readonly level?: number }): void {
    Object.assign(this, change);
    this.dispatchEvent(new Event(change.level === undefined ? 'chargingchange' : 'levelchange'));
  }
}

/** Watches a device; what it says first, and everything after. */
async function watch(device: Device) {
  const told: DeviceHints[] = [];
  const controller = new AbortController();
  const first = watchDevice(device, (hints) => told.push(hints), controller.signal);
  // The battery answers in a later turn.
  await Promise.resolve();
  await Promise.resolve();
  return { first, told, stop: () => controller.abort() };
}

const withBattery = (battery: TestBattery): Device => ({ getBattery: async () => battery });

describe('what the device says', () => {
  it('is nothing where the browser has no such hints', async () => {
    const { first, told } = await watch({});
    expect(first).toEqual(NO_HINTS);
    expect(told).toEqual([]);
  });

  it('counts from the first moment on', async () => {
    const connection = new TestConnection();
    connection.set({ saveData: true, type: 'cellular' });
    expect((await watch({ connection })).first).toMatchObject({ isSavingData: true, isCellular: true });
  });

  it('is told anew when the connection changes', async () => {
    const connection = new TestConnection();
    const { told } = await watch({ connection });
    connection.set({ type: 'cellular' });
    connection.set({ type: 'wifi' });
    connection.set({ saveData: true });
    expect(told.map(({ isCellular, isSavingData }) => [isCellular, isSavingData])).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
  });

  it('is told when the battery turns out to be low, and again when it is charged', async () => {
    const battery = new TestBattery();
    battery.set({ charging: false, level: 0.2 });
    const { first, told } = await watch(withBattery(battery));
    expect(first.isBatteryLow).toBe(false);
    expect(told).toEqual([{ ...NO_HINTS, isBatteryLow: true }]);
    battery.set({ charging: true });
    expect(told.at(-1)).toEqual(NO_HINTS);
  });

  it('is told when the battery runs down while it is watched', async () => {
    const battery = new TestBattery();
    const { told } = await watch(withBattery(battery));
    battery.set({ charging: false });
    battery.set({ level: 0.31 });
    expect(told).toEqual([]);
    battery.set({ level: 0.29 });
    battery.set({ level: 0.28 });
    expect(told).toEqual([{ ...NO_HINTS, isBatteryLow: true }]);
  });

  it('is nothing of the battery where a frame may not ask', async () => {
    const { first, told } = await watch({ getBattery: () => Promise.reject(new Error('not allowed')) });
    expect(first).toEqual(NO_HINTS);
    expect(told).toEqual([]);
  });

  it('is not told after the end, not even by a battery that answers late', async () => {
    const connection = new TestConnection();
    const battery = new TestBattery();
    battery.set({ charging: false, level: 0.1 });
    let answer: (found: TestBattery) => void = () => undefined;
    const getBattery = () =>
      new Promise<TestBattery>((resolve) => {
        answer = resolve;
      });
    const { told, stop } = await watch({ connection, getBattery });
    stop();
    answer(battery);
    await Promise.resolve();
    await Promise.resolve();
    connection.set({ saveData: true });
    battery.set({ charging: true });
    expect(told).toEqual([]);
  });
});
