import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Tests run against the TypeScript sources, so a change is seen without a build. */
const alias = {
  '@freshet/proto': source('./proto/src/index.ts'),
  '@freshet/relay-node': source('./relay-node/src/index.ts'),
  '@freshet/broadcaster': source('./broadcaster/src/index.ts'),
  '@freshet/viewer/app': source('./viewer/src/app/index.ts'),
  '@freshet/viewer': source('./viewer/src/index.ts'),
};

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'core',
          include: ['test/{unit,sim,fuzz}/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: ['test/{contract,e2e}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
