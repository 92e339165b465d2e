import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes after gzip. First: what the Overview needs, its style too; all: every script and style there is. */
export interface Sizes {
  readonly first: number;
  readonly all: number;
}
export const BUDGETS: Sizes = { first: 100_000, all: 250_000 };
const FIRST_ROUTE = ['index.html', 'pages/overview.tsx'];

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}
type Manifest = Readonly<Record<string, Chunk>>;

export function sizesOf(folder: string): Sizes {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;
  const size = (files: ReadonlySet<string>) =>
    [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length, 0);
  const first = new Set(FIRST_ROUTE.flatMap((entry) => filesOf(entry, manifest)));
  const all = new Set(Object.values(manifest).flatMap(({ file, css = [] }) => [file, ...css]));
  const style = [...all].filter((file) => file.endsWith('.css'));
  return {
    first: size(new Set([...first, ...style])),
    all: size(new Set([...all].filter((file) => /\.(?:js|css)$/.test(file)))),
  };
}

function filesOf(entry: string, manifest: Manifest, seen = new Set<string>()): string[] {
  const chunk = manifest[entry];
  if (!chunk || seen.has(entry)) return [];
  seen.add(entry);
  return [chunk.file, ...(chunk.css ?? []), ...(chunk.imports ?? []).flatMap((one) => filesOf(one, manifest, seen))];
}

/** Throws above the budget: what everybody must load before they see a number is kept small on purpose. */
export function assertBudgets(sizes: Sizes, budgets: Sizes = BUDGETS): void {
  const over = (['first', 'all'] as const).filter((what) => sizes[what] > budgets[what]);
  if (over.length === 0) return;
  const words = over.map((what) => `${what} ${sizes[what]} of ${budgets[what]} bytes`);
  throw new Error(`the console is too large: ${words.join(', ')} (gzip)`);
}
