/** The control room over real sockets: pages, lock, sockets, ports. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ControlPart } from '../../broadcaster/src/control/control-part.js';
import {
  type ControlOptions,
  type ControlRoom,
  openControlRoom,
} from '../../broadcaster/src/control/control-room.js';

const echo: ControlPart = {
  routes: [
    { method: 'GET', pattern: '/hello', handler: () => ({ status: 200, headers: {}, body: 'hello' }) },
  ],
  openRoutes: [
    { method: 'POST', pattern: '/open/*', handler: () => ({ status: 201, headers: {}, body: 'made' }) },
  ],
  sockets: { '/echo': (socket) => socket.on('message', (data) => socket.send(String(data))) },
};

describe('the control room', () => {
  const rooms: ControlRoom[] = [];
  const openRoom = async (options: Partial<ControlOptions> = {}): Promise<ControlRoom> => {
    const room = await openControlRoom({ port: 0, parts: [echo], log: () => undefined, ...options });
    rooms.push(room);
    return room;
  };
  afterEach(async () => {
    for (const room of rooms.splice(0)) await room.close();
  });

  it('serves its parts and their sockets to this machine', async () => {
    const { origin } = await openRoom();
    expect(await (await fetch(`${origin}/hello`)).text()).toBe('hello');
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/echo`, { origin });
    await once(socket, 'open');
    socket.send('there');
    const [data] = await once(socket, 'message');
    expect(String(data)).toBe('there');
    socket.terminate();
  });

  it('lists the pages that there are', async () => {
    const { origin } = await openRoom({ parts: [echo, { pages: { '/show': '/show.html' } }] });
    expect(await (await fetch(`${origin}/api/pages`)).json()).toEqual(['/show']);
    expect((await fetch(`${origin}/show`)).headers.get('content-type')).toContain('text/html');
  });

  it('refuses the socket of a page from elsewhere', async () => {
    const { origin } = await openRoom();
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/echo`, { origin: 'https://evil.example' });
    const [cause] = await once(socket, 'error');
    expect(String(cause)).toContain('403');
  });

  it('sends browsers to the login, programs a 401, and opens after the password', async () => {
    const { origin } = await openRoom({ password: 'correct horse' });
    const asPage = await fetch(`${origin}/hello`, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect([asPage.status, asPage.headers.get('location')]).toEqual([303, '/login']);
    expect((await fetch(`${origin}/hello`)).status).toBe(401);
    const login = await fetch(`${origin}/login`, {
      method: 'POST',
      body: new URLSearchParams({ password: 'correct horse' }),
      redirect: 'manual',
    });
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await fetch(`${origin}/hello`, { headers: { cookie } })).status).toBe(200);
    const open = await fetch(`${origin}/open/x`, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(open.status).toBe(201);
  });

  it('does not open to other machines without a password', async () => {
    await expect(openRoom({ host: '0.0.0.0' })).rejects.toMatchObject({ kind: 'bad-option' });
  });

  it('says that a port is taken, and takes another one when none was asked for', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(openRoom({ port })).rejects.toMatchObject({ kind: 'port-taken' });
    const [first, second] = [await openRoom({ port: undefined }), await openRoom({ port: undefined })];
    expect(first.port).not.toBe(second.port);
    blocker.close();
  });
});
