const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  webmanifest: 'application/manifest+json; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  wasm: 'application/wasm',
  mp4: 'video/mp4',
  m4s: 'video/iso.segment',
  m3u8: 'application/vnd.apple.mpegurl',
};

/** The `Content-Type` for a file name; `application/octet-stream` for an ending not known here. */
export const contentTypeOf = (fileName: string): string => {
  const ending = fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase();
  return Object.hasOwn(CONTENT_TYPES, ending)
    ? (CONTENT_TYPES[ending] ?? 'application/octet-stream')
    : 'application/octet-stream';
};

/** Whether compressing a body of this type is worth the work: text, not pictures and media. */
export const isCompressible = (contentType: string): boolean =>
  /^text\/|json|javascript|svg|mpegurl|wasm/.test(contentType);
