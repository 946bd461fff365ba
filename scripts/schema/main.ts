/** The `gen-proto` command: compiles `proto/schema` into the codecs below `proto/src/wire/generated`. */

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { findWideFields, finishCode, finishDeclarations } from './declarations.js';

const USAGE = `Usage: node scripts/gen-proto.mjs [--check] [--schema FOLDER] [--out FOLDER]

Compiles proto/schema/*.proto into proto/src/wire/generated: freshet.proto into wire.js and wire.d.ts, another NAME.proto
into NAME.js and NAME.d.ts.

  --check          write nothing; fail when the committed files differ from a fresh generation
  --schema FOLDER  read other schemas
  --out FOLDER     write elsewhere
  --help           show this text`;

const CODEC_FLAGS = [
  ...['-t', 'static-module', '-w', 'es6', '--force-number'],
  ...['--no-create', '--no-verify', '--no-convert', '--no-delimited', '--no-typeurl', '--no-service'],
];

/** Where the tools of protobufjs-cli are: file paths of its `pbjs` and `pbts`. */
export type SchemaTools = { readonly pbjs: string; readonly pbts: string };

type Codec = { readonly name: string; readonly text: string };

const run = (tool: string, args: readonly string[]): void => {
  execFileSync(process.execPath, [tool, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
};

/** Each file has a root of its own: in a common one, the namespace of the last would replace the others. */
const generate = (path: string, schemaFolder: string, tools: SchemaTools): Codec[] => {
  const scratch = mkdtempSync(join(tmpdir(), 'freshet-schema-'));
  const schema = basename(path, '.proto');
  const name = schema === 'freshet' ? 'wire' : schema;
  try {
    const code = join(scratch, 'wire.js');
    const declarations = join(scratch, 'wire.d.ts');
    const root = schema === 'freshet' ? schema : `freshet-${schema}`;
    run(tools.pbjs, [...CODEC_FLAGS, '--root', root, '-p', schemaFolder, '-o', code, path]);
    run(tools.pbts, ['-o', declarations, code]);
    return [
      { name: `${name}.js`, text: finishCode(readFileSync(code, 'utf8')) },
      { name: `${name}.d.ts`, text: finishDeclarations(readFileSync(declarations, 'utf8')) },
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const reportWideFields = (schemas: readonly string[], root: string): boolean => {
  let found = false;
  for (const path of schemas) {
    for (const field of findWideFields(readFileSync(path, 'utf8'))) {
      found = true;
      console.error(
        `${relative(root, path)}:${field.line} ${field.type}: use uint32, or double for up to 2^53`,
      );
    }
  }
  return found;
};

/** Runs the command and returns its exit code; errors are printed, one sentence each. */
export const main = (args: string[], root: string, tools: SchemaTools): number => {
  const { values } = parseArgs({
    args,
    options: {
      check: { type: 'boolean', default: false },
      schema: { type: 'string', default: join(root, 'proto', 'schema') },
      out: { type: 'string', default: join(root, 'proto', 'src', 'wire', 'generated') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const names = existsSync(values.schema) ? readdirSync(values.schema) : [];
  const schemas = names.filter((name) => name.endsWith('.proto')).sort();
  if (schemas.length === 0) {
    console.error(`No .proto file in ${values.schema}: nothing to generate.`);
    return 1;
  }
  const paths = schemas.map((name) => join(values.schema, name));
  if (reportWideFields(paths, root)) return 1;
  let isStale = false;
  for (const codec of paths.flatMap((path) => generate(path, values.schema, tools))) {
    const target = join(values.out, codec.name);
    if (existsSync(target) && readFileSync(target, 'utf8') === codec.text) continue;
    if (values.check) {
      isStale = true;
      console.error(`${relative(root, target)} is not what the schema generates: run "npm run gen-proto".`);
    } else {
      mkdirSync(values.out, { recursive: true });
      writeFileSync(target, codec.text);
      console.log(`wrote ${relative(root, target)}`);
    }
  }
  return isStale ? 1 : 0;
};
