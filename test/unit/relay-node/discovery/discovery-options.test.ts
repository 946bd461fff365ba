import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { BOOTSTRAP_DEFAULT } from '../../../../relay-node/src/discovery/dht.js';
import {
  addDiscoveryOptions,
  type DiscoveryFlags,
  type DiscoveryOptionsResult,
  readDiscoveryOptions,
} from '../../../../relay-node/src/discovery/discovery-options.js';

const read = (...words: string[]): DiscoveryOptionsResult => {
  const command = addDiscoveryOptions(new Command('try'));
  command.parse(words, { from: 'user' });
  return readDiscoveryOptions(command.opts<DiscoveryFlags>());
};

describe('the options for finding relays', () => {
  it('use the public DHT and the LAN unless told otherwise', () => {
    const dht = { port: 0, bootstrap: BOOTSTRAP_DEFAULT, isPrivateAllowed: false };
    expect(read()).toEqual({ ok: true, options: { dht, mdns: {} } });
  });

  it('switch off either part', () => {
    expect(read('--no-dht')).toEqual({ ok: true, options: { mdns: {} } });
    expect(read('--no-dht', '--no-mdns')).toEqual({ ok: true, options: {} });
  });

  it('name the nodes to begin with and the port', () => {
    const result = read(
      '--dht-bootstrap',
      'Router.example.org:6881',
      '--dht-bootstrap',
      '10.0.0.1:7',
      '--dht-port',
      '6881',
    );
    const bootstrap = [
      { host: 'router.example.org', port: 6881 },
      { host: '10.0.0.1', port: 7 },
    ];
    expect(result).toMatchObject({
      ok: true,
      options: { dht: { port: 6881, bootstrap, isPrivateAllowed: false } },
    });
  });

  it('take private addresses from a DHT that begins at private ones', () => {
    for (const node of ['127.0.0.1:7', 'localhost:7', '192.168.1.1:6881'])
      expect(read('--dht-bootstrap', node)).toMatchObject({ options: { dht: { isPrivateAllowed: true } } });
  });

  it.each([
    [['--dht-port', '70000'], /--dht-port takes a number from 0 to 65535, not "70000"/],
    [['--dht-port', 'x'], /--dht-port/],
    [['--dht-bootstrap', 'router.example.org'], /--dht-bootstrap takes a host and a port/],
    [['--dht-bootstrap', 'a:0'], /--dht-bootstrap/],
    [['--dht-bootstrap', '[::1]:7'], /--dht-bootstrap/],
    [['--no-dht', '--dht-port', '7'], /--no-dht and --dht-port contradict/],
    [['--no-dht', '--dht-bootstrap', 'a.example:7'], /--no-dht and --dht-bootstrap contradict/],
    [
      Array.from({ length: 34 }, (_, index) => (index % 2 === 0 ? '--dht-bootstrap' : 'a.example:7')),
      /16 times/,
    ],
  ])('say what is wrong with %j', (words, why) => {
    const result = read(...words);
    expect(result.ok ? '' : result.why).toMatch(why);
  });
});
