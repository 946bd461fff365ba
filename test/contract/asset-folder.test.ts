import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AssetError, readAssetFolder } from '../../relay-node/src/http/static-assets.js';

describe('a folder of assets', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  it('is read with the folders in it, and names with a hash are kept for ever', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assets-'));
    folders.push(folder);
    await mkdir(join(folder, 'chunks'));
    await writeFile(join(folder, 'index.html'), 'one');
    await writeFile(join(folder, 'chunks', 'player-3F2A91BC.js'), 'two');
    const sources = await readAssetFolder(folder, '/app/');
    sources.sort((a, b) => a.path.localeCompare(b.path));
    expect(sources.map(({ path, isImmutable }) => ({ path, isImmutable }))).toEqual([
      { path: '/app/chunks/player-3F2A91BC.js', isImmutable: true },
      { path: '/app/index.html', isImmutable: false },
    ]);
    expect(sources.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['two', 'one']);
  });

  it('that is missing is an error with the way out', async () => {
    const error = await readAssetFolder('/no/such/folder', '/').catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(AssetError);
    expect(error).toMatchObject({
      kind: 'unreadable',
      message: 'The folder /no/such/folder cannot be read. Build the player first.',
    });
  });
});
