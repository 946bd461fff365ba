import { describe, expect, it } from 'vitest';
import { shareFromViewers } from '../../../viewer/src/mesh-share.js';
import {
  BATTERY_LEVEL_MIN,
  isBatteryLow,
  NO_HINTS,
  readUploadLimit,
  UPLOAD_BPS_UNLIMITED,
  uploadBpsFor,
} from '../../../viewer/src/upload-policy.js';

describe('readUploadLimit', () => {
  it('reads Mbit/s, as whole bits per second', () => {
    expect(readUploadLimit('5')).toBe(5_000_000);
    expect(readUploadLimit(' 1.1 ')).toBe(1_100_000);
    expect(readUploadLimit('0')).toBe(0);
  });

  it('takes no text for automatic', () => {
    expect(readUploadLimit(null)).toBeUndefined();
    expect(readUploadLimit(undefined)).toBeUndefined();
  });

  it('takes "off" and everything that is no amount for nothing', () => {
    for (const text of ['off', '', 'on', '-5', '1e9', 'Infinity', 'NaN', '0x10', '5 Mbit/s'])
      expect(readUploadLimit(text), text).toBe(0);
  });

  it('takes no more than what counts as unlimited', () => {
    expect(readUploadLimit('9'.repeat(400))).toBe(UPLOAD_BPS_UNLIMITED);
  });
});

describe('uploadBpsFor', () => {
  it('gives what was set, or all that can be used', () => {
    expect(uploadBpsFor(undefined, NO_HINTS)).toBe(UPLOAD_BPS_UNLIMITED);
    expect(uploadBpsFor(2_000_000, NO_HINTS)).toBe(2_000_000);
    expect(uploadBpsFor(0, NO_HINTS)).toBe(0);
  });

  it.each(['isSavingData', 'isCellular', 'isBatteryLow'] as const)(
    'gives nothing where it would cost the person something, whatever a page has set: %s',
    (hint) => {
      const hints = { ...NO_HINTS, [hint]: true };
      expect(uploadBpsFor(undefined, hints)).toBe(0);
      expect(uploadBpsFor(50_000_000, hints)).toBe(0);
    },
  );
});

describe('a battery', () => {
  it('is spared below its limit, and not while it is charged', () => {
    expect(isBatteryLow({ charging: false, level: BATTERY_LEVEL_MIN - 0.01 })).toBe(true);
    expect(isBatteryLow({ charging: false, level: BATTERY_LEVEL_MIN })).toBe(false);
    expect(isBatteryLow({ charging: true, level: 0.01 })).toBe(false);
  });
});

describe('shareFromViewers', () => {
  it('is that of the bytes, and unknown before there are any', () => {
    expect(shareFromViewers({ bytesFromPeers: 30, bytesFromRelay: 10 })).toBe(0.75);
    expect(shareFromViewers({ bytesFromPeers: 0, bytesFromRelay: 10 })).toBe(0);
    expect(shareFromViewers({ bytesFromPeers: 0, bytesFromRelay: 0 })).toBeUndefined();
  });
});
