import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { rolldown } from 'rolldown';
import { loadCatalog } from '../../shared/load-catalog.ts';
import { packageRoot, packageVersion } from '../../shared/package-root.ts';
import { EndOfLifeFile } from '../end-of-life.ts';

/** The agent is one file that an owner can look at and carry: 900 KB is what it may weigh. */
const MAX_BYTES = 900 * 1000;

/** `dist/rollcall-agent.cjs`: the agent, identification and catalogue in one file for Node 18 or newer. Resolves to its path. */
export async function buildBundle(): Promise<string> {
  const root = packageRoot();
  const file = join(root, 'dist', 'rollcall-agent.cjs');
  const bundle = await rolldown({
    input: join(root, 'services', 'agent', 'bundle-entry.ts'),
    platform: 'node',
    external: [/^node:/],
    transform: {
      target: 'node18',
      define: { ROLLCALL_CATALOGUE: JSON.stringify(packed(root)), ROLLCALL_VERSION: JSON.stringify(packageVersion()) },
    },
    logLevel: 'warn',
  });
  const { output } = await bundle.generate({
    format: 'cjs',
    codeSplitting: false,
    minify: true,
    comments: { legal: true },
  });
  await bundle.close();
  if (output.length !== 1) throw new Error('the bundle is more than one file');
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(file, `#!/usr/bin/env node\n${output[0].code}`, { mode: 0o755 });
  const { size } = statSync(file);
  if (size >= MAX_BYTES) throw new Error(`the bundle has ${size} bytes: over ${MAX_BYTES}`);
  return file;
}

/** The one file, made anew if it is older than the compiled program that makes it: each package begins with it. */
export async function currentBundle(): Promise<string> {
  const dist = join(packageRoot(), 'dist');
  const [file, program] = [join(dist, 'rollcall-agent.cjs'), join(dist, 'services', 'agent', 'packaging', 'build.js')];
  const isCurrent = existsSync(file) && existsSync(program) && statSync(file).mtimeMs >= statSync(program).mtimeMs;
  return isCurrent ? file : buildBundle();
}

/** The catalogue without what only its tests need: examples of what rules accept are kept, for canonical names come from them. */
function packed(root: string): string {
  const catalog = loadCatalog();
  const rules = catalog.rules.map((one) => ({ ...one, rules: one.rules.map((rule) => ({ ...rule, refuses: [] })) }));
  const endOfLife = EndOfLifeFile.parse(
    JSON.parse(readFileSync(join(root, 'schemas', 'catalog', 'end-of-life.json'), 'utf8')),
  );
  const text = JSON.stringify({ catalog: { ...catalog, rules }, endOfLife });
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).toString('base64');
}
