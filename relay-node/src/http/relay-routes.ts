/** What the relay answers over HTTP: the player page, health, metrics, catalogs. */

import { decodeAddress, encodeAddress, toHex } from '@freshet/proto';
import type { Registry } from 'prom-client';
import type { ChannelHost } from '../channel-host.js';
import type { LinkEngine } from '../link/link-server.js';
import { PROOF_PATH } from '../tree/ask-origin.js';
import type { TicketGate } from '../tree/ticket-gate.js';
import { type HttpReply, type HttpRequest, jsonReply, textReply } from './http-message.js';
import { pictureTypeOf } from './picture-type.js';
import type { RouterOptions } from './router.js';
import type { StaticAssets } from './static-assets.js';

/** What the routes read. */
export type RelayRoutesSource = {
  readonly hosts: ReadonlyMap<string, ChannelHost>;
  readonly metrics: Registry;
  readonly assets: StaticAssets;
  readonly uptimeMs: () => number;
  readonly engine: () => LinkEngine;
  /** The relay moves its viewers away and takes no new ones. */
  readonly isDraining?: (() => boolean) | undefined;
  /** Which channels are carried by ticket, if any are. */
  readonly tickets?: Pick<TicketGate, 'operator' | 'refused'> | undefined;
  /** Where the relay stands, in the operator's words. */
  readonly region?: string | undefined;
  /** Sentences about what keeps the relay from serving. */
  readonly problems?: (() => readonly string[]) | undefined;
};

/** Where the built player's page lies among the assets. */
const PAGE = '/index.html';

/** The relay's routes. */
export function createRelayRoutes(source: RelayRoutesSource): RouterOptions {
  return {
    assets: source.assets,
    routes: [
      { method: 'GET', pattern: '/', handler: () => home(source) },
      // Anybody may show the player in a page of theirs: that is what the embed code is for.
      { method: 'GET', pattern: '/watch/*', framing: 'anybody', handler: (request) => page(source, request) },
      { method: 'GET', pattern: '/poster/*', handler: (request) => poster(source, request) },
      { method: 'GET', pattern: '/health', handler: () => health(source) },
      { method: 'GET', pattern: `${PROOF_PATH}*`, handler: (request) => proof(source, request) },
      { method: 'GET', pattern: '/metrics', handler: () => metrics(source) },
      { method: 'GET', pattern: '/catalog/*', handler: (request) => catalog(source, request) },
    ],
  };
}

/** A relay with one channel shows it; one with several has no front page of its own. */
function home({ hosts }: RelayRoutesSource): HttpReply {
  const [only, ...others] = hosts.keys();
  if (only === undefined || others.length > 0)
    return textReply(200, 'This is a Freshet relay. Open the link of a broadcast to watch it.');
  return textReply(302, `The broadcast is at /watch/${only}`, { Location: `/watch/${only}` });
}

/** The page says itself what is wrong with an address or a channel: one place for those words. */
function page({ assets }: RelayRoutesSource, request: HttpRequest): HttpReply {
  return assets.reply(PAGE, request) ?? textReply(500, 'The player page is missing: build it first.');
}

/** How long a picture may be shown without asking again. */
const POSTER_CACHE = 'public, max-age=30';

/** `/poster/<address>.jpg`, whatever its format: pages need not know that. */
function poster({ hosts }: RelayRoutesSource, request: HttpRequest): HttpReply {
  const decoded = decodeAddress(request.path.slice('/poster/'.length).replace(/\.jpg$/, ''));
  if (!decoded.ok) return textReply(400, decoded.why);
  const held = hosts.get(encodeAddress(decoded.channelKey))?.poster;
  const type = held && pictureTypeOf(held.picture);
  if (!type) return textReply(404, 'There is no picture of this broadcast here.');
  const etag = `"${toHex(held.digest).slice(0, 32)}"`;
  const headers = { 'Content-Type': type, 'Cache-Control': POSTER_CACHE, ETag: etag };
  if (request.header('if-none-match') === etag) return { status: 304, headers, body: '' };
  return { status: 200, headers: { ...headers, 'Access-Control-Allow-Origin': '*' }, body: held.picture };
}

/**
 * 200 while the relay serves; 503 with `draining` while it moves its viewers away, and with `failing` and the reasons
 * when something keeps viewers from it. A channel without a parent is no reason: the parent is dialled again, and the
 * other channels go on.
 */
function health({
  hosts,
  uptimeMs,
  engine,
  isDraining,
  problems,
  region,
  tickets,
}: RelayRoutesSource): HttpReply {
  const channels = [...hosts.values()].map(({ address, session }) => ({ address, state: session.state }));
  const wrong = problems?.() ?? [];
  const status = isDraining?.() === true ? 'draining' : wrong.length > 0 ? 'failing' : 'ok';
  return jsonReply(status === 'ok' ? 200 : 503, {
    status,
    problems: wrong,
    ...(region !== undefined && { region }),
    ...(tickets && { tickets: { operator: tickets.operator, refused: tickets.refused } }),
    uptimeMs: Math.round(uptimeMs()),
    engine: engine(),
    channels,
  });
}

/** A parent asks whether this relay is its child: only the parents of a channel have been told its token. */
function proof({ hosts }: RelayRoutesSource, request: HttpRequest): HttpReply {
  const token = request.path.slice(PROOF_PATH.length);
  for (const { originToken } of hosts.values())
    if (originToken !== undefined && originToken === token)
      return { status: 204, headers: { 'Cache-Control': 'no-store' }, body: '' };
  return textReply(404, 'This relay is not the one that is asked for.');
}

async function metrics({ metrics: registry }: RelayRoutesSource): Promise<HttpReply> {
  const body = await registry.metrics();
  return {
    status: 200,
    headers: { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' },
    body,
  };
}

function catalog({ hosts }: RelayRoutesSource, request: HttpRequest): HttpReply {
  const decoded = decodeAddress(request.path.slice('/catalog/'.length));
  if (!decoded.ok) return textReply(400, decoded.why);
  const host = hosts.get(encodeAddress(decoded.channelKey));
  const held = host?.session.catalog;
  if (!host || !held)
    return textReply(
      404,
      host ? 'Nothing has been broadcast yet.' : 'This relay does not carry the channel.',
    );
  const renditions = held.renditions.map(({ initSegment, ...rendition }) => ({
    ...rendition,
    initSegmentBytes: initSegment.length,
  }));
  const { tickets = [], posterDigest, ...shown } = held;
  return jsonReply(200, {
    ...shown,
    ...(posterDigest && { posterDigest: toHex(posterDigest) }),
    renditions,
    ticketCount: tickets.length,
    viewers: host.stats().viewerCount,
  });
}
