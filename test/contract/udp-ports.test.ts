/** A relay takes one UDP port of those it may have. */

import { createSocket, type Socket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RelayOptions, startRelay } from '@freshet/relay-node';
import { afterEach, describe, expect, it } from 'vitest';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const hold = async (port: number): Promise<Socket | undefined> => {
  const socket = createSocket('udp4');
  const isHeld = await new Promise<boolean>((resolve) => {
    socket.once('error', () => resolve(false));
    socket.bind(port, '127.0.0.1', () => resolve(true));
  });
  if (isHeld) ends.push(() => socket.close());
  return isHeld ? socket : undefined;
};

/** Three UDP ports in a row, the first two of them taken. */
const threePorts = async (): Promise<number> => {
  for (let attempt = 0; attempt < 20; attempt++) {
    const first = (await hold(0))?.address().port ?? 0;
    if (first > 0 && first < 65_000 && (await hold(first + 1))) return first;
  }
  throw new Error('no ports are free');
};

const open = async (udpPorts: RelayOptions['udpPorts'], more: Partial<RelayOptions> = {}) => {
  const said: string[] = [];
  const log = (line: string): void => {
    said.push(line);
  };
  const relay = await startRelay({ port: 0, host: '127.0.0.1', log, udpPorts, ...more });
  ends.push(() => relay.close());
  return { relay, said };
};

describe('the UDP port of a relay', () => {
  it('is the first of its range that is free, which the operator is told', async () => {
    const first = await threePorts();
    const { relay, said } = await open({ first, last: first + 5 });
    expect(relay.udpPort).toBeGreaterThan(first + 1);
    expect(relay.udpPort).toBeLessThanOrEqual(first + 5);
    expect(said.join()).toMatch(
      new RegExp(`UDP ports ${first} to ${relay.udpPort - 1} are taken; UDP port ${relay.udpPort} serves`),
    );
  });

  it('is none outside of the range, where all are taken', async () => {
    const first = await threePorts();
    const { relay, said } = await open({ first, last: first + 1 });
    expect(relay.udpPort).toBe(0);
    expect(said.join()).toMatch(`UDP ports ${first} to ${first + 1} are all taken.`);
  });

  it('serves WebRTC as well', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'freshet-udp-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const first = await threePorts();
    const edge = { address: '127.0.0.1', certificateFile: join(folder, 'edge.pem') };
    const { relay } = await open({ first, last: first + 5 }, { edge });
    expect(relay.edgeAddress).toMatch(`udp://127.0.0.1:${relay.udpPort}/`);
    expect(relay.udpPort).toBeGreaterThan(first + 1);
  });

  it('is that of the page where nobody says', async () => {
    const { relay } = await open(undefined);
    expect(relay.udpPort).toBe(relay.port);
  });
});
