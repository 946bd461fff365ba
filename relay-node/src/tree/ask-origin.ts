/** Asks at an origin whether the relay there is the one that named it. */

import { type LookupAddress, lookup } from 'node:dns';
import { type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicHost } from '@freshet/proto';

/** Path in front of the token of a relay that is asked for. */
export const PROOF_PATH = '/proof/';

/** Time for look-up, connection and answer. */
export const ASK_MS_MAX = 3_000;

/** Why a claimed origin was not taken, as counted in metrics. */
export type OriginRefusal =
  /** It names a private address that is not the one the child itself comes from. It is not asked at all. */
  | 'origin-private'
  /** Nobody answers there in time. */
  | 'origin-unreachable'
  /** Who answers there does not know the token. */
  | 'origin-foreign'
  /** Too many claims wait, of all or of one network. */
  | 'origin-overflow';

/** What a child relay said of itself. */
export type OriginClaim = {
  readonly origin: string;
  readonly token: string;
  /** IP address that the child's link comes from: it may name this one even if it is private. */
  readonly from: string;
};

/** Asks once. A child must not make this relay talk to machines of its own network, so addresses are judged before they are used. */
export function askOrigin(
  { origin, token, from }: OriginClaim,
  isPrivateAllowed: boolean,
): Promise<'proven' | OriginRefusal> {
  const url = new URL(`${origin}${PROOF_PATH}${token}`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isAllowed = (address: string): boolean =>
    isPrivateAllowed || isPublicHost(address) || isSameMachine(address, from);
  if (isIP(host) !== 0 && !isAllowed(host)) return Promise.resolve('origin-private');
  let isPrivate = false;
  const judgingLookup: LookupFunction = (name, options, callback) =>
    lookup(name, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const allowed = error ? [] : found.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      isPrivate = !error && first === undefined;
      if (first === undefined) return callback(error ?? new Error('private addresses only'), '');
      if (options.all) return callback(null, allowed);
      return callback(null, first.address, first.family);
    });
  const options: RequestOptions = {
    agent: false,
    lookup: judgingLookup,
    signal: AbortSignal.timeout(ASK_MS_MAX),
  };
  const request = url.protocol === 'https:' ? requestTls : requestPlain;
  return new Promise((resolve) => {
    const asked = request(url, options, (response) => {
      resolve(response.statusCode === 204 ? 'proven' : 'origin-foreign');
      response.destroy();
    });
    asked.on('error', () => resolve(isPrivate ? 'origin-private' : 'origin-unreachable'));
    asked.end();
  });
}

function isSameMachine(address: string, from: string): boolean {
  const isLoopback = (text: string): boolean => text === '::1' || /^127\./.test(text);
  return address === from || (isLoopback(address) && isLoopback(from));
}
