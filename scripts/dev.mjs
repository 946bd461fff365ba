/**
 * `npm run dev`: builds, watches all sources, and restarts `freshet live` after each good build.
 * Arguments go to `freshet live`. Ctrl-C ends the watchers, the broadcast and the ffmpeg below it.
 */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, watch as watchFolder } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { copyGenerated } from './generated.mjs';
import { findTool, ROOT, runNode } from './tool.mjs';

const USAGE = `Usage: npm run dev -- [ARGUMENT OF freshet live]...

Builds, then rebuilds and restarts "freshet live" whenever a source changes. Stop with Ctrl-C.

  --help  show this text`;

/** A broadcast that has not ended by then is killed; ffmpeg needs a moment to close its files. */
const STOP_MS_MAX = 5_000;
/** The compiler and the page bundler report separately: one restart serves both. */
const SETTLE_MS = 300;

const children = new Set();

/** Each child leads its own process group, so that what it started in turn can be ended with it. */
const start = (args, stdout) => {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', stdout, 'inherit'],
    detached: true,
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
};

const signalGroup = (child, signal) => {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // Gone already is what was wanted.
    if (error.code !== 'ESRCH') throw error;
  }
};

const stop = async (child) => {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    signalGroup(child, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_MS_MAX);
    await ended;
    clearTimeout(timer);
  }
  // Whatever outlived its parent.
  signalGroup(child, 'SIGKILL');
};

let isStopping = false;
const stopAll = async (code) => {
  if (isStopping) return;
  isStopping = true;
  await Promise.all([...children].map(stop));
  process.exit(code);
};

let broadcast;
const startBroadcast = () => {
  broadcast = start([join(ROOT, 'scripts', 'freshet.mjs'), 'live', ...process.argv.slice(2)], 'inherit');
  broadcast.once('exit', (code) => {
    if (!isStopping && code !== null && code !== 0) {
      console.log(`dev: freshet live ended with code ${code}; it starts again after the next change`);
    }
  });
};

/** One restart at a time; a change during a restart causes exactly one more. */
let restarting = Promise.resolve();
let settleTimer;
const scheduleRestart = () => {
  clearTimeout(settleTimer);
  settleTimer = setTimeout(() => {
    restarting = restarting.then(async () => {
      if (isStopping) return;
      console.log('dev: rebuilt, restarting freshet live');
      copyGenerated();
      await stop(broadcast);
      if (!isStopping) startBroadcast();
    });
  }, SETTLE_MS);
};

const startWatcher = (name, args) => {
  const child = start(args, 'pipe');
  child.once('exit', (code) => {
    if (isStopping) return;
    console.error(`dev: the watcher "${name}" ended with code ${code}`);
    void stopAll(1);
  });
  return createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.trim() !== '') console.log(`${name}: ${line}`);
  });
};

/** Restarts after each good compilation but the first, which repeats the build made at the start. */
const watchSources = () => {
  let compileCount = 0;
  startWatcher('tsc', [findTool('typescript', 'tsc'), '-b', '-w', '--preserveWatchOutput']).on(
    'line',
    (line) => {
      if (!line.includes('Found 0 errors')) return;
      compileCount += 1;
      if (compileCount > 1) scheduleRestart();
    },
  );
};

const hashFolder = (folder) => {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true }).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) hash.update(name).update(readFileSync(path));
  }
  return hash.digest('hex');
};

/** Restarts when the bundled page differs from the last one, whoever wrote it. */
const watchPage = (pageBuilder) => {
  const folder = join(ROOT, 'viewer', 'dist', 'page');
  startWatcher('page', [pageBuilder, '--watch']);
  if (!existsSync(folder)) return;
  let lastHash = hashFolder(folder);
  let timer;
  watchFolder(folder, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const hash = hashFolder(folder);
      if (hash !== lastHash) scheduleRestart();
      lastHash = hash;
    }, SETTLE_MS);
  });
};

const dev = async () => {
  if ((await runNode(join(ROOT, 'scripts', 'build.mjs'))) !== 0) return process.exit(1);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stopAll(0));
  watchSources();
  const pageBuilder = join(ROOT, 'viewer', 'build.mjs');
  if (existsSync(pageBuilder)) watchPage(pageBuilder);
  startBroadcast();
};

if (process.argv.includes('--help')) console.log(USAGE);
else await dev();
