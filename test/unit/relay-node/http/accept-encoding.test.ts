import { describe, expect, it } from 'vitest';
import { chooseCoding } from '../../../../relay-node/src/http/accept-encoding.js';

describe('the choice of a stored form', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0, gzip;q=0.0', 'identity'],
    ['*', 'br'],
    ['*;q=0', 'identity'],
    ['br;q=nonsense, gzip;q=1', 'gzip'],
    ['zstd', 'identity'],
    [';;;,,,q=', 'identity'],
  ])('for Accept-Encoding %s is %s', (header, coding) => {
    expect(chooseCoding(header, ['br', 'gzip', 'identity'])).toBe(coding);
  });

  it('never takes a form that is not stored', () => {
    expect(chooseCoding('br, gzip', ['identity'])).toBe('identity');
    expect(chooseCoding('br, gzip', ['gzip', 'identity'])).toBe('gzip');
  });
});
