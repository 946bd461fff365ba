/** `freshet relay` at work, in processes: over TLS, with a new certificate, with its figures, and drained. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../certificate-maker.js';
import { FreshetProcess } from '../freshet-process.js';
import { type SyntheticPublisher, startSyntheticPublisher } from '../synthetic-publisher.js';
import { CountingViewer } from './relay-tree-rig.js';

const DAY_MS = 86_400_000;
const SLOW = { timeout: 60_000, interval: 200 };

describe('a relay over TLS between a broadcast and another relay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'freshet-serving-'));
  const certFile = join(folder, 'cert.pem');
  const keyFile = join(folder, 'key.pem');
  let publisher: SyntheticPublisher;
  let edge: FreshetProcess;
  let below: FreshetProcess;
  let viewer: CountingViewer;
  let edgeOrigin = '';
  let belowOrigin = '';

  const writeCertificate = (commonName: string): void => {
    const nowMs = Date.now();
    const made = makeCertificate({
      commonName,
      notBeforeMs: nowMs - DAY_MS,
      notAfterMs: nowMs + 90 * DAY_MS,
    });
    writeFileSync(keyFile, made.keyPem);
    writeFileSync(certFile, made.certPem);
  };
  const seenName = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const where = { host: '127.0.0.1', port: Number(new URL(edgeOrigin).port), rejectUnauthorized: false };
      const socket = connect(where, () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      });
      socket.once('error', reject);
    });
  const fromEdge = (path: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const request = get(`${edgeOrigin}${path}`, { rejectUnauthorized: false, agent: false }, (reply) => {
        let text = '';
        reply.on('data', (part: Buffer) => {
          text += part.toString();
        });
        reply.once('end', () => resolve({ status: reply.statusCode ?? 0, text }));
      });
      request.once('error', reject);
    });

  beforeAll(async () => {
    writeCertificate('first');
    publisher = await startSyntheticPublisher({ chunkBytes: 9_000, chunksPerS: 30 });
    const where = ['--host', '127.0.0.1', '--port', '0', '--json'];
    const tls = ['--tls-cert', certFile, '--tls-key', keyFile];
    edge = new FreshetProcess(['relay', '--parent', publisher.link, ...where, ...tls]);
    const { origin, port } = await edge.waitFor(({ event }) => event === 'ready');
    expect(origin).toBe(`https://localhost:${String(port)}`);
    edgeOrigin = `https://127.0.0.1:${String(port)}`;
    const link = publisher.link.replace(/^http:\/\/[^/]+/, edgeOrigin);
    // The first certificate is all that it trusts; its link is from before the second.
    below = new FreshetProcess(['relay', '--parent', link, '--parent', publisher.link, ...where], {
      NODE_EXTRA_CA_CERTS: certFile,
    });
    belowOrigin = `http://127.0.0.1:${String((await below.waitFor(({ event }) => event === 'ready')).port)}`;
    viewer = new CountingViewer(publisher.channelKey, belowOrigin);
  });
  afterAll(async () => {
    viewer?.close();
    await edge?.stop();
    await below?.stop();
    await publisher?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('serves page, health and figures: its depth, and how long pieces took to it', async () => {
    await expect.poll(() => viewer.chunks.length, SLOW).toBeGreaterThan(30);
    expect((await fromEdge('/health')).status).toBe(200);
    const { text } = await fromEdge('/metrics');
    expect(text).toMatch(/^freshet_tree_depth 1$/m);
    expect(Number(/^freshet_piece_delay_seconds_count (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(10);
    expect(text).toMatch(/^freshet_piece_delay_seconds_bucket\{le="\+Inf"\} \d+$/m);
  });

  it('serves a new certificate within seconds of its files, and everybody attached stays', async () => {
    expect(await seenName()).toBe('first');
    const linksBefore = /^freshet_links (\d+)$/m.exec((await fromEdge('/metrics')).text)?.[1];
    writeCertificate('second');
    await expect.poll(seenName, SLOW).toBe('second');
    expect(/^freshet_links (\d+)$/m.exec((await fromEdge('/metrics')).text)?.[1]).toBe(linksBefore);
    const before = viewer.chunks.length;
    await expect.poll(() => viewer.chunks.length, SLOW).toBeGreaterThan(before + 30);
    expect(viewer.missing).toBe(0);
  });

  it('moves who is attached before it stops, so that nobody below misses anything', async () => {
    edge.child.kill('SIGTERM');
    expect(await edge.exitCode()).toBe(0);
    expect(edge.events.map(({ event }) => event)).toContain('draining');
    const before = viewer.chunks.length;
    await expect.poll(() => viewer.chunks.length, SLOW).toBeGreaterThan(before + 30);
    expect(viewer.missing).toBe(0);
  });
});
