import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * Packages that are loaded as they were installed: they have native code or find files beside their own, or are loaded by few
 * starts. All others are many files of which little is used.
 */
const AS_INSTALLED = [
  'chdb',
  'lmdb',
  'fs-native-extensions',
  'kafkajs',
  'bullmq',
  'ioredis',
  'openid-client',
  'hyparquet-writer',
  'rolldown',
  'vite',
  'postject',
];

/**
 * `dist/services/program`: the compiled program in a few files, because node takes most of a start to find and read some
 * five hundred. What a command works with stays a file of its own, loaded when it runs. Names have no digest: a server
 * that runs while its files are made anew still finds what it has yet to load.
 */
export async function buildProgram(root: string): Promise<void> {
  const folder = join(root, 'dist', 'services', 'program');
  const bundle = await rolldown({
    input: join(root, 'dist', 'services', 'cli', 'rollcall.js'),
    platform: 'node',
    external: isExternal,
    logLevel: 'warn',
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
  });
  await bundle.close();
  const written = new Set(output.map(({ fileName }) => fileName));
  for (const name of readdirSync(folder)) if (!written.has(name)) rmSync(join(folder, name));
}

function isExternal(specifier: string): boolean {
  return (
    specifier.startsWith('node:') || AS_INSTALLED.some((name) => specifier === name || specifier.startsWith(`${name}/`))
  );
}
