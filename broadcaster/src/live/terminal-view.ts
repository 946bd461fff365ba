/** The broadcast on a terminal: the links and a QR code once, then one line that is kept up to date. */

import { renderUnicodeCompact } from 'uqr';
import type { LiveReady, LiveStatus, LiveView } from './live-view.js';

/** The part of a writable stream that the view needs. */
export type Terminal = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };

const hours = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
};

/** One line of status. */
export function formatStatus(status: LiveStatus): string {
  const viewers = `${status.viewers} ${status.viewers === 1 ? 'viewer' : 'viewers'}`;
  const bitrate = `${(status.bitrate / 1e6).toFixed(1)} Mbit/s`;
  const speed = status.speed === undefined ? [] : [`encoder ${status.speed.toFixed(2)}x`];
  const state = status.state === 'live' ? 'LIVE' : status.state;
  return [state, hours(status.elapsedMs), viewers, bitrate, ...speed].join('  ·  ');
}

/** The lines that say where the broadcast can be watched. */
export function formatReady(ready: LiveReady, isColour: boolean): string {
  const bold = (text: string): string => (isColour ? `\u001b[1m${text}\u001b[22m` : text);
  const { studio } = ready;
  const lines = ['', `  ${bold(ready.title)}`, ''];
  if (studio) lines.push(`  Studio   ${bold(studio.page)}`);
  lines.push(`  Watch    ${bold(ready.watch)}`);
  if (ready.share) lines.push(`  Share    ${bold(ready.share)}`);
  lines.push(`  App      npx freshet watch "${ready.app}"`);
  lines.push(`  Channel  ${ready.address}`);
  if (ready.control) lines.push(`  Control  ${ready.control}`);
  if (ready.push) lines.push('', `  Push to  ${ready.push.url}`, `  Key      ${ready.push.streamKey}`);
  if (studio) lines.push('', `  WHIP     ${studio.whip}`, `  Key      ${studio.streamKey}`);
  if (ready.isNewKey)
    lines.push('', `  Your channel's new key is ${ready.keyFile}: keep a copy, it is your address for ever.`);
  return `${lines.join('\n')}\n`;
}

/** Shows a broadcast on a terminal; without one the status line is left out and only changes are printed. */
export function createTerminalView(terminal: Terminal): LiveView {
  const isTty = terminal.isTTY === true;
  let hasStatus = false;
  const line = (text: string): void => {
    terminal.write(`${hasStatus && isTty ? '\r\u001b[K' : ''}${text}\n`);
    hasStatus = false;
  };
  return {
    ready(ready) {
      line(formatReady(ready, isTty));
      const code = renderUnicodeCompact(ready.share ?? ready.watch, { border: 2 });
      if (isTty) line(`${code.replace(/^/gm, '  ')}\n`);
    },
    began: (describe) => line(`  On air: ${describe}.`),
    waiting: (reason) => line(`  ${reason.charAt(0).toUpperCase()}${reason.slice(1)}`),
    ended: (reason) =>
      line(reason === 'stopped' ? '  Stopped.' : '  The source has ended, and the broadcast with it.'),
    note: (text) => line(`  ${text}`),
    status(status) {
      if (!isTty) return;
      terminal.write(
        `\r\u001b[K  ${formatStatus(status).slice(0, Math.max(20, (terminal.columns ?? 80) - 3))}`,
      );
      hasStatus = true;
    },
  };
}
