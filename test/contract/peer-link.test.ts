import { spawn } from 'node:child_process';
import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { loadPeerDial, type RtcEngineName } from '../../viewer/src/app/rtc-engine.js';
import { createRtcDial } from '../../viewer/src/link/rtc-link.js';
import { MemoryNetwork } from '../unit/viewer/link/memory-connection.js';
import { describePeerLink } from './peer-link.contract.js';
import { openPair } from './peer-link-rig.js';

const describeEngines = (offerer: RtcEngineName, answerer: RtcEngineName): void =>
  describePeerLink(`${offerer} to ${answerer}`, async () => ({
    offerer: (await loadPeerDial(offerer)).dial,
    answerer: (await loadPeerDial(answerer)).dial,
  }));

describePeerLink('memory', async () => {
  const dial = createRtcDial(new MemoryNetwork().create);
  return { offerer: dial, answerer: dial };
});
describeEngines('werift', 'werift');
describeEngines('wrtc', 'wrtc');
describeEngines('wrtc', 'werift');
describeEngines('werift', 'wrtc');

describe('a process with peer links', () => {
  it.each<RtcEngineName>(['werift', 'wrtc'])(
    'ends by itself once its links are closed, on %s',
    async (engine) => {
      const script = fileURLToPath(new URL('peer-link-and-exit.ts', import.meta.url));
      const child = spawn(process.execPath, ['--import', 'tsx', script, engine], { stdio: 'pipe' });
      let text = '';
      child.stdout.on('data', (bytes: Buffer) => {
        text += bytes.toString();
      });
      child.stderr.on('data', (bytes: Buffer) => {
        text += bytes.toString();
      });
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      const code = await new Promise((resolve) => child.once('close', resolve));
      clearTimeout(timer);
      expect(text).toBe('open\nclosed\n');
      expect(code).toBe(0);
    },
  );
});

describe('the choice of an engine', () => {
  it('takes the native one where it loads, and says so', async () => {
    const { engine, description } = await loadPeerDial();
    expect(engine).toBe('wrtc');
    expect(description).toContain('wrtc');
  });

  it('takes the one that was asked for', async () => {
    expect((await loadPeerDial('werift')).engine).toBe('werift');
  });
});

describe('werift', () => {
  // Left alone it asks a public STUN server for the address of everybody who opens a link.
  it('asks no server but those it was given', async () => {
    const lookup = vi.spyOn(dns, 'lookup');
    const { dial } = await loadPeerDial('werift');
    const { offerer } = await openPair({ offerer: dial, answerer: dial });
    const names = lookup.mock.calls.map(([name]) => name);
    lookup.mockRestore();
    offerer.link.close(4000, 'the test is over');
    expect(names.filter((name) => isIP(name) === 0)).toEqual([]);
  });
});
