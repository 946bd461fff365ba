import { describe, expect, it } from 'vitest';
import { formatFinding, tidyFile } from '../../../scripts/tidy/rules.js';

/** The findings in a source, as `line rule`. */
const tidy = (path: string, ...lines: string[]): string[] =>
  tidyFile(path, `${lines.join('\n')}\n`).map(({ line, rule }) => `${line} ${rule}`);

const message = (path: string, ...lines: string[]): string =>
  tidyFile(path, `${lines.join('\n')}\n`)
    .map(formatFinding)
    .join('\n');

const lines = (count: number, line: string): string[] => Array.from({ length: count }, () => line);

describe('the core', () => {
  const CORE = 'proto/src/session/clock-sync.ts';

  it.each([
    'Date.now()',
    'new Date()',
    'Math.random()',
    'performance.now()',
    'setTimeout(f, 1)',
    'setInterval(f, 1)',
    'queueMicrotask(f)',
    'Promise.resolve()',
    'console.log(1)',
    'process.env',
    'crypto.subtle',
    'globalThis.crypto',
  ])('may not use %s', (expression) => {
    expect(tidy(CORE, `const x = ${expression};`)).toContain('1 core-purity');
  });

  it('may not be asynchronous', () => {
    expect(tidy(CORE, 'async function f() {', '  await g();', '}')).toEqual([
      '1 core-purity',
      '2 core-purity',
    ]);
    expect(tidy(CORE, 'type Later = Promise<number>;')).toEqual(['1 core-purity']);
  });

  it('is told the replacement along with the file and line', () => {
    expect(message(CORE, '', 'const now = Date.now();')).toBe(
      `${CORE}:2 [core-purity] Date: take a MonoMs or WallMs as an argument`,
    );
  });

  it('may use the same words as names of its own members, in comments and in strings', () => {
    const source = [
      "const x = { process: 'Date.now()' }.process;",
      '// Math.random() is banned',
      'f.crypto();',
    ];
    expect(tidy(CORE, ...source)).toEqual([]);
  });

  it('is the only code that the ban applies to', () => {
    expect(tidy('relay-node/src/clock.ts', 'export const now = () => Date.now();')).toEqual([]);
    expect(tidy('proto/src/wire/generated/wire.js', 'Date.now();')).toEqual([]);
  });
});

describe('unit tests and the simulator', () => {
  it.each(['test/unit/proto/a.test.ts', 'test/sim/world.ts'])('never wait for a real clock in %s', (path) => {
    expect(tidy(path, 'setTimeout(f, 1);', 'setInterval(f, 1);')).toEqual(['1 real-time', '2 real-time']);
    expect(tidy(path, "import * as timers from 'node:timers/promises';")).toEqual(['1 real-time']);
  });

  it('draw no number that a seed cannot repeat', () => {
    expect(tidy('test/sim/world.ts', 'const x = Math.random();')).toEqual(['1 real-time']);
  });

  it('are stricter than tests of real processes, which may wait', () => {
    expect(tidy('test/e2e/live.test.ts', 'setTimeout(f, 1);')).toEqual([]);
  });
});

describe('text anywhere', () => {
  // Put together, because the rule reads this file too.
  const note = ['TO', 'DO'].join('');
  const folder = ['', 'work', 'main', 'x.ts'].join('/');
  const host = ['registry', 'npmjs', 'org'].join('.');

  it.each(['README.md', 'proto/src/time.ts', 'biome.jsonc'])('carries no notes to self in %s', (path) => {
    expect(tidy(path, '', `// ${note}: later`)).toEqual(['2 note-to-self']);
  });

  it('names no path of one machine', () => {
    expect(tidy('README.md', `see ${folder}`)).toEqual(['1 machine-path']);
    expect(tidy('README.md', 'see /network/main and ./work/place and https://example.org/work/x')).toEqual(
      [],
    );
  });

  it('names no package registry', () => {
    expect(tidy('package-lock.json', `"resolved": "https://${host}/x.tgz"`)).toEqual(['1 registry-host']);
    expect(tidy('relay-node/src/metrics.ts', 'registry.metrics.size;')).toEqual([]);
  });
});

describe('syntax', () => {
  const PATH = 'viewer/src/player.ts';

  it.each([
    ['let x: any;', 'any'],
    ['const x = y as any;', 'any'],
    ['export default 1;', 'default-export'],
    ['export default function f() {}', 'default-export'],
    ["export { x as default } from './x.js';", 'default-export'],
    ['enum Colour { Red }', 'enum'],
    ['try { f(); } catch {}', 'empty-catch'],
    ['try { f(); } catch (error) { }', 'empty-catch'],
  ])('refuses %s', (source, rule) => {
    expect(tidy(PATH, source)).toEqual([`1 ${rule}`]);
  });

  it('accepts a catch that says why the error may be ignored', () => {
    expect(tidy(PATH, 'try {', '  f();', '} catch {', '  // The socket is closed already.', '}')).toEqual([]);
  });

  it('accepts a switch with a default clause and the default export of a configuration', () => {
    expect(tidy(PATH, 'switch (x) {', '  default:', '    f();', '}')).toEqual([]);
    expect(tidy('vitest.config.ts', 'export default {};')).toEqual([]);
  });

  it('accepts only the expect-error directive, and only with its reason', () => {
    const directive = (rest: string): string => ['// @ts', rest].join('-');
    expect(tidy(PATH, directive('ignore'))).toEqual(['1 compiler-directive']);
    expect(tidy(PATH, directive('expect-error'))).toEqual(['1 compiler-directive']);
    expect(tidy(PATH, directive('expect-error: the brand must refuse a bare number'))).toEqual([]);
  });

  it.each(['it.only', 'describe.skip', 'test.todo', 'it.skip.each([1])', 'it.each([1]).skip'])(
    'refuses %s in a test',
    (call) => {
      expect(tidy('test/unit/proto/a.test.ts', `${call}('x', f);`)).toEqual(['1 muted-test']);
    },
  );

  it('leaves methods of the same name on other objects alone', () => {
    expect(tidy('test/unit/proto/a.test.ts', 'reader.skip(4);')).toEqual([]);
  });
});

describe('shape', () => {
  it('limits a file to 600 lines, tests too, generated code apart', () => {
    expect(tidy('viewer/src/player.ts', ...lines(600, '//'))).toEqual([]);
    expect(tidy('viewer/src/player.ts', ...lines(601, '//'))).toEqual(['601 file-length']);
    expect(tidy('test/unit/viewer/player.test.ts', ...lines(601, '//'))).toEqual(['601 file-length']);
    expect(tidy('proto/src/wire/generated/wire.js', ...lines(601, '//'))).toEqual([]);
  });

  it('limits a function to 70 lines', () => {
    const body = (count: number): string[] => ['function step() {', ...lines(count - 2, '  f();'), '}'];
    expect(tidy('viewer/src/player.ts', ...body(70))).toEqual([]);
    expect(message('viewer/src/player.ts', ...body(71))).toContain('step has 71 lines: at most 70');
  });

  it('does not count a group of tests as a function', () => {
    const group = ['describe("x", () => {', '  it("y", () => {});', ...lines(80, ''), '});'];
    expect(tidy('test/unit/viewer/player.test.ts', ...group)).toEqual([]);
    expect(tidy('viewer/src/player.ts', ...group)).toEqual(['1 function-length']);
  });

  it.each(['utils', 'helper', 'misc', 'common.test'])('refuses the name %s', (name) => {
    expect(tidy(`viewer/src/${name}.ts`, '')).toEqual(['1 vague-name']);
  });

  it('wants kebab-case for code, and leaves documents alone', () => {
    expect(tidy('viewer/src/frameMeter.ts', '')).toEqual(['1 file-name']);
    expect(tidy('viewer/src/Playback/meter.ts', '')).toEqual(['1 file-name']);
    expect(tidy('test/contract/link.contract.ts', '')).toEqual([]);
    expect(tidy('CHANGELOG.md', '')).toEqual([]);
  });

  it('allows three folders below src', () => {
    expect(tidy('viewer/src/a/b/c/x.ts', '')).toEqual([]);
    expect(tidy('viewer/src/a/b/c/d/x.ts', '')).toEqual(['1 folder-depth']);
  });
});

describe('imports', () => {
  const imports = (path: string, specifier: string): string[] =>
    tidy(path, `import { x } from '${specifier}';`);

  it.each([
    ['broadcaster/src/main.ts', '@freshet/relay-node'],
    ['broadcaster/src/main.ts', '@freshet/proto'],
    ['relay-node/src/relay.ts', '@freshet/proto'],
    ['viewer/src/viewer.ts', '@freshet/proto'],
    ['viewer/src/app/main.ts', '../link/ws-link.js'],
    ['scripts/simulate.ts', '../test/sim/world.js'],
    ['scripts/simulate.ts', '../proto/src/prng.js'],
    ['test/unit/viewer/a.test.ts', '@freshet/viewer/app'],
  ])('lets %s import %s', (path, specifier) => {
    expect(imports(path, specifier)).toEqual([]);
  });

  it.each([
    ['proto/src/index.ts', '@freshet/viewer', 'no other package'],
    ['relay-node/src/relay.ts', '@freshet/broadcaster', 'only proto'],
    ['relay-node/src/relay.ts', '@freshet/viewer/app', 'only proto'],
    ['viewer/src/viewer.ts', '@freshet/relay-node', 'only proto'],
    ['broadcaster/src/main.ts', '@freshet/viewer', 'only relay-node and proto'],
    ['broadcaster/src/main.ts', '@freshet/proto/src/prng.js', "the package's entry"],
    ['test/unit/proto/a.test.ts', '@freshet/proto/dist/prng.js', "the package's entry"],
    ['proto/src/index.ts', '@freshet/proto', 'relatively'],
    ['viewer/src/viewer.ts', '../../proto/src/prng.js', 'import @freshet/proto instead'],
    ['viewer/src/viewer.ts', '../../scripts/build.mjs', 'leaves the package viewer'],
    ['test/unit/proto/a.test.ts', '../../../proto/dist/prng.js', 'built output'],
  ])('does not let %s import %s', (path, specifier, reason) => {
    expect(imports(path, specifier)).toEqual(['1 import']);
    expect(message(path, `export * from '${specifier}';`)).toContain(reason);
  });

  it.each(["await import('@freshet/viewer');", "type X = import('@freshet/viewer').X;"])(
    'sees %s',
    (source) => {
      expect(tidy('relay-node/src/relay.ts', source)).toEqual(['1 import']);
    },
  );

  it('lets the relay find the built page as a file', () => {
    expect(tidy('relay-node/src/page.ts', "import.meta.resolve('@freshet/viewer/page/index.html');")).toEqual(
      [],
    );
  });
});

describe('the lockfile', () => {
  const lockfile = (...locked: string[]): string =>
    JSON.stringify({
      packages: {
        'node_modules/linter': { optionalDependencies: { '@linter/linux': '1', '@linter/mac': '1' } },
        ...Object.fromEntries(locked.map((path) => [path, {}])),
      },
    });

  // npm ci compares the file with the tree it would build, and stops at the first difference.
  it('holds every optional package that a locked one names', () => {
    expect(message('package-lock.json', lockfile('node_modules/@linter/linux'))).toContain(
      '@linter/mac: not locked',
    );
    expect(message('package-lock.json', lockfile())).toContain('@linter/linux: not locked');
  });

  it('may hold them above or inside the package that asks', () => {
    const complete = lockfile('node_modules/@linter/linux', 'node_modules/linter/node_modules/@linter/mac');
    expect(tidy('package-lock.json', complete)).toEqual([]);
  });
});
