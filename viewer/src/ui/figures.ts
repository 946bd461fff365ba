/** Figures as people read them. Pure. */

const MISSING = '–';

/** Milliseconds: `128 ms`; seconds from 2,000 on: `12.3 s`. */
export const formatMs = (ms: number | undefined): string => {
  if (ms === undefined || !Number.isFinite(ms)) return MISSING;
  return Math.abs(ms) < 2000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
};

/** A bit rate: `940 kbit/s`, `4.2 Mbit/s`. */
export const formatBitrate = (bitsPerSecond: number | undefined): string => {
  if (bitsPerSecond === undefined || !(bitsPerSecond > 0)) return MISSING;
  if (bitsPerSecond < 1e6) return `${Math.round(bitsPerSecond / 1e3)} kbit/s`;
  return `${(bitsPerSecond / 1e6).toFixed(1)} Mbit/s`;
};

/** An amount of bytes: `412 kB`, `38.1 MB`. */
export const formatBytes = (bytes: number): string => {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
};

/** A whole number with thin spaces between thousands: `12 480`. */
export const formatCount = (count: number): string =>
  Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u2009');

/** A length of time as a clock shows it: `0:07`, `12:40`, `1:02:09`. */
export const formatClock = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const rest = String(seconds % 60).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
};

/** How long something has been going on, roughly: `just now`, `7 min`, `2 h 05 min`. */
export const formatSince = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
};

/** Picture size and frame rate: `1280 × 720 · 30 fps`. */
export const formatPicture = (width: number, height: number, framesPerSecond: number): string =>
  width === 0 ? MISSING : `${width} × ${height} · ${Math.round(framesPerSecond)} fps`;
