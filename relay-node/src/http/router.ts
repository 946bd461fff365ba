import type { HttpHandler, HttpReply, HttpRequest } from './http-message.js';
import { textReply } from './http-message.js';
import { type Framing, securityHeaders } from './security-headers.js';
import type { StaticAssets } from './static-assets.js';

/** One place that answers requests. */
export type Route = {
  /** `GET` also answers `HEAD`. */
  readonly method: string;
  /** An exact path (`/health`), or a prefix ending in `/*` (`/hls/*`). */
  readonly pattern: string;
  readonly handler: HttpHandler;
  /** Who may frame the reply; `nobody` unless told. */
  readonly framing?: Framing;
};

/** What a router is made of. */
export type RouterOptions = {
  /** Exact paths win over prefixes, longer prefixes over shorter ones. */
  readonly routes: readonly Route[];
  /** Served where no route matches. */
  readonly assets?: StaticAssets | undefined;
  /** Paths shown by another asset: `/` by `/index.html`. */
  readonly aliases?: Readonly<Record<string, string>>;
};

const matches = (pattern: string, path: string): boolean =>
  pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;

const bySpecificity = (a: Route, b: Route): number => {
  const exactFirst = Number(a.pattern.endsWith('/*')) - Number(b.pattern.endsWith('/*'));
  return exactFirst !== 0 ? exactFirst : b.pattern.length - a.pattern.length;
};

const secured = (reply: HttpReply, framing: Framing): HttpReply => ({
  ...reply,
  headers: { ...securityHeaders(framing), ...reply.headers },
});

const allowed = (methods: readonly string[]): string => {
  const all = new Set(methods);
  if (all.has('GET')) all.add('HEAD');
  return [...all].sort().join(', ');
};

const notAllowed = (request: HttpRequest, methods: readonly string[]): HttpReply => {
  const allow = allowed(methods);
  return textReply(405, `${request.method} does not work here. Use ${allow}.`, { Allow: allow });
};

/** Turns routes and assets into one handler. Every reply, refusals included, carries the security headers. */
export const createRouter = (options: RouterOptions): HttpHandler => {
  const routes = [...options.routes].sort(bySpecificity);
  const aliases = new Map(Object.entries(options.aliases ?? {}));

  const fromAssets = (request: HttpRequest): HttpReply | undefined =>
    options.assets?.reply(aliases.get(request.path) ?? request.path, request);

  return (request) => {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const onPath = routes.filter((route) => matches(route.pattern, request.path));
    const route = onPath.find((candidate) => candidate.method === method);
    if (route !== undefined) {
      const framing = route.framing ?? 'nobody';
      const reply = route.handler(request);
      return reply instanceof Promise
        ? reply.then((settled) => secured(settled, framing))
        : secured(reply, framing);
    }
    const asset = fromAssets(request);
    if (asset !== undefined) {
      return secured(method === 'GET' ? asset : notAllowed(request, ['GET']), 'nobody');
    }
    if (onPath.length > 0) {
      return secured(
        notAllowed(
          request,
          onPath.map((candidate) => candidate.method),
        ),
        'nobody',
      );
    }
    return secured(textReply(404, 'There is nothing at this address. Check the link.'), 'nobody');
  };
};
