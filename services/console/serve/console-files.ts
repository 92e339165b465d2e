import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

/** One file of the built console, as it is and compressed beforehand. */
export interface ConsoleFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly br: Buffer | undefined;
  readonly gzip: Buffer | undefined;
}

export interface ConsoleFiles {
  /** The page that every address of the console is. */
  readonly page: string;
  /** Hashed files by their name under `/assets/`. */
  readonly assets: ReadonlyMap<string, ConsoleFile>;
  /** The address of the style, for pages that have no script. */
  readonly style: string;
  readonly icon: string;
}

/** Reads what the build left; undefined when there was no build. All of it is under a megabyte and stays in memory. */
export function readConsoleFiles(folder: string): ConsoleFiles | undefined {
  const path = join(folder, 'index.html');
  if (!existsSync(path)) return undefined;
  const assets = join(folder, 'assets');
  const names = readdirSync(assets).filter((name) => !/\.(?:br|gz)$/.test(name));
  const addressOf = (ending: string) => `/assets/${names.find((name) => name.endsWith(ending)) ?? ''}`;
  return {
    page: readFileSync(path, 'utf8'),
    assets: new Map(names.map((name) => [name, fileOf(join(assets, name))])),
    style: addressOf('.css'),
    icon: addressOf('.svg'),
  };
}

function fileOf(path: string): ConsoleFile {
  const other = (ending: string) => (existsSync(path + ending) ? readFileSync(path + ending) : undefined);
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  return { type, plain: readFileSync(path), br: other('.br'), gzip: other('.gz') };
}
