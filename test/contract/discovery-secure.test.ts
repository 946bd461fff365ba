/** Relays with TLS behind announcements that say nothing but an address and a port. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { encodeAddress } from '@freshet/proto';
import { createFinder, createKeyPair, type Finder } from '@freshet/relay-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secureOriginOf } from '../../relay-node/src/discovery/secure-origin.js';
import { makeCertificate } from '../certificate-maker.js';
import { CountingViewer } from '../e2e/relay-tree-rig.js';
import { FreshetProcess } from '../freshet-process.js';
import { startSyntheticPublisher } from '../synthetic-publisher.js';
import { TestNetwork } from './discovery-rig.js';
import { until } from './link-rig.js';

const DAY_MS = 86_400_000;
const FOREVER = new AbortController().signal;
const network = new TestNetwork();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await network.close();
});

const certificateFor = (domains?: readonly string[]) =>
  makeCertificate({
    commonName: 'relay',
    notBeforeMs: Date.now() - DAY_MS,
    notAfterMs: Date.now() + DAY_MS,
    ...(domains && { domains }),
  });

const serve = async ({ certPem, keyPem }: { certPem: string; keyPem: string }): Promise<number> => {
  const server: Server = createServer({ cert: certPem, key: keyPem }).listen(0, '127.0.0.1');
  // Whoever asks for the certificate hangs up at once.
  server.on('tlsClientError', () => undefined);
  ends.push(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

describe('the certificate of an announced relay', () => {
  it('names the origin, if an authority vouches for it', async () => {
    const made = certificateFor(['*.wild.example', 'relay.example.org', 'second.example.org']);
    const origin = `http://127.0.0.1:${await serve(made)}`;
    const port = new URL(origin).port;
    expect(await secureOriginOf({ origin, signal: FOREVER, ca: made.certPem })).toBe(
      `https://relay.example.org:${port}`,
    );
    expect(await secureOriginOf({ origin, signal: FOREVER })).toBeUndefined();
    const other = certificateFor(['relay.example.org']).certPem;
    expect(await secureOriginOf({ origin, signal: FOREVER, ca: other })).toBeUndefined();
  });

  it('is not waited for where nobody speaks TLS, or the search is over', async () => {
    expect(await secureOriginOf({ origin: 'http://127.0.0.1:1', signal: FOREVER })).toBeUndefined();
    expect(
      await secureOriginOf({ origin: 'http://127.0.0.1:1', signal: AbortSignal.abort() }),
    ).toBeUndefined();
  });
});

describe('a finder', () => {
  let finders: Finder[];
  const made = certificateFor();

  beforeEach(async () => {
    await network.addMany(4);
    const bootstrap = network.nodes.map(({ dht }) => ({ host: '127.0.0.1', port: dht.port }));
    const dht = { port: 0, host: '127.0.0.1', bootstrap, isPrivateAllowed: true };
    const settings = { dht, ca: made.certPem, log: () => undefined };
    finders = [await createFinder(settings), await createFinder(settings)];
    ends.push(() => Promise.all(finders.map((finder) => finder.close())));
  });

  it('hands out an announced relay with TLS by its name, also the second time', async () => {
    const [relay, seeker] = finders;
    const { publicKey } = createKeyPair();
    const port = await serve(made);
    relay?.announce(publicKey, port);
    await until('it is announced', () => (relay?.stats().dht?.storedCount ?? 0) > 0);
    const expected = [`https://localhost:${port}`];
    expect(await seeker?.parentsOf(publicKey, FOREVER)).toEqual(expected);
    await until('the search is over', () => seeker?.stats().foundCount === 1);
    expect(await seeker?.parentsOf(publicKey, FOREVER)).toEqual(expected);
  });
});

it('a relay takes a channel from one with TLS of which the DHT knows the address alone', async () => {
  await network.addMany(6);
  const folder = mkdtempSync(join(tmpdir(), 'freshet-secure-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const { certPem, keyPem } = certificateFor();
  writeFileSync(certFile, certPem);
  writeFileSync(keyFile, keyPem);
  const publisher = await startSyntheticPublisher({ chunkBytes: 4_000, chunksPerS: 30 });
  ends.push(() => publisher.close());
  const here = ['--host', '127.0.0.1', '--port', '0', '--json'];
  const dht = ['--dht-bootstrap', `127.0.0.1:${network.nodes[0]?.dht.port}`];
  const start = (...args: string[]): FreshetProcess => {
    const relay = new FreshetProcess(['relay', ...args, ...here, ...dht], { NODE_EXTRA_CA_CERTS: certFile });
    ends.push(() => relay.stop());
    return relay;
  };
  const tls = start('--parent', publisher.link, '--tls-cert', certFile, '--tls-key', keyFile);
  await tls.waitFor(({ event, state }) => event === 'state' && state === 'live');
  const seeker = start();
  const { port } = await seeker.waitFor(({ event }) => event === 'ready');
  // The TLS relay announces what it carries every few seconds; until then nobody knows the channel.
  const origin = `http://127.0.0.1:${String(port)}`;
  const viewer = new CountingViewer(publisher.channelKey, origin);
  ends.push(() => viewer.close());
  await until('the viewer gets the stream', () => viewer.chunks.length > 30, 60_000);
  const health = await (await fetch(`${origin}/health`)).json();
  expect(health.channels).toMatchObject([{ address: encodeAddress(publisher.channelKey), state: 'live' }]);
});
