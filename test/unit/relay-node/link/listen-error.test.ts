import { describe, expect, it } from 'vitest';
import { listenErrorFrom } from '../../../../relay-node/src/link/listen-error.js';

const system = (code: string): Error => Object.assign(new Error(`listen ${code}`), { code });

describe('an error of listening', () => {
  it.each([
    ['EADDRINUSE', 'port-taken', 'Port 80 is already in use. Choose another with --port.'],
    [
      'EACCES',
      'port-denied',
      'Port 80 needs rights this user does not have. Choose one above 1023 with --port.',
    ],
    [
      'EADDRNOTAVAIL',
      'host-unknown',
      'x is not an address of this machine. Choose another with --host, or leave --host out.',
    ],
    ['EMFILE', 'listen-failed', 'Port 80 could not be opened (listen EMFILE). Choose another with --port.'],
  ])('says what %s means and what to do', (code, kind, message) => {
    const cause = system(code);
    const error = listenErrorFrom(cause, { host: 'x', port: 80 });
    expect(error).toMatchObject({ kind, message, cause });
  });
});
