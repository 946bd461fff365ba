/** The log's lines, and what they do not tell about people. */

import { describe, expect, it } from 'vitest';
import { createAddressRedactor } from '../../../../relay-node/src/log/address-redactor.js';
import { createLog, LOG_CHARS_MAX, type LogOptions } from '../../../../relay-node/src/log/log.js';

const NOON_MS = Date.UTC(2030, 0, 2, 12);

const linesOf = (
  options: Partial<LogOptions>,
  use: (log: ReturnType<typeof createLog>) => void,
): string[] => {
  const lines: string[] = [];
  const nowMs = (): number => NOON_MS;
  use(
    createLog({
      format: 'text',
      level: 'info',
      nowMs,
      redact: (text) => text,
      write: (line) => lines.push(line),
      ...options,
    }),
  );
  return lines;
};

describe('the log', () => {
  it('writes a line with time, level, message and fields', () => {
    const lines = linesOf({}, (log) =>
      log('warn', 'The parent is lost.', { code: 1006, why: 'no answer', ok: false }),
    );
    expect(lines).toEqual([
      '2030-01-02T12:00:00.000Z warn  The parent is lost. code=1006 why="no answer" ok=false\n',
    ]);
  });

  it('writes one JSON object a line, whose own fields nobody can replace', () => {
    const [line = ''] = linesOf({ format: 'json' }, (log) => log('error', 'x', { level: 'debug', n: 1 }));
    expect(JSON.parse(line)).toEqual({
      time: '2030-01-02T12:00:00.000Z',
      level: 'error',
      message: 'x',
      n: 1,
    });
  });

  it('leaves out what is less important than wanted', () => {
    const lines = linesOf({ level: 'warn' }, (log) => {
      for (const level of ['debug', 'info', 'warn', 'error'] as const) log(level, level);
    });
    expect(lines).toHaveLength(2);
  });

  it('never lets a text from the network make a line of its own, move the cursor or grow without end', () => {
    const text = `a\n2030 error forged\r\u001b[2J\u2028${'x'.repeat(LOG_CHARS_MAX * 2)}`;
    for (const format of ['text', 'json'] as const) {
      const [line = ''] = linesOf({ format }, (log) => log('info', text, { path: text }));
      expect(line.match(/\n/g)).toHaveLength(1);
      expect(line).not.toContain('\u001b');
      expect(line.length).toBeLessThan(LOG_CHARS_MAX * 2 + 300);
    }
  });
});

describe('addresses in the log', () => {
  const redactorAt = (clock: { nowMs: number }): ((text: string) => string) => {
    let keyCount = 0;
    return createAddressRedactor({
      nowMs: () => clock.nowMs,
      createKey: () => {
        keyCount += 1;
        return new Uint8Array(32).fill(keyCount);
      },
    });
  };

  it('of people are one word for a day, and another on the next', () => {
    const clock = { nowMs: NOON_MS };
    const redact = redactorAt(clock);
    const first = redact('from 198.51.100.7 and 198.51.100.8, again 198.51.100.7');
    expect(first).not.toContain('198.51');
    const [a, b, c] = first.match(/ip-[\w-]{10}/g) ?? [];
    expect([a === c, a === b]).toEqual([true, false]);
    clock.nowMs += 24 * 60 * 60 * 1_000;
    expect(redact('from 198.51.100.7')).not.toBe(`from ${a}`);
  });

  it('are found in every spelling', () => {
    const redact = redactorAt({ nowMs: NOON_MS });
    for (const address of [
      '2001:db8::1',
      '2001:DB8:0:0:0:0:0:1',
      '::ffff:198.51.100.7',
      'fe80::1:2:3',
      '198.51.100.255',
    ])
      for (const text of [address, `(${address})`, `from ${address}, port 9`, `a=${address}`])
        expect({ text, isThere: redact(text).includes(address) }).toEqual({ text, isThere: false });
  });

  it('are looked for in a time that grows with the text and no faster', () => {
    const redact = redactorAt({ nowMs: NOON_MS });
    const measure = (text: string): number => {
      const startedAt = performance.now();
      redact(text);
      return performance.now() - startedAt;
    };
    for (const part of ['a:', ':', '1.', '1.1.1.', 'ffff:ffff:', '::1.1.1.'])
      expect({ part, isQuick: measure(part.repeat(1_000)) < 1_000 }).toEqual({ part, isQuick: true });
  });

  it('of this machine, of relays in links, and what only looks like one stay as they are', () => {
    const redact = redactorAt({ nowMs: NOON_MS });
    for (const text of [
      'listening on 127.0.0.1 and ::1 and 0.0.0.0',
      'parent https://198.51.100.7:443/watch/fr1abc is lost',
      'ffmpeg 5.1.9.2.1, version 1.2.3, at 12:30:45',
      'Port 8080 is already in use.',
      'a 999.1.1.1 b',
    ])
      expect(redact(text)).toBe(text);
  });
});
