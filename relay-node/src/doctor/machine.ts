/** The machine: Node, the socket engine, open files, memory. */

import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { EngineError, loadUws } from '../link/uws-api.js';
import { type Finding, fail, ok, warn } from './finding.js';

/** The oldest Node that the packages state. */
const NODE_MIN = { major: 20, minor: 19 } as const;

/** Files that are open besides viewers' connections: parents, the log, libraries, requests for pages. */
const FILES_BESIDES = 1_000;

/** Memory of a relay without viewers, and of one viewer beyond the kernel's, in bytes. */
const IDLE_BYTES = 200 * 1024 * 1024;
const VIEWER_BYTES = 16 * 1024;

/** Judges the version of Node, as `process.versions.node` states it. */
export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const { major: majorMin, minor: minorMin } = NODE_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin))
    return ok('node', `Node ${version} runs.`);
  const wayOut = `Install Node ${majorMin}.${minorMin} or newer.`;
  return fail('node', `Node ${version} is older than Freshet needs.`, wayOut);
}

/** Says which socket engine serves here. */
export function judgeEngine(load: () => unknown = loadUws): Finding {
  try {
    load();
    return ok('engine', 'uWebSockets.js loads.');
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    const wayOut = 'See "Running a relay" in the README for the author\'s own binaries.';
    return warn('engine', 'uWebSockets.js does not load; ws serves, at more CPU per viewer.', wayOut);
  }
}

/** Judges how many files may be open, against the viewers wanted; `undefined` where the system does not say. */
export function judgeFiles(filesMax: number | undefined, viewersMax: number): Finding {
  if (filesMax === undefined)
    return warn('files', 'This system does not say how many files may be open.', 'Look at "ulimit -n".');
  const wanted = viewersMax + FILES_BESIDES;
  if (filesMax >= wanted) return ok('files', `${filesMax} files may be open, for ${viewersMax} viewers.`);
  const wayOut = `Set LimitNOFILE=${wanted} in the systemd unit ("ulimit -n ${wanted}" in a shell), or viewers-max to ${Math.max(1, filesMax - FILES_BESIDES)}.`;
  const what = `${filesMax} files may be open, too few for ${viewersMax} viewers.`;
  return filesMax < FILES_BESIDES ? fail('files', what, wayOut) : warn('files', what, wayOut);
}

/** Judges the memory that is free, in bytes, against the viewers wanted. */
export function judgeMemory(freeBytes: number, viewersMax: number): Finding {
  const wantedBytes = IDLE_BYTES + viewersMax * VIEWER_BYTES;
  const free = `${mebibytes(freeBytes)} MiB of memory are free`;
  if (freeBytes >= wantedBytes) return ok('memory', `${free}.`);
  const what = `${free}; ${viewersMax} viewers may take ${mebibytes(wantedBytes)} MiB.`;
  if (freeBytes < IDLE_BYTES) return fail('memory', what, 'Free some, or take a bigger machine.');
  const fitting = Math.floor((freeBytes - IDLE_BYTES) / VIEWER_BYTES);
  return warn('memory', what, `Free some, or set viewers-max to ${Math.max(1, fitting)}.`);
}

/** How many files this process may open; Node has raised it to the hard limit already. */
export function readFilesMax(): number | undefined {
  try {
    const limit = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === 'unlimited' ? Number.MAX_SAFE_INTEGER : limit === undefined ? undefined : Number(limit);
  } catch {
    // Not Linux.
    return undefined;
  }
}

/** Bytes of memory that can be had: what the kernel counts as available, within the container's limit. */
export function readFreeBytes(): number {
  let freeBytes = freemem();
  try {
    const available = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
    if (available !== undefined) freeBytes = Number(available) * 1024;
  } catch {
    // Not Linux: what is free has to do.
  }
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(freeBytes, limit) : freeBytes;
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
