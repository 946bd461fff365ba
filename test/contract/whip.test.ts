/** WHIP over real HTTP (RFC 9725): what each request is answered with. No media flows here. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlRoom, openControlRoom } from '../../broadcaster/src/control/control-room.js';
import { PublisherGate } from '../../broadcaster/src/ingest/webrtc/publisher-gate.js';
import { openWebrtcPort, type WebrtcPort } from '../../broadcaster/src/ingest/webrtc/webrtc-port.js';
import { createWhipPart, WRONG_TOKENS } from '../../broadcaster/src/ingest/webrtc/whip-part.js';
import { AUDIO_LINES, offerOf, VIDEO_LINES } from '../unit/broadcaster/webrtc/offers.js';

const OFFER = offerOf(AUDIO_LINES, VIDEO_LINES);
const FRAGMENT = 'application/trickle-ice-sdpfrag';

describe('the WHIP endpoint', () => {
  let port: WebrtcPort;
  let room: ControlRoom;
  let gate: PublisherGate;

  beforeEach(async () => {
    gate = new PublisherGate({ isTakeover: false });
    port = await openWebrtcPort({ port: 0, host: '127.0.0.1', addresses: ['127.0.0.1'] });
    const part = createWhipPart({ port, gate, streamKey: 'the-key' });
    room = await openControlRoom({ port: 0, parts: [part], password: 'locked', log: () => undefined });
  });
  afterEach(async () => {
    await room.close();
    await port.close();
  });

  const ask = (
    method: string,
    path: string,
    options: { body?: string; type?: string; token?: string; match?: string } = {},
  ): Promise<Response> => {
    const { body, type, token = 'the-key', match } = options;
    return fetch(`${room.origin}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(type && { 'Content-Type': type }),
        ...(match && { 'If-Match': match }),
      },
      ...(body !== undefined && { body }),
    });
  };
  const publish = (body: string = OFFER): Promise<Response> =>
    ask('POST', '/whip', { body, type: 'application/sdp' });

  it('answers an offer with 201, the session, its tag and an answer', async () => {
    const reply = await publish();
    expect(reply.status).toBe(201);
    expect(reply.headers.get('content-type')).toBe('application/sdp');
    expect(reply.headers.get('location')).toMatch(/^\/whip\/[0-9a-f]{32}$/);
    expect(reply.headers.get('etag')).toMatch(/^"[0-9a-f]+"$/);
    expect(await reply.text()).toContain(`127.0.0.1 ${port.port} typ host`);
  });

  it('refuses other bodies, other offers and other methods', async () => {
    expect((await ask('POST', '/whip', { body: OFFER, type: 'text/plain' })).status).toBe(415);
    expect((await publish('hello')).status).toBe(400);
    const soundOnly = await publish(offerOf(AUDIO_LINES));
    expect([soundOnly.status, await soundOnly.text()]).toEqual([422, expect.stringContaining('video track')]);
    const got = await ask('GET', '/whip');
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'OPTIONS, POST']);
  });

  it('asks for the stream key, and stops listening to who guesses', async () => {
    const wrong = () => ask('POST', '/whip', { body: OFFER, type: 'application/sdp', token: 'wrong' });
    const first = await wrong();
    expect([first.status, first.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="freshet"']);
    for (let count = 1; count < WRONG_TOKENS.burst; count++) expect((await wrong()).status).toBe(401);
    const late = await wrong();
    expect([late.status, late.headers.get('retry-after')]).toEqual([429, '3']);
  });

  it('tells browsers of any page that they may ask', async () => {
    const reply = await fetch(`${room.origin}/whip`, { method: 'OPTIONS' });
    expect(reply.status).toBe(204);
    expect(reply.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect((await publish()).headers.get('access-control-expose-headers')).toContain('Location');
  });

  it('takes candidates for the ICE session they are meant for', async () => {
    const created = await publish();
    const session = created.headers.get('location') ?? '';
    const body = 'a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n';
    const patch = (match?: string): Promise<Response> =>
      ask('PATCH', session, { body, type: FRAGMENT, ...(match && { match }) });
    expect((await patch()).status).toBe(428);
    expect((await patch('"other"')).status).toBe(412);
    expect((await patch(created.headers.get('etag') ?? '')).status).toBe(204);
    expect((await ask('PATCH', session, { body, type: 'text/plain', match: '*' })).status).toBe(415);
  });

  it('restarts ICE with new names and a new tag', async () => {
    const created = await publish();
    const session = created.headers.get('location') ?? '';
    const body = 'a=ice-ufrag:wxyz\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n';
    const restarted = await ask('PATCH', session, { body, type: FRAGMENT, match: '*' });
    expect(restarted.status).toBe(200);
    expect(restarted.headers.get('etag')).not.toBe(created.headers.get('etag'));
    const ufragOf = (text: string): string => /a=ice-ufrag:(\w+)/.exec(text)?.[1] ?? '';
    expect(ufragOf(await restarted.text())).not.toBe(ufragOf(await created.text()));
  });

  it('ends a session once', async () => {
    const session = (await publish()).headers.get('location') ?? '';
    expect((await ask('DELETE', session)).status).toBe(200);
    expect((await ask('DELETE', session)).status).toBe(404);
  });

  it('refuses a second publisher, and more clients at once than it has room for', async () => {
    const replies = [];
    for (let count = 0; count < 9; count++) replies.push((await publish()).status);
    expect(replies.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(replies[8]).toBe(503);
    gate.enter({ id: 'a', via: 'studio', dismiss: () => undefined, requestKeyframe: () => undefined });
    expect((await publish()).status).toBe(409);
  });
});
