import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildBinary } from './build-binary.ts';
import { buildBundle } from './build-bundle.ts';
import { buildDeb } from './build-deb.ts';
import { buildRpm } from './build-rpm.ts';
import { writeChecksums } from './checksums.ts';

/** `npm run agent:build | agent:binary | agent:deb | agent:rpm [-- --key FILE]`: the file, its checksum, its signature and the key that checks it. */
const BUILDERS: Readonly<Record<string, (node?: string) => Promise<string>>> = {
  bundle: () => buildBundle(),
  binary: buildBinary,
  deb: () => buildDeb(),
  rpm: () => buildRpm(),
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { key: { type: 'string' }, node: { type: 'string' } },
});
const build = BUILDERS[positionals[0] ?? ''];
if (build === undefined) throw new Error(`which: ${Object.keys(BUILDERS).join(', ')}`);
const file = await build(values.node);
for (const made of [file, ...writeChecksums(file, values.key)])
  process.stdout.write(`${made} (${statSync(made).size} bytes)\n`);
if (values.key === undefined)
  process.stdout.write(
    "signed by this checkout's own key; who publishes gives one that is kept elsewhere: -- --key FILE\n",
  );
