import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createEdgeCertificate, keepEdgeCertificate } from '../../relay-node/src/edge/edge-certificate.js';
import { EdgeError } from '../../relay-node/src/edge/edge-error.js';
import { openWeriftGuest, startEdgeRig, until } from './edge-rig.js';

const folder = mkdtempSync(join(tmpdir(), 'freshet-edge-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const failureOf = async (path: string): Promise<unknown> =>
  keepEdgeCertificate(path).catch((cause: unknown) => cause);

describe('the certificate of an edge', () => {
  it('is made once, for this user alone, and gives the same address after a restart', async () => {
    const path = join(folder, 'deep/edge.pem');
    const first = await startEdgeRig({ certificate: await keepEdgeCertificate(path) });
    const { port } = first.edge;
    expect(statSync(path).mode & 0o077).toBe(0);
    await first.edge.close();
    const second = await startEdgeRig({ certificate: await keepEdgeCertificate(path), port });
    expect(second.url).toBe(first.url);
    const guest = await openWeriftGuest(first.url);
    await until('open', async () => (await guest.report()).openCount === 1);
    await second.edge.close();
  });

  it('is refused to a guest that knows another one', async () => {
    const other = await createEdgeCertificate();
    const rig = await startEdgeRig();
    // The same name and password, so that only the handshake can tell.
    const real = await startEdgeRig({
      certificate: { ...other, fingerprint: rig.edge.certificate.fingerprint },
    });
    const guest = await openWeriftGuest(real.url);
    await until('given up', async () => (await guest.report()).closed.length > 0);
    expect((await guest.report()).openCount).toBe(0);
    expect(real.opened).toEqual([]);
    await real.edge.close();
    await rig.edge.close();
  });

  it('in a file that holds none, half of one, or two that do not fit is refused with the way out', async () => {
    const good = join(folder, 'good.pem');
    await keepEdgeCertificate(good);
    const { certPem } = await createEdgeCertificate();
    const { keyPem } = await createEdgeCertificate();
    const texts = ['', 'nothing', readFileSync(good, 'utf8').slice(0, 400), certPem, `${certPem}\n${keyPem}`];
    for (const [index, text] of [...texts, 'x'.repeat(100_000)].entries()) {
      const path = join(folder, `bad${index}.pem`);
      writeFileSync(path, text);
      const failure = await failureOf(path);
      expect(failure).toBeInstanceOf(EdgeError);
      expect(failure).toMatchObject({
        kind: 'certificate-unreadable',
        message: expect.stringContaining(path),
      });
      // What somebody put there is never written over.
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  it('that cannot be kept is an error with the way out', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(await failureOf(join(file, 'edge.pem'))).toMatchObject({
      kind: expect.stringMatching(/^certificate-(unreadable|not-kept)$/),
      message: expect.stringMatching(/\.$/),
    });
  });
});

describe('the port of an edge', () => {
  it('that is taken is told in one sentence', async () => {
    const rig = await startEdgeRig();
    const failure = await startEdgeRig({ port: rig.edge.port }).catch((cause: unknown) => cause);
    expect(failure).toMatchObject({ name: 'EdgeError', kind: 'port-taken' });
    await rig.edge.close();
    const again = await startEdgeRig({ port: rig.edge.port });
    await again.edge.close();
    await again.edge.close();
  });

  it('is that of IPv4 and IPv6 together unless an address is given', async () => {
    const rig = await startEdgeRig({ host: undefined });
    for (const host of ['127.0.0.1', '::1']) {
      const guest = await openWeriftGuest(`${rig.edge.addressAt(host)}/channel/both`);
      await until(`open at ${host}`, async () => (await guest.report()).openCount === 1);
    }
    const addresses = rig.opened.map(({ request }) => request.remoteAddress);
    expect(addresses.some((address) => address.includes(':'))).toBe(true);
    expect(addresses.some((address) => /^\d+\.\d+\.\d+\.\d+$/.test(address))).toBe(true);
    await rig.edge.close();
  });
});
