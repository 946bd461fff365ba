import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPage, bundleSizes, PAGE_GZIP_BYTES_MAX } from '../../../../viewer/build.mjs';

describe('the page bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'freshet-page-'));
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  beforeAll(() => buildPage(folder));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('stays within its size budget', async () => {
    const { startGzip } = await bundleSizes(folder);
    expect(startGzip).toBeGreaterThan(0);
    expect(startGzip).toBeLessThanOrEqual(PAGE_GZIP_BYTES_MAX);
  });

  it('loads the JavaScript signatures only where a browser lacks them', () => {
    const lazy = readdirSync(folder).find((name) => name.startsWith('noble-verifier-'));
    expect(lazy).toBeDefined();
    expect(read('index.html')).not.toContain(lazy);
  });

  it('announces every chunk that the player imports at once, so that they come side by side', () => {
    const imported = [...read('player.js').matchAll(/from"\.\/([^"]+)"/g)].map(([, name]) => name);
    expect(imported.length).toBeGreaterThan(0);
    for (const name of imported) expect(read('index.html')).toContain(`rel="modulepreload" href="/${name}"`);
  });

  it('needs nothing that the page’s content security policy refuses', () => {
    const html = read('index.html');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc="\/)/);
    expect(html).not.toMatch(/\son\w+=/);
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.js')))
      expect(read(name), name).not.toMatch(/\beval\(|\bnew Function\(|\.innerHTML\b/);
  });

  it('names its assets absolutely, because the page is served below /watch/', () => {
    const links = [...read('index.html').matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link);
    expect(links).toContain('/player.js');
    expect(links).toContain('/page.css');
    for (const link of links) {
      expect(link).toMatch(/^\//);
      expect(readdirSync(folder)).toContain(link?.slice(1));
    }
  });
});
