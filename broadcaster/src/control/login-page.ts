/** The one page that is shown before the password: it needs no script and no file. */

import type { HttpReply } from '@freshet/relay-node';

const STYLE = `
  :root { color-scheme: dark light; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #081113; color: #f1f8f7; }
  form { display: grid; gap: 12px; width: min(320px, 86vw); }
  h1 { margin: 0 0 4px; font-size: 22px; }
  input, button { font: inherit; padding: 10px 14px; border-radius: 10px; border: 1px solid #35545a; }
  input { background: #0e1d20; color: inherit; }
  button { border: 0; background: #2fd3c0; color: #04211e; font-weight: 600; cursor: pointer; }
  :focus-visible { outline: 2px solid #2fd3c0; outline-offset: 2px; }
  p { margin: 0; color: #ffb4a6; }
  @media (prefers-color-scheme: light) {
    body { background: #f3f8f7; color: #0c2124; }
    input { background: #fff; border-color: #9db8b8; }
    button { background: #0b7f72; color: #fff; }
    p { color: #a32914; }
  }`;

/** The page, with a sentence about the try before; `undefined` when there was none. */
export function loginPage(why: string | undefined): HttpReply {
  const said = why === undefined ? '' : `<p role="alert">${why}</p>`;
  return {
    status: why === undefined ? 200 : 401,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Freshet control room</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head>
<body><form method="post" action="/login"><h1>Freshet control room</h1>${said}
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button>Enter</button></form></body></html>`,
  };
}
