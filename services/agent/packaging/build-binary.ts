import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../shared/package-root.ts';
import { currentBundle } from './build-bundle.ts';

/** Where Node looks for the program inside itself (Node's documentation, "Single executable applications"). */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * `dist/rollcall-agent`: the agent inside a Node, by default the one that builds it, for hosts without one. It runs where that Node
 * does. Resolves to its path.
 */
export async function buildBinary(node: string = process.execPath): Promise<string> {
  const root = packageRoot();
  const bundle = await currentBundle();
  const file = join(root, 'dist', 'rollcall-agent');
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-sea-'));
  try {
    const [main, blob, config] = ['main.cjs', 'blob', 'sea.json'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    // The first line is for a shell: inside an executable it is no JavaScript.
    writeFileSync(main, readFileSync(bundle, 'utf8').replace(/^#![^\n]*\n/, ''));
    writeFileSync(config, JSON.stringify({ main, output: blob, disableExperimentalSEAWarning: true }));
    execFileSync(node, ['--experimental-sea-config', config], { stdio: ['ignore', 'ignore', 'inherit'] });
    copyFileSync(node, file);
    chmodSync(file, 0o755);
    const postject = join(root, 'node_modules', 'postject', 'dist', 'cli.js');
    execFileSync(process.execPath, [postject, file, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE], {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    return file;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
