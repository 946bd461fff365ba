import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../contract/link-rig.js';
import { createLoneHost, type Host } from './host.js';
import { ip } from './namespace.js';
import { createNet, type Net } from './net.js';
import { describeIfNet } from './require-net.js';

const PROBE = fileURLToPath(new URL('udp-probe.mjs', import.meta.url));

/** A probe inside a host and the lines it has printed. */
const probe = (host: Host, ...args: readonly string[]): { child: ChildProcess; lines: () => string[] } => {
  const child = host.spawn([process.execPath, PROBE, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  return { child, lines: () => text.split('\n').filter((line) => line !== '' && line !== 'bound') };
};

const boundProbe = async (host: Host, ...args: readonly string[]): Promise<ReturnType<typeof probe>> => {
  const started = probe(host, ...args);
  await new Promise((resolve) => started.child.stdout?.once('data', resolve));
  return started;
};

describeIfNet('a lone host', 'namespace', () => {
  it('has an address besides loopback, and leaves nothing behind', async () => {
    const host = await createLoneHost();
    try {
      const { stdout } = await host.exec(['ip', '-4', '-br', 'addr']);
      expect(stdout).toContain(`${host.address}/24`);
    } finally {
      await host.close();
    }
    expect(await ip('netns', 'list')).not.toContain(host.namespace.name);
  });
});

describeIfNet('a network of hosts', 'nat', () => {
  let net: Net;
  beforeAll(async () => {
    net = await createNet({
      hosts: [
        { name: 'near', delayMs: 5 },
        { name: 'far', delayMs: 45 },
        { name: 'slow', upBps: 1_000_000 },
        { name: 'lossy', loss: 0.3 },
        { name: 'cone', nat: 'cone' },
        { name: 'symmetric', nat: 'symmetric' },
      ],
    });
  });
  afterAll(async () => {
    await net?.close();
  });

  /** Round trips in ms, sorted; lost ones are missing. */
  const ping = async (from: string, to: string, args: readonly string[] = []): Promise<number[]> => {
    const { child, lines } = probe(net.host(to), 'listen', '7000');
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    const script = `
      const socket = require('node:dgram').createSocket('udp4');
      const [address, count, bytes, gap] = process.argv.slice(1);
      const sent = [];
      socket.on('message', () => process.stdout.write((performance.now() - sent.shift()).toFixed(1) + '\\n'));
      let left = Number(count);
      const timer = setInterval(() => {
        if (left-- <= 0) { clearInterval(timer); setTimeout(() => socket.close(), 500); return; }
        sent.push(performance.now());
        socket.send(Buffer.alloc(Number(bytes)), 7000, address);
      }, Number(gap));`;
    const [count = '10', bytes = '30', gap = '20'] = args;
    const argv = [process.execPath, '-e', script, net.host(to).address, count, bytes, gap];
    const { stdout } = await net.host(from).exec(argv, 20_000);
    child.kill('SIGKILL');
    expect(lines().length).toBeLessThanOrEqual(Number(count));
    return stdout
      .split('\n')
      .filter(Boolean)
      .map(Number)
      .sort((left, right) => left - right);
  };

  it('gives each pair the sum of its delays', async () => {
    const trips = await ping('near', 'far');
    expect(trips.length).toBe(10);
    expect(trips[5]).toBeGreaterThanOrEqual(99);
    expect(trips[5]).toBeLessThan(125);
  });

  it('sends no faster than the line', async () => {
    // 1,250 bytes take 10 ms at 1 Mbit/s; sent every 2 ms, the tenth waits for those before it.
    const trips = await ping('slow', 'near', ['10', '1222', '2']);
    expect(trips.length).toBe(10);
    expect(trips.at(-1)).toBeGreaterThan(75);
  });

  it('loses about as much as was asked for, and not all', async () => {
    const trips = await ping('lossy', 'near', ['200', '30', '5']);
    expect(trips.length).toBeGreaterThan(90);
    expect(trips.length).toBeLessThan(190);
  });

  it('has NATs that map as their kind does, and let in only answers', async () => {
    const first = await boundProbe(net.host('near'), 'listen', '7001');
    const second = await boundProbe(net.host('far'), 'listen', '7001');
    const targets = [`${net.host('near').address}:7001`, `${net.host('far').address}:7001`];
    const outside = new Map<string, string[]>();
    for (const name of ['cone', 'symmetric']) {
      const client = await boundProbe(net.host(name), 'send', '7002', ...targets);
      await until('both answers are here', () => client.lines().length === 2);
      outside.set(
        name,
        client
          .lines()
          .map((line) => line.split(' ')[1] ?? '')
          .sort(),
      );
      // The rig's own address, not the one inside; a stranger's packet to it does not come through.
      expect(client.lines().join()).not.toContain('192.168.');
      const [address = '', port = ''] = (client.lines()[0]?.split(' ')[1] ?? '').split(':');
      const stranger = await boundProbe(
        net.host('lossy'),
        'send',
        '7003',
        ...Array(10).fill(`${address}:${port}`),
      );
      await net.host('near').exec(['sleep', '0.3']);
      expect(client.lines()).toHaveLength(2);
      stranger.child.kill('SIGKILL');
      client.child.kill('SIGKILL');
    }
    expect(new Set(outside.get('cone')).size).toBe(1);
    expect(new Set(outside.get('symmetric')).size).toBe(2);
    for (const { child } of [first, second]) child.kill('SIGKILL');
  });

  it('is gone after it was closed', async () => {
    const small = await createNet({ hosts: [{ name: 'a' }, { name: 'b' }] });
    const names = small.hosts.map((host) => host.namespace.name);
    await small.close();
    const list = await ip('netns', 'list');
    for (const name of names) expect(list).not.toContain(`${name}\n`);
  });
});
