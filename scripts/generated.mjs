/** Puts the generated codecs where compiled code looks for them. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { ROOT } from './tool.mjs';

/**
 * Copies the `generated` codecs below `proto/src` (`*.js`, `*.d.ts`) into `proto/dist`: the compiler leaves them.
 * Unchanged files keep their time, so that nothing downstream rebuilds.
 */
export const copyGenerated = (root = ROOT) => {
  const source = join(root, 'proto', 'src');
  for (const name of readdirSync(source, { recursive: true })) {
    if (!name.split(sep).includes('generated') || !/\.(js|d\.ts)$/.test(name)) continue;
    const target = join(root, 'proto', 'dist', name);
    const bytes = readFileSync(join(source, name));
    if (existsSync(target) && readFileSync(target).equals(bytes)) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
};
