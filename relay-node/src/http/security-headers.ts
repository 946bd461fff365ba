/** Who may show a page inside a frame of theirs. */
export type Framing = 'nobody' | 'anybody';

const policy = (framing: Framing): string =>
  [
    "default-src 'self'",
    // MediaSource object URLs are blob:, and the decoder may live in a worker made from one.
    "media-src 'self' blob:",
    "worker-src 'self' blob:",
    "img-src 'self' data: blob:",
    "style-src 'self' 'unsafe-inline'",
    // Viewers re-attach to any relay that the signed catalog names.
    "connect-src 'self' ws: wss: http: https:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${framing === 'anybody' ? '*' : "'none'"}`,
  ].join('; ');

const common = (framing: Framing): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': policy(framing),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
});

const HEADERS: Readonly<Record<Framing, Readonly<Record<string, string>>>> = {
  nobody: common('nobody'),
  anybody: common('anybody'),
};

/** The headers every reply carries; a route's own headers of the same name win. */
export const securityHeaders = (framing: Framing): Readonly<Record<string, string>> => HEADERS[framing];
