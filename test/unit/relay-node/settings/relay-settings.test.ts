/** A relay's settings: file and flags, refusals with the line, the sample. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeAddress, encodeOperator, watchLink } from '@freshet/proto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type RelaySettings, readRelaySettings } from '../../../../relay-node/src/settings/relay-settings.js';
import { createSample } from '../../../../relay-node/src/settings/sample.js';
import { networksOf, TEXT_CHARS_MAX } from '../../../../relay-node/src/settings/setting-kind.js';
import {
  flagOf,
  SETTING_NAMES,
  SETTINGS,
  type Setting,
  type SettingName,
} from '../../../../relay-node/src/settings/setting-table.js';
import { SettingsError } from '../../../../relay-node/src/settings/settings-error.js';
import { parseSettings, SETTINGS_BYTES_MAX } from '../../../../relay-node/src/settings/settings-file.js';

const SAMPLE = fileURLToPath(new URL('../../../../relay-node/deploy/relay.yaml', import.meta.url));
const LINK = watchLink('https://live.example.org', new Uint8Array(32).fill(7));
const folder = mkdtempSync(join(tmpdir(), 'freshet-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Settings as a person gives them: the text of a file, and flags. */
const readWith = (
  yaml: string | undefined,
  flags: Partial<Record<SettingName, unknown>> = {},
): RelaySettings => {
  mkdirSync(join(folder, 'etc'), { recursive: true });
  const configPath = join(folder, 'etc', 'relay.yaml');
  if (yaml !== undefined) writeFileSync(configPath, yaml);
  const given = SETTING_NAMES.filter((name) => flags[name] !== undefined).map(
    (name) => [name, flags[name]] as const,
  );
  return readRelaySettings({
    configPath: yaml === undefined ? undefined : configPath,
    flags: new Map(given),
    folder,
  });
};

const refusalOf = (yaml: string | undefined, flags: Partial<Record<SettingName, unknown>> = {}): string => {
  try {
    readWith(yaml, flags);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('settings of a relay', () => {
  it('are what the table says when nobody says otherwise', () => {
    expect(readWith(undefined, { parents: [LINK] })).toEqual({
      parents: [LINK],
      channels: undefined,
      ticketOperator: undefined,
      port: 8080,
      udpPorts: undefined,
      host: undefined,
      publicUrl: undefined,
      viewersMax: 50_000,
      relaysMax: 256,
      egressMaxBps: undefined,
      region: undefined,
      heads: 8,
      trustProxy: [],
      tls: undefined,
      acme: undefined,
      edge: undefined,
      window: undefined,
      discovery: { dht: expect.objectContaining({ port: 0, isPrivateAllowed: false }), mdns: {} },
      logFormat: 'text',
      logLevel: 'info',
    });
  });

  it('look for nobody on a relay that only this machine reaches, unless the DHT is one of its own', () => {
    const here = { parents: [LINK], host: '127.0.0.1' };
    expect(readWith(undefined, here).discovery).toEqual({});
    const own = readWith(undefined, { ...here, 'dht-bootstrap': ['127.0.0.1:6881'] }).discovery;
    expect(own.dht).toMatchObject({ isPrivateAllowed: true });
    expect(own.mdns).toBeUndefined();
    expect(readWith(undefined, { parents: [LINK], dht: 'off', mdns: 'off' }).discovery).toEqual({});
    expect(refusalOf(undefined, { parents: [LINK], dht: 'off', 'dht-port': '7' })).toMatch(/contradict/);
  });

  it('limit the bandwidth', () => {
    expect(readWith(undefined, { parents: [LINK], 'egress-max': '2.5Gbit' }).egressMaxBps).toBe(2.5e9);
    for (const wrong of ['0Mbit', '100', 'fast', '5 Mbit/s'])
      expect(refusalOf(undefined, { parents: [LINK], 'egress-max': wrong })).toMatch(/takes a bandwidth/);
  });

  it('say which UDP ports may be taken, beside that of the DHT', () => {
    const start = `parents: ${LINK}\n`;
    expect(readWith(`${start}udp-ports: 40000-40010\n`).udpPorts).toEqual({ first: 40_000, last: 40_010 });
    expect(readWith(`${start}udp-ports: 3478\ndht-port: 3479\n`).udpPorts).toEqual({
      first: 3478,
      last: 3478,
    });
    for (const wrong of ['0', '0-5', '9-8', '65530-65536', '1-2000', 'a-b', '1-2-3', '5-'])
      expect(refusalOf(`${start}udp-ports: ${wrong}\n`)).toMatch(/^relay\.yaml:2: "udp-ports" takes ports/);
    expect(refusalOf(`${start}udp-ports: 40000-40010\ndht-port: 40010\n`)).toBe(
      'relay.yaml:3: "dht-port" is one of the "udp-ports". Take one outside of 40000-40010.',
    );
  });

  it('say by which channels are taken: all, listed ones, or those with a ticket', () => {
    const start = `parents: ${LINK}\n`;
    const address = encodeAddress(new Uint8Array(32).fill(7));
    const operator = encodeOperator(new Uint8Array(32).fill(5));
    expect(readWith(`${start}channels: all\n`).channels).toBeUndefined();
    expect(readWith(`${start}channels: [${address}]\n`).channels).toEqual([address]);
    expect(readWith(`${start}channels: ticket\nticket-operator: ${operator}\n`)).toMatchObject({
      channels: undefined,
      ticketOperator: new Uint8Array(32).fill(5),
    });
    expect(refusalOf(`${start}channels: ticket\n`)).toMatch(/^relay\.yaml:2: .*needs "ticket-operator"/);
    expect(refusalOf(`${start}ticket-operator: ${operator}\n`)).toMatch(
      /^relay\.yaml:2: .*counts only where/,
    );
    expect(refusalOf(`${start}channels: [ticket, ${address}]\n`)).toMatch(/^relay\.yaml:2: .*beside others/);
    expect(refusalOf(`${start}ticket-operator: fro1\n`)).toMatch(/^relay\.yaml:2: .*takes the operator/);
  });

  it('say how much is kept on disk', () => {
    const window = readWith(`parents: ${LINK}\nwindow: 2h\nwindow-folder: w\nwindow-size: 2GiB\n`).window;
    expect(window).toEqual({ durationMs: 7_200_000, folder: join(folder, 'etc/w'), bytesMax: 2 * 2 ** 30 });
    for (const wrong of ['0s', '2', '2 hours', '8d', '-1h'])
      expect(refusalOf(undefined, { parents: [LINK], window: wrong })).toMatch(/^--window takes a time/);
    expect(refusalOf(undefined, { parents: [LINK], 'window-size': '12' })).toMatch(/takes a size/);
    expect(refusalOf(undefined, { parents: [LINK], 'window-size': '1GB' })).toMatch(/needs "window"/);
  });

  it('come from the file, and flags win over it', () => {
    const yaml = `parents:\n  - ${LINK}\nport: 9000\nheads: "12"\nlog-level: warn\ntrust-proxy: 127.0.0.1\n`;
    const settings = readWith(yaml, { port: '9001' });
    expect(settings).toMatchObject({ port: 9001, heads: 12, logLevel: 'warn', trustProxy: ['127.0.0.1'] });
    expect(settings.parents).toEqual([LINK]);
  });

  it('take relative paths from the folder of the file, and from where the command was started', () => {
    const inFile = readWith(`parents: ${LINK}\ntls-cert: a.pem\ntls-key: ../b.pem\n`);
    expect(inFile.tls).toEqual({ certFile: join(folder, 'etc/a.pem'), keyFile: join(folder, 'b.pem') });
    const byFlag = readWith(undefined, { parents: [LINK], 'tls-cert': 'a.pem', 'tls-key': '/b.pem' });
    expect(byFlag.tls).toEqual({ certFile: join(folder, 'a.pem'), keyFile: '/b.pem' });
  });

  it('refuse an unknown name with its line and the nearest one', () => {
    expect(refusalOf(`# first\nport: 1\nviewersMax: 3\n`)).toBe(
      'relay.yaml:3: There is no setting "viewersMax". Did you mean "viewers-max"?',
    );
    expect(refusalOf('prot: 1\n')).toMatch(/^relay\.yaml:1: .*Did you mean "port"\?$/);
    expect(refusalOf('wholly-different: 1\n')).toMatch(/--help lists what there is\.$/);
    expect(refusalOf('? [a, b]\n: 1\n')).toMatch(/^relay\.yaml:1: /);
  });

  it('refuse a wrong value with its line, or its flag, and what would be right', () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['port: 65536', /^relay\.yaml:2: "port" takes a number from 0 to 65535, not "65536"\.$/],
      ['port: 1e3', /takes a number/],
      ['port: -1', /takes a number/],
      ['port:', /takes a number|needs a value/],
      ['port: [1, 2]', /takes a number/],
      ['port: {a: 1}', /^relay\.yaml:2: "port" needs a value/],
      ['public-url: https://a.b/path', /without a path/],
      ['log-level: loud', /takes debug, info, warn or error, not "loud"/],
      ['trust-proxy: 10.0.0.0/33', /an IP address or a network/],
      ['trust-proxy: [127.0.0.1, proxy]', /an IP address or a network/],
      ['host: "a b"', /an address of this machine/],
    ];
    for (const [line, words] of wrong) expect(refusalOf(`parents: ${LINK}\n${line}\n`)).toMatch(words);
    expect(refusalOf(undefined, { port: '0x10' })).toBe('--port takes a number from 0 to 65535, not "0x10".');
    expect(refusalOf(undefined, { heads: 'y'.repeat(TEXT_CHARS_MAX + 1) }).length).toBeLessThan(300);
  });

  it('refuse what contradicts itself', () => {
    const start = `parents: ${LINK}\n`;
    expect(refusalOf(`${start}tls-cert: a.pem\n`)).toMatch(/^relay\.yaml:2: "tls-cert" needs "tls-key"/);
    expect(refusalOf(`${start}tls-key: a.pem\n`)).toMatch(/needs "tls-cert"/);
    expect(refusalOf(`${start}tls-cert: a\ntls-key: b\npublic-url: http://a.b\n`)).toMatch(
      /^relay\.yaml:4: "public-url" begins with http:.*Write https:\.$/,
    );
    expect(refusalOf('dht: "off"\nmdns: "off"\n')).toMatch(/nothing to pass on/);
    expect(refusalOf(`${start}${start}`)).toBe('relay.yaml:2: This setting is there twice. Take one out.');
  });

  it('order a certificate where domains are named, and take only one way to a certificate', () => {
    const start = `parents: ${LINK}\nacme-domains: [Relay.example.org]\n`;
    expect(readWith(`${start}acme-folder: state\n`).acme).toEqual({
      domains: ['relay.example.org'],
      email: undefined,
      directoryUrl: 'https://acme-v02.api.letsencrypt.org/directory',
      folder: join(folder, 'etc/state'),
      port: 80,
      host: undefined,
    });
    expect(refusalOf(`${start}tls-cert: a\ntls-key: b\n`)).toMatch(
      /^relay\.yaml:2: .*Take one of them out\.$/,
    );
    expect(refusalOf(`${start}port: 80\n`)).toMatch(/^relay\.yaml:3: .*such as 443\.$/);
    expect(refusalOf(`${start}public-url: http://a.b\n`)).toMatch(/^relay\.yaml:3: /);
    for (const domain of ['localhost', '*.example.org', 'a b.org', '10.0.0.1', '-a.org'])
      expect(refusalOf(`parents: ${LINK}\nacme-domains: ["${domain}"]\n`)).toMatch(
        /takes the name of a domain/,
      );
  });

  it('refuse a link with a wrong character, and take one without a relay', () => {
    const link = `freshet:${encodeAddress(new Uint8Array(32).fill(7))}`;
    expect(readWith(`parents:\n  - ${link}\n`).parents).toEqual([link]);
    const alone = refusalOf(`parents:\n  - ${link}\ndht: "off"\nmdns: "off"\n`);
    expect(alone).toMatch(/^relay\.yaml:1: "parents": .*names no relay/);
    expect(refusalOf(undefined, { parents: [LINK.replace('fr1', 'fr2')] })).toMatch(/^--parent: /);
  });

  it('refuse a file that is no list of settings, endless, or no YAML', () => {
    expect(refusalOf('just words\n')).toMatch(/holds lines such as "port: 8080"/);
    expect(refusalOf('- a\n- b\n')).toMatch(/holds lines such as/);
    expect(refusalOf('port: [1\nx: {\n')).toMatch(/^relay\.yaml:\d+: This is not YAML/);
    expect(refusalOf(`#${'x'.repeat(SETTINGS_BYTES_MAX)}`)).toMatch(/longer than/);
    expect(refusalOf('port: *nowhere\n')).toMatch(/^relay\.yaml:1: /);
    const bomb = 'a: &a [x, x]\nparents: [*a, *a]\n';
    expect(refusalOf(bomb)).toMatch(/^relay\.yaml:1: /);
    expect(parseSettings('', 'empty.yaml').size).toBe(0);
    expect(parseSettings('# only words\n', 'empty.yaml').size).toBe(0);
  });

  it('never do anything but read or refuse, whatever the file holds', () => {
    const lines = fc.array(
      fc.oneof(fc.constantFrom(...SETTING_NAMES.map((name) => `${name}: 1`)), fc.string()),
    );
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      lines.map((all) => all.join('\n')),
    );
    fc.assert(
      fc.property(text, (yaml) => {
        try {
          parseSettings(yaml, 'relay.yaml');
        } catch (error) {
          expect(error).toBeInstanceOf(SettingsError);
          expect(String(error)).toMatch(/relay\.yaml:[1-9]\d*: .*\S$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('know which proxies are meant', () => {
    const networks = networksOf(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32']);
    const isIn = (address: string, family: 'ipv4' | 'ipv6'): boolean => networks.check(address, family);
    expect([isIn('10.9.8.7', 'ipv4'), isIn('192.0.2.1', 'ipv4'), isIn('192.0.2.2', 'ipv4')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([isIn('2001:db8::1', 'ipv6'), isIn('2001:db9::1', 'ipv6')]).toEqual([true, false]);
  });
});

describe('the sample of a settings file', () => {
  it('is what the table makes of it; "npx vitest run -u" with this file writes it anew', async () => {
    await expect(createSample()).toMatchFileSnapshot(SAMPLE);
  });

  it('names every setting once, and is a file that changes nothing', () => {
    const text = readFileSync(SAMPLE, 'utf8');
    for (const name of SETTING_NAMES) expect(text.split(`\n#${name}:`)).toHaveLength(2);
    expect([...SETTING_NAMES].sort()).toEqual(Object.keys(SETTINGS).sort());
    expect(parseSettings(text, 'relay.yaml').size).toBe(0);
  });

  it('gives examples that are right when the mark in front of them is taken away', () => {
    const text = readFileSync(SAMPLE, 'utf8')
      .replace(/^#(?=[a-z]| {2}- )/gm, '')
      .replaceAll('fr1...', encodeAddress(new Uint8Array(32).fill(7)));
    const entries = parseSettings(text, 'relay.yaml');
    expect([...entries.keys()]).toEqual(SETTING_NAMES);
    for (const name of SETTING_NAMES) {
      const { kind }: Setting<unknown> = SETTINGS[name];
      expect({ name, ...kind.read(entries.get(name)?.given, '/') }).toMatchObject({ name, ok: true });
      expect(flagOf(name)).toMatch(/^--[a-z-]+$/);
    }
  });
});
