import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { assertBudgets, type Sizes, sizesOf } from './budgets.ts';

/** What the build is made from: any other content makes it stale. */
const SOURCES = ['services/console/app', 'services/console/build', 'package-lock.json'];
const STAMP = 'stamp.json';
/** Text is compressed once, here, as far as it goes; fonts are compressed already. */
const COMPRESSED = /\.(?:js|css|html|svg)$/;

export interface Built {
  readonly made: boolean;
  readonly sizes: Sizes;
}

/** Builds the console into `dist/console` when it is missing or older than its sources. Throws above the budget. */
export async function buildConsole(root: string): Promise<Built> {
  const folder = join(root, 'dist', 'console');
  const sources = digestOf(root);
  const known = stampOf(folder);
  if (known?.sources === sources) return { made: false, sizes: known.sizes };
  const fresh = `${folder}.${process.pid}`;
  try {
    await bundle(join(root, 'services/console/app'), fresh);
    const sizes = sizesOf(fresh);
    assertBudgets(sizes);
    compress(fresh);
    writeFileSync(join(fresh, STAMP), JSON.stringify({ sources, sizes }));
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return { made: true, sizes };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function stampOf(folder: string): { sources: string; sizes: Sizes } | undefined {
  const path = join(folder, STAMP);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function digestOf(root: string): string {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap((source) => filesIn(join(root, source))).sort())
    hash
      .update(`${relative(root, path)}\n`)
      .update(readFileSync(path))
      .update('\n');
  return hash.digest('hex');
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [path];
  }
}

async function bundle(root: string, outDir: string): Promise<void> {
  // Whoever builds, a test run too, gets what is shipped.
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  mkdirSync(outDir, { recursive: true });
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    base: '/',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    // Libraries that ask for React's names get Preact's.
    resolve: { alias: { react: 'preact/compat', 'react-dom': 'preact/compat' } },
    build: {
      outDir,
      emptyOutDir: true,
      target: ['chrome123', 'firefox120', 'safari17.5'],
      manifest: true,
      modulePreload: { polyfill: false },
      // A file in a data: address would need a looser policy.
      assetsInlineLimit: 0,
      cssCodeSplit: false,
    },
  });
}

function compress(folder: string): void {
  for (const path of filesIn(folder)) {
    if (!COMPRESSED.test(path)) continue;
    const bytes = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
}
