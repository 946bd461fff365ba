/** Where other devices on the same network reach this machine. */

import { networkInterfaces } from 'node:os';

/** The first IPv4 address of a real interface; `undefined` on a machine without a network. */
export function lanAddress(): string | undefined {
  for (const addresses of Object.values(networkInterfaces()))
    for (const { family, internal, address } of addresses ?? [])
      if (family === 'IPv4' && !internal && !address.startsWith('169.254.')) return address;
  return undefined;
}
