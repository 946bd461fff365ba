/** Whether an address names a machine that only its own network reaches. */

const HOST = /^(?:https?|wss?):\/\/(\[[^\]]*\]|[^:/]+)/i;

/** Loopback, private, link-local and shared addresses (RFC 1918, 3927, 4193, 4291, 6598), and names without a domain. */
const PRIVATE = [
  /^localhost$/i,
  /\.(?:local|localhost|internal|lan|home\.arpa)$/i,
  /^[^.:[]*$/,
  /^(?:0|10|127)\./,
  /^169\.254\./,
  /^192\.168\./,
  /^172\.(?:1[6-9]|2\d|3[01])\./,
  /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^\[::(?:1|ffff:.*)?\]$/i,
  /^\[f[cd]/i,
  /^\[fe[89ab]/i,
];

/** Whether the host of an origin or WebSocket address is private. A public name may still lead to a private machine. */
export function isPrivateHost(url: string): boolean {
  const host = HOST.exec(url)?.[1] ?? '';
  return PRIVATE.some((pattern) => pattern.test(host));
}
