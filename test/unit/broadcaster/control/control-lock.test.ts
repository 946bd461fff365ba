import { describe, expect, it } from 'vitest';
import {
  ControlLock,
  LOGINS_MAX,
  TRIES_MAX,
  TRY_EVERY_MS,
} from '../../../../broadcaster/src/control/control-lock.js';

const request = (headers: Record<string, string>, method = 'GET') => ({
  method,
  header: (name: string) => headers[name],
});
const local = 'localhost:8180';

/** What a browser keeps of a Set-Cookie value. */
const kept = (login: ReturnType<ControlLock['login']>): string =>
  login.kind === 'in' ? (login.cookie.split(';')[0] ?? '') : '';

describe('the lock of a control room without a password', () => {
  const lock = new ControlLock(undefined, () => 0);

  it('opens to this machine under each of its names', () => {
    for (const host of [local, '127.0.0.1:8180', '[::1]:8180', 'LOCALHOST'])
      expect(lock.judge(request({ host }))).toBe('open');
  });

  it('refuses a name of somebody else that points here', () => {
    for (const host of ['evil.example:8180', '', '192.168.1.5:8180', 'localhost.evil.example'])
      expect(lock.judge(request({ host }))).toBe('foreign');
  });

  it('refuses changes and sockets that a page from elsewhere asks for', () => {
    const foreign = { host: local, origin: 'https://evil.example' };
    expect(lock.judge(request(foreign, 'POST'))).toBe('foreign');
    expect(lock.judge(request(foreign), true)).toBe('foreign');
    expect(lock.judge(request({ host: local, origin: 'null' }, 'DELETE'))).toBe('foreign');
  });

  it('takes changes from its own pages and from programs', () => {
    expect(lock.judge(request({ host: local, origin: `http://${local}` }, 'POST'))).toBe('open');
    expect(lock.judge(request({ host: local }, 'POST'))).toBe('open');
  });

  it('lets nobody in by an empty password', () => {
    expect(lock.login('', false).kind).toBe('wrong');
  });
});

describe('the lock of a control room with a password', () => {
  const host = 'studio.example';

  it('asks for it, and opens to whoever typed it', () => {
    const lock = new ControlLock('correct horse', () => 0);
    expect(lock.judge(request({ host }))).toBe('login');
    expect(lock.login('correct', false).kind).toBe('wrong');
    const cookie = kept(lock.login('correct horse', true));
    expect(lock.judge(request({ host, cookie: `other=1; ${cookie}` }))).toBe('open');
    expect(lock.judge(request({ host, cookie: `${cookie}x` }))).toBe('login');
  });

  it('keeps the cookie from scripts, other sites and, behind TLS, plain connections', () => {
    const lock = new ControlLock('correct horse', () => 0);
    const login = lock.login('correct horse', true);
    expect(login).toMatchObject({ kind: 'in' });
    expect(login.kind === 'in' && login.cookie).toMatch(/HttpOnly; SameSite=Strict; Secure$/);
  });

  it('makes guessing slow, the right guess included', () => {
    let now = 0;
    const lock = new ControlLock('correct horse', () => now);
    for (let i = 0; i < TRIES_MAX; i++) expect(lock.login('wrong', false).kind).toBe('wrong');
    expect(lock.login('correct horse', false).kind).toBe('later');
    now += TRY_EVERY_MS;
    expect(lock.login('correct horse', false).kind).toBe('in');
  });

  it('forgets the oldest login when there are too many', () => {
    const lock = new ControlLock('correct horse', () => 0);
    const first = kept(lock.login('correct horse', false));
    for (let i = 1; i < LOGINS_MAX; i++) lock.login('correct horse', false);
    expect(lock.judge(request({ host, cookie: first }))).toBe('open');
    lock.login('correct horse', false);
    expect(lock.judge(request({ host, cookie: first }))).toBe('login');
  });
});
