/**
 * `node viewer/build.mjs`: bundles the watch page into `viewer/dist/page/`, which a relay serves at its root.
 * Packages of this repository are taken from their TypeScript sources, so the bundle is as fresh as they are.
 */

import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { context } from 'esbuild';

const USAGE = `Usage: node viewer/build.mjs [--watch]

  --watch  stay in the foreground and bundle again after every change
  --help   show this text`;

const VIEWER = dirname(fileURLToPath(import.meta.url));
const SOURCE = join(VIEWER, 'page');
const TARGET = join(VIEWER, 'dist', 'page');
const PAGE = 'index.html';
const SCRIPT = 'player.js';
/** Where the page's template wants the links of the chunks that the script imports at once. */
const PRELOAD_MARK = '<!-- modulepreload -->';

/** What a Chromium loads to show the page, gzipped, may not be more than this. */
export const PAGE_GZIP_BYTES_MAX = 90 * 1024;

/** The package `long` is 64-bit integers, which the schema has none of: 3 KiB that protobufjs does without. */
const withoutLong = {
  name: 'without-long',
  setup(build) {
    build.onResolve({ filter: /^long$/ }, () => ({ path: 'long', namespace: 'left-out' }));
    build.onLoad({ filter: /^long$/, namespace: 'left-out' }, () => ({
      contents: 'module.exports = undefined;',
    }));
  },
};

const optionsOf = (target) => ({
  entryPoints: { player: join(VIEWER, 'src', 'page.ts') },
  outdir: target,
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  format: 'esm',
  splitting: true,
  minify: true,
  target: 'es2022',
  platform: 'browser',
  legalComments: 'none',
  alias: { '@freshet/proto': join(VIEWER, '..', 'proto', 'src', 'index.ts') },
  metafile: true,
  write: false,
  logLevel: 'warning',
  plugins: [withoutLong, pageWriter(target)],
});

/** Names of the files that come with the script: what it imports, and what that imports, before anything runs. */
const staticImportsOf = (metafile, name) => {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [baseOf(path), output]));
  const found = new Set();
  const visit = (current) => {
    for (const { path, kind } of outputs.get(current)?.imports ?? []) {
      const imported = baseOf(path);
      if (kind !== 'import-statement' || found.has(imported)) continue;
      found.add(imported);
      visit(imported);
    }
  };
  visit(name);
  return [...found];
};

const baseOf = (path) => path.split(/[\\/]/).at(-1);

/** Writes only what differs, so that a watcher of the folder sees no change where there is none. */
const writeChanged = async (path, bytes) => {
  const old = await readFile(path).catch(() => undefined);
  if (old === undefined || !old.equals(Buffer.from(bytes))) await writeFile(path, bytes);
};

const writePage = async (target, { outputFiles, metafile }) => {
  await mkdir(target, { recursive: true });
  const assets = (await readdir(SOURCE)).filter((name) => name !== PAGE);
  const built = new Set([PAGE, ...assets, ...outputFiles.map(({ path }) => baseOf(path))]);
  for (const { path, contents } of outputFiles) await writeChanged(path, contents);
  for (const name of assets) {
    await cp(join(SOURCE, name), join(target, name), { recursive: true, preserveTimestamps: true });
  }
  const links = staticImportsOf(metafile, SCRIPT).map((name) => `<link rel="modulepreload" href="/${name}">`);
  const template = await readFile(join(SOURCE, PAGE), 'utf8');
  const html = template.replace(
    new RegExp(`[ \\t]*${PRELOAD_MARK}\\n`),
    links.map((link) => `    ${link}\n`).join(''),
  );
  await writeChanged(join(target, PAGE), html);
  // Chunks of earlier builds have other names.
  for (const name of await readdir(target)) {
    if (!built.has(name)) await rm(join(target, name), { recursive: true });
  }
};

/**
 * Sizes of the built page in bytes: `files` maps every file to its gzipped size, `startGzip` is the sum of what a browser
 * with WebCrypto's Ed25519 loads (all but the chunks that are imported on demand).
 */
export const bundleSizes = async (folder = TARGET) => {
  const files = {};
  for (const name of (await readdir(folder)).sort()) {
    files[name] = gzipSync(await readFile(join(folder, name)), { level: 9 }).length;
  }
  const html = await readFile(join(folder, PAGE), 'utf8');
  const loaded = [PAGE, ...[...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, name]) => name)];
  const startGzip = loaded.reduce((total, name) => total + (files[name] ?? 0), 0);
  return { files, startGzip };
};

/** One line about the sizes; throws when the page is too large. */
const checkBudget = async (target) => {
  const { files, startGzip } = await bundleSizes(target);
  const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
  const line = `page: ${kib(startGzip)} gzipped at the start (limit ${kib(PAGE_GZIP_BYTES_MAX)}), ${Object.keys(files).length} files`;
  if (startGzip > PAGE_GZIP_BYTES_MAX) throw new Error(`${line}. Load what is rarely needed by import().`);
  return line;
};

const pageWriter = (target) => ({
  name: 'write-page',
  setup(build) {
    build.onEnd(async (result) => {
      if (result.errors.length > 0) return undefined;
      try {
        await writePage(target, result);
        console.log(await checkBudget(target));
        return undefined;
      } catch (error) {
        return { errors: [{ text: error.message, detail: error }] };
      }
    });
  },
});

/** Bundles once, into `target`. Rejects, after esbuild printed why, when that fails. */
export const buildPage = async (target = TARGET) => {
  const bundler = await context(optionsOf(target));
  try {
    await bundler.rebuild();
  } finally {
    await bundler.dispose();
  }
};

const watchPage = async () => {
  const bundler = await context(optionsOf(TARGET));
  await bundler.watch();
};

const main = async () => {
  const { values } = parseArgs({
    options: { watch: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(USAGE);
  if (values.watch) return watchPage();
  try {
    await buildPage();
  } catch (error) {
    // esbuild has printed its own errors.
    if (!Array.isArray(error.errors)) throw error;
    process.exitCode = 1;
  }
  return undefined;
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
