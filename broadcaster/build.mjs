/**
 * `node broadcaster/build.mjs`: bundles the control room's pages into `broadcaster/dist/page/`. Every folder of
 * `src/page/` with a `main.ts` is a page of that name; what lies in `page/` is copied as it is.
 */

import { existsSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const SOURCE = join(HERE, 'src', 'page');
const TARGET = join(HERE, 'dist', 'page');

const folders = (await readdir(SOURCE, { withFileTypes: true })).filter((entry) => entry.isDirectory());
const pages = folders.map(({ name }) => name).filter((name) => existsSync(join(SOURCE, name, 'main.ts')));
await mkdir(TARGET, { recursive: true });
await cp(join(HERE, 'page'), TARGET, { recursive: true });
try {
  await build({
    entryPoints: Object.fromEntries(pages.map((name) => [name, join(SOURCE, name, 'main.ts')])),
    outdir: TARGET,
    bundle: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    platform: 'browser',
    legalComments: 'none',
    alias: { '@freshet/proto': join(HERE, '..', 'proto', 'src', 'index.ts') },
    logLevel: 'warning',
  });
} catch {
  // esbuild has printed its own errors.
  process.exitCode = 1;
}
