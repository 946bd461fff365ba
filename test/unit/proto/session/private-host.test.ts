import { describe, expect, it } from 'vitest';
import { isPrivateHost } from '../../../../proto/src/session/private-host.js';

describe('a host', () => {
  for (const host of [
    'localhost',
    'router',
    'printer.local',
    'a.internal',
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.127.0.1',
    '0.0.0.0',
    '[::1]',
    '[::ffff:10.0.0.1]',
    '[fd00::1]',
    '[fe80::1]',
  ])
    it(`${host} is private`, () => {
      expect(isPrivateHost(`http://${host}:8080`)).toBe(true);
      expect(isPrivateHost(`wss://${host}/channel/fr1`)).toBe(true);
    });

  for (const host of [
    'relay.example',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '192.169.1.1',
    '11.0.0.1',
    '[2001:db8::1]',
  ])
    it(`${host} is not`, () => {
      expect(isPrivateHost(`https://${host}`)).toBe(false);
    });
});
