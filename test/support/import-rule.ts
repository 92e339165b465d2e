import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';

/**
 * The import rule, and where time, randomness and the environment may be read. (That no imports go in a circle is
 * biome's noImportCycles.)
 *
 * `schemas <- core <- identify <- ports <- adapters`; services import ports, http, identify, core, shared and schemas, never
 * each other and never an adapter; http knows no port; only compose/ and cli/ see adapters and several services. Types count too.
 * Ports are types and nothing else.
 */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** Paths from the root, with `/`, and their texts. */
export type Tree = ReadonlyMap<string, string>;

type Part =
  | ('schemas' | 'core' | 'identify' | 'ports' | 'adapters' | 'http' | 'shared' | 'composition' | 'main' | 'outside')
  | 'console app'
  | `service ${string}`;

/** What each part may import beside itself. Services are not listed: they have a rule of their own. */
const MAY_IMPORT: Readonly<Record<string, readonly Part[]>> = {
  schemas: [],
  core: ['schemas'],
  identify: ['core', 'schemas'],
  ports: ['identify', 'core', 'schemas'],
  adapters: ['ports', 'identify', 'core', 'shared', 'schemas'],
  http: ['core', 'shared', 'schemas'],
  shared: ['identify', 'core', 'schemas'],
  main: ['composition'],
  // What runs in a browser takes shapes from schemas, as types, and nothing else of the product.
  'console app': ['schemas'],
};
const SERVICES_MAY_IMPORT: readonly Part[] = ['ports', 'http', 'identify', 'core', 'shared', 'schemas'];
/** These speak to the product over HTTP alone. */
const WITHOUT_PORTS: readonly Part[] = ['service agent', 'service simulator'];

/** What the operating system starts: it loads the CLI and nothing else. */
const CLI_MAIN = 'services/main.cts';

const PACKAGES_OF_SCHEMAS = ['zod'];

/** A declaration that is still there when types are taken away. */
const VALUE = /^(?:export\s+)?(?:default\b|(?:async\s+)?(?:const|let|var|function|class|enum|abstract)\b)/gm;

/** A word of the code, the only files that may hold it, and what it is called. */
const RESERVED: readonly { readonly code: RegExp; readonly files: readonly string[]; readonly what: string }[] = [
  {
    code: /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\s*(?:\?\.)?\s*\[|\benv\b[^;=]*\}\s*=\s*process\b|\bimport\s*\{[^}]*\benv\b[^}]*\}\s*from\b/g,
    files: [
      'services/shared/config.ts',
      'services/cli/rollcall.ts',
      'services/agent/bundle-entry.ts',
      'services/console/build/build-console.ts',
      CLI_MAIN,
    ],
    what: 'reads the environment',
  },
  {
    code: /\bDate\s*(?:\?\.|\.)\s*now\b|\bDate\s*\[|\bnew\s+(?:globalThis\s*\.\s*)?Date\b(?!\s*\(\s*[^\s)])|(?<!\bnew\s+|[.\w$])Date\s*\(|\}\s*=\s*Date\b/g,
    files: ['services/shared/clock.ts', 'services/console/app/lib/clock.ts'],
    what: 'reads the clock',
  },
  {
    code: /\bMath\s*(?:\?\.|\.)\s*random\b|\bMath\s*\[|\brandom\b[^;=]*\}\s*=\s*Math\b|\brandom(?:Bytes|Fill|FillSync|Int|UUID)\b|\bgetRandomValues\b|\b(?:webC|c)rypto\s*(?:\?\.)?\s*\[/g,
    files: ['services/shared/random.ts'],
    what: 'draws random numbers',
  },
  {
    code: /\bgenerate(?:Key|Prime)\w*/g,
    files: ['services/releases/files/signing-key.ts', 'services/agent/packaging/signing-key.ts'],
    what: 'makes a key',
  },
];

/** Every breach of the rule in the tree, by file and line. */
export function importViolations(tree: Tree): Violation[] {
  return [...tree.keys()].sort().flatMap((file) => violationsOf(file, tree.get(file) as string));
}

/** The product's own TypeScript: schemas and services. */
export function readTree(root: string): Tree {
  const tree = new Map<string, string>();
  for (const folder of ['schemas', 'services'])
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      const file = posix.join(folder, entry.replaceAll('\\', '/'));
      if (/\.[cm]?tsx?$/.test(file)) tree.set(file, readFileSync(join(root, file), 'utf8'));
    }
  return tree;
}

function violationsOf(file: string, text: string): Violation[] {
  const from = partOf(file);
  const { code, strings } = mask(text);
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const found: Violation[] = [];
  if (from === 'outside') found.push({ file, line: 1, reason: 'belongs to no part of the product' });
  for (const { offset, specifier, types } of importsOf(code, strings)) {
    const reason =
      specifier === undefined ? 'imports what is only known at run time' : breach(file, from, specifier, types);
    if (reason) found.push({ file, line: lineOf(offset), reason });
  }
  if (from === 'ports')
    for (const match of code.matchAll(VALUE)) found.push({ file, line: lineOf(match.index), reason: NO_VALUES });
  for (const { code: pattern, files, what } of RESERVED)
    if (!files.includes(file))
      for (const match of code.matchAll(pattern)) found.push({ file, line: lineOf(match.index), reason: what });
  return found.sort((a, b) => a.line - b.line);
}

const NO_VALUES = 'is more than a type, in a port';

/** Which part of the product a path belongs to. */
function partOf(file: string): Part {
  if (file === CLI_MAIN) return 'main';
  const [top, second, ...deeper] = file.split('/');
  if (top === 'schemas') return 'schemas';
  if (top !== 'services' || second === undefined) return 'outside';
  if (deeper.length === 0) return 'outside';
  // The commands of the CLI put services together, as the files that compose do; `program` is what the build makes of both.
  if (second === 'cli' || second === 'compose' || second === 'program') return 'composition';
  if (second === 'console' && deeper[0] === 'app') return 'console app';
  return isLayer(second) ? second : `service ${second}`;
}

function isLayer(folder: string): folder is Extract<Part, string> & (typeof LAYERS)[number] {
  return (LAYERS as readonly string[]).includes(folder);
}
const LAYERS = ['core', 'identify', 'ports', 'adapters', 'http', 'shared'] as const;

/** Why `file` may not import `specifier`, or undefined. */
function breach(file: string, from: Part, specifier: string, types: boolean): string | undefined {
  if (!specifier.startsWith('.')) return packageBreach(from, specifier);
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  const to = partOf(target);
  if (to === 'outside') return `imports ${target}, which is no part of the product`;
  if (to === from || from === 'composition') return undefined;
  if (from === 'console app' && to === 'schemas' && !types) return 'console app imports more than types of schemas';
  const allowed = MAY_IMPORT[from] ?? SERVICES_MAY_IMPORT;
  if (allowed.includes(to) && !(to === 'ports' && WITHOUT_PORTS.includes(from))) return undefined;
  return `${from} imports ${to}`;
}

function packageBreach(from: Part, specifier: string): string | undefined {
  if (specifier.startsWith('/') || specifier.startsWith('file:') || specifier.startsWith('#'))
    return 'imports by an address that is no relative path';
  if (from !== 'schemas') return undefined;
  const name = specifier.split('/')[0] as string;
  if (PACKAGES_OF_SCHEMAS.includes(name)) return undefined;
  const kind = specifier.startsWith('node:') || builtinModules.includes(name) ? 'a module of Node' : 'a package';
  return `schemas imports ${kind} other than ${PACKAGES_OF_SCHEMAS.join(', ')}`;
}

/** Specifiers of `import … from`, `export … from`, `import '…'`, `import('…')` and `require('…')`. */
function importsOf(code: string, strings: ReadonlyMap<number, string>) {
  const found: { offset: number; specifier: string | undefined; types: boolean }[] = [];
  const add = (offset: number, opening: number, types = false) =>
    found.push({ offset, specifier: strings.get(opening), types });
  for (const match of code.matchAll(/\b(?:import|export)\b(?!\s*[.(=])[^'"`;()]*?(?=['"])/g)) {
    const opening = match.index + match[0].length;
    if (/^import\s*$|\bfrom\s*$/.test(match[0])) add(match.index, opening, /^\w+\s+type\b/.test(match[0]));
  }
  for (const match of code.matchAll(/(?<![.\w$])(?:import|require)\s*\(\s*/g)) {
    if (/\b(?:function|get|set)\s+$/.test(code.slice(0, match.index))) continue;
    add(match.index, match.index + match[0].length);
  }
  return found;
}

/**
 * The text with comments and the contents of strings and regular expressions blanked, every offset kept, and the
 * strings by the offset of their opening quote. Code inside `${}` of a template stays.
 */
function mask(text: string): { code: string; strings: ReadonlyMap<number, string> } {
  const strings = new Map<number, string>();
  const code = text.split('');
  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (code[i] !== '\n') code[i] = ' ';
  };
  /** Depth of braces inside each template that is open around the current position. */
  const templates: number[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text[at] as string;
    const two = text.slice(at, at + 2);
    let end = at + 1;
    if (two === '//' || (at === 0 && two === '#!')) {
      end = endOr(text.indexOf('\n', at), text);
      blank(at, end);
    } else if (two === '/*') {
      end = endOr(text.indexOf('*/', at + 2), text, 2);
      blank(at, end);
    } else if (rest === '"' || rest === "'") {
      end = endOfString(text, at, rest);
      strings.set(at, text.slice(at + 1, end - 1));
      blank(at + 1, end - 1);
    } else if (rest === '/' && beginsRegex(code, at)) {
      end = endOfRegex(text, at);
      blank(at + 1, end - 1);
    } else if (rest === '`' || (rest === '}' && templates.at(-1) === 0)) {
      if (rest === '}') templates.pop();
      end = endOfTemplate(text, at + 1);
      if (rest === '`' && text[end - 1] === '`') strings.set(at, text.slice(at + 1, end - 1));
      if (text[end - 1] === '{') {
        templates.push(0);
        blank(at + 1, end - 2);
      } else blank(at + 1, end - 1);
    } else if (templates.length > 0 && (rest === '{' || rest === '}')) {
      templates[templates.length - 1]! += rest === '{' ? 1 : -1;
    }
    at = end;
  }
  return { code: code.join(''), strings };
}

function endOr(found: number, text: string, length = 0): number {
  return found < 0 ? text.length : found + length;
}

function endOfString(text: string, opening: number, quote: string): number {
  let at = opening + 1;
  while (at < text.length && text[at] !== quote && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

/** The offset after the closing backtick or after the next `${`. */
function endOfTemplate(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    if (text[at] === '`') return at + 1;
    if (text.startsWith('${', at)) return at + 2;
    at += text[at] === '\\' ? 2 : 1;
  }
  return text.length;
}

function endOfRegex(text: string, opening: number): number {
  let inClass = false;
  let at = opening + 1;
  while (at < text.length && text[at] !== '\n' && (inClass || text[at] !== '/')) {
    if (text[at] === '[') inClass = true;
    if (text[at] === ']') inClass = false;
    at += text[at] === '\\' ? 2 : 1;
  }
  return Math.min(at + 1, text.length);
}

/** Whether a slash begins a regular expression: it does where a value is expected. */
function beginsRegex(code: readonly string[], slash: number): boolean {
  const before = code
    .slice(Math.max(0, slash - 40), slash)
    .join('')
    .trimEnd();
  if (before === '') return true;
  return (
    /[(,=:[!&|?{};+\-*%<>~^]$/.test(before) ||
    /\b(?:return|typeof|case|in|of|do|else|void|delete|throw|yield|await)$/.test(before)
  );
}
