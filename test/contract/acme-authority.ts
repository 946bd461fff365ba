/** A small certificate authority that speaks ACME (RFC 8555) on loopback, and asks its questions there. */

import { createHash, createPublicKey, type JsonWebKey, randomUUID, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { makeCertificate } from '../certificate-maker.js';

const DAY_MS = 86_400_000;

type Signed = { readonly header: Record<string, unknown>; readonly payload: Record<string, unknown> };

const textOf = (value: unknown): string => String(value ?? '');
const fromBase64url = (text: unknown): Buffer => Buffer.from(textOf(text), 'base64url');

/** The element that begins at `at`: its head's length and its whole length. */
const elementAt = (bytes: Buffer, at: number): { head: number; whole: number } => {
  const first = bytes.readUInt8(at + 1);
  if (first < 0x80) return { head: 2, whole: 2 + first };
  const head = 2 + (first & 0x7f);
  return { head, whole: head + bytes.readUIntBE(at + 2, first & 0x7f) };
};

/** The public key in a request for a certificate (RFC 2986): version and subject come before it. */
const publicKeyOf = (csr: Buffer): Buffer => {
  let at = elementAt(csr, 0).head;
  at += elementAt(csr, at).head;
  at += elementAt(csr, at).whole;
  at += elementAt(csr, at).whole;
  return csr.subarray(at, at + elementAt(csr, at).whole);
};

/** Starts with {@link open}. One account and one order at a time. */
export class AcmeAuthority {
  /** Where it asks whether a domain leads to who orders. */
  challengePort = 0;
  /** What it refuses every order with, while it is set. */
  refusal: string | undefined;
  lifeMs: number = 90 * DAY_MS;
  readonly domainsOrdered: string[][] = [];
  readonly accounts = new Set<string>();
  readonly #server: Server;
  #origin = '';
  #jwk: JsonWebKey = {};
  readonly #nonces = new Set<string>();
  #token = '';
  #isProven = false;
  #certificate: string | undefined;

  constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  get directoryUrl(): string {
    return `${this.#origin}/directory`;
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.#origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const nonce = randomUUID();
    this.#nonces.add(nonce);
    response.setHeader('Replay-Nonce', nonce);
    const send = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (path === '/directory') return send(200, this.#directory());
    if (path === '/nonce') return send(200, '');
    const signed = await this.#read(request, path);
    if (signed === undefined)
      return send(400, { type: 'urn:ietf:params:acme:error:malformed', detail: 'badly signed' });
    if (path === '/account') {
      this.accounts.add(this.#thumbprint());
      return send(201, { status: 'valid' }, { Location: `${this.#origin}/account/1` });
    }
    if (path === '/order') return this.#order(signed, send);
    if (path === '/authorization') return send(200, this.#authorization());
    if (path === '/challenge') {
      this.#isProven = await this.#ask();
      return send(200, this.#challenge());
    }
    if (path === '/finalize') return this.#finalize(signed, send);
    if (path === '/order/1') return send(200, this.#orderState());
    if (path === '/certificate') return send(200, this.#certificate ?? '');
    send(404, {});
  }

  #directory(): Record<string, string> {
    const at = (name: string): string => `${this.#origin}/${name}`;
    return {
      newNonce: at('nonce'),
      newAccount: at('account'),
      newOrder: at('order'),
      revokeCert: at('none'),
    };
  }

  /** A request whose signature, address and nonce hold; `undefined` for any other. */
  async #read(request: IncomingMessage, path: string): Promise<Signed | undefined> {
    let text = '';
    for await (const part of request) text += String(part);
    const body = JSON.parse(text);
    const header = JSON.parse(fromBase64url(body.protected).toString());
    if (path === '/account') this.#jwk = header.jwk;
    const isFresh = this.#nonces.delete(header.nonce) && header.url === `${this.#origin}${path}`;
    const key = {
      key: createPublicKey({ key: this.#jwk, format: 'jwk' }),
      dsaEncoding: 'ieee-p1363',
    } as const;
    const bytes = Buffer.from(`${body.protected}.${body.payload}`);
    if (!isFresh || !verify('sha256', bytes, key, fromBase64url(body.signature))) return undefined;
    return { header, payload: body.payload === '' ? {} : JSON.parse(fromBase64url(body.payload).toString()) };
  }

  #order(
    { payload }: Signed,
    send: (status: number, body: unknown, headers?: Record<string, string>) => void,
  ): void {
    if (this.refusal !== undefined)
      return send(403, { type: 'urn:ietf:params:acme:error:rejectedIdentifier', detail: this.refusal });
    const identifiers = Array.isArray(payload.identifiers) ? payload.identifiers : [];
    this.domainsOrdered.push(identifiers.map(({ value }: { value: string }) => value));
    this.#token = randomUUID();
    this.#isProven = false;
    this.#certificate = undefined;
    send(201, this.#orderState(), { Location: `${this.#origin}/order/1` });
  }

  #orderState(): object {
    const domains = this.domainsOrdered.at(-1) ?? [];
    return {
      status: this.#certificate ? 'valid' : this.#isProven ? 'ready' : 'pending',
      identifiers: domains.map((value) => ({ type: 'dns', value })),
      authorizations: [`${this.#origin}/authorization`],
      finalize: `${this.#origin}/finalize`,
      ...(this.#certificate && { certificate: `${this.#origin}/certificate` }),
    };
  }

  #authorization(): object {
    const [value] = this.domainsOrdered.at(-1) ?? [];
    const status = this.#isProven ? 'valid' : 'pending';
    return { status, identifier: { type: 'dns', value }, challenges: [this.#challenge()] };
  }

  #challenge(): object {
    const url = `${this.#origin}/challenge`;
    return { type: 'http-01', url, token: this.#token, status: this.#isProven ? 'valid' : 'invalid' };
  }

  async #ask(): Promise<boolean> {
    const url = `http://127.0.0.1:${this.challengePort}/.well-known/acme-challenge/${this.#token}`;
    const reply = await fetch(url).catch(() => undefined);
    return (await reply?.text()) === `${this.#token}.${this.#thumbprint()}`;
  }

  /** RFC 7638, of a key on an elliptic curve. */
  #thumbprint(): string {
    const { crv, kty, x, y } = this.#jwk;
    return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  }

  #finalize({ payload }: Signed, send: (status: number, body: unknown) => void): void {
    if (!this.#isProven)
      return send(403, { type: 'urn:ietf:params:acme:error:orderNotReady', detail: 'not proven' });
    const domains = this.domainsOrdered.at(-1) ?? [];
    const nowMs = Date.now();
    this.#certificate = makeCertificate({
      commonName: 'ordered',
      notBeforeMs: nowMs - 1_000,
      notAfterMs: nowMs + this.lifeMs,
      domains,
      publicKeyDer: publicKeyOf(fromBase64url(payload.csr)),
    }).certPem;
    send(200, this.#orderState());
  }
}
