import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parsePeriod } from '../services/core/period.ts';
import { buildIdentifier } from '../services/identify/identifier.ts';
import type { Identity, RawKind } from '../services/identify/identity.ts';
import { nameOf } from '../services/identify/name.ts';
import { loadCatalog } from '../services/shared/load-catalog.ts';

/**
 * How often the catalogue names a string rightly: `node dist/bench/identify-accuracy.js FILE.tsv...`
 *
 * Reads the two forms of file there are: User-Agents (raw_user_agent, kind, vendor, model, firmware, source) and
 * hardware (category, raw, vendor, model, source). Names are compared in the form in which they may be stored. A row
 * without vendor and model is junk: right when no model comes out. A leak is a firmware, an address or a name of the
 * row's text that stands in the answer and in neither the row's vendor nor its model.
 */
interface Row {
  readonly file: string;
  readonly raw: string;
  readonly kind: RawKind;
  readonly expected: string;
  readonly vendor: string;
  readonly model: string;
  readonly firmware: string;
}

interface Score {
  all: number;
  category: number;
  vendor: number;
  model: number;
  right: number;
  refused: number;
  proposed: number;
  leaks: number;
}

const NOT_DEVICES = new Set(['server', 'scanner', 'proxy', 'trunk']);
const HARDWARE: Readonly<Record<string, RawKind>> = {
  nic: 'pci',
  pci: 'pci',
  cpu: 'cpu',
  board: 'board',
  system: 'system',
};
/** Answers that are the category of a row of this kind. */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  system: ['board', 'virtual'],
  board: ['board', 'virtual'],
};

const identifier = buildIdentifier(loadCatalog(), parsePeriod('2099-01'));
const confusion = new Map<string, Map<string, number>>();
const scores = new Map<string, Score>();
const misses: string[] = [];
for (const row of process.argv.slice(2).flatMap(readRows)) judge(row, identifier.raw(row.kind, row.raw));
print();

function judge(row: Row, got: Identity): void {
  const { expected } = row;
  const answers = confusion.get(expected) ?? new Map<string, number>();
  confusion.set(expected, answers.set(answerOf(got), (answers.get(answerOf(got)) ?? 0) + 1));
  const right = { category: isCategory(row, got), vendor: isVendor(row, got), model: isModel(row, got) };
  const all = right.category && right.vendor && right.model;
  const leaks = leaksOf(row, got);
  for (const name of [`${row.file} ${expected}`, ...totalsOf(expected).map((total) => `all files ${total}`)]) {
    const score = scores.get(name) ?? {
      all: 0,
      category: 0,
      vendor: 0,
      model: 0,
      right: 0,
      refused: 0,
      proposed: 0,
      leaks: 0,
    };
    score.all++;
    score.category += Number(right.category);
    score.vendor += Number(right.vendor);
    score.model += Number(right.model);
    score.right += Number(all);
    score.refused += Number(got.kind === 'refused' && !NOT_DEVICES.has(expected) && !isJunk(row));
    score.proposed += Number(got.kind === 'proposed');
    score.leaks += Number(leaks);
    scores.set(name, score);
  }
  if (!all || leaks)
    misses.push(`${expected}\t${row.raw}\n    expected ${row.vendor} | ${row.model}\n    got      ${describe(got)}`);
}

function isJunk({ expected, vendor, model }: Row): boolean {
  return expected === 'unknown' || vendor + model === '';
}

function isCategory(row: Row, got: Identity): boolean {
  if (NOT_DEVICES.has(row.expected)) return got.kind === 'refused' && got.reason === 'not-a-device';
  if (isJunk(row)) return got.kind !== 'listed' || got.model === '';
  return got.kind !== 'refused' && (CATEGORIES[row.expected] ?? [row.expected]).includes(got.category);
}

function isVendor(row: Row, got: Identity): boolean {
  if (NOT_DEVICES.has(row.expected) || isJunk(row)) return isCategory(row, got);
  return got.kind !== 'refused' && got.vendor === nameOf(row.vendor);
}

function isModel(row: Row, got: Identity): boolean {
  if (NOT_DEVICES.has(row.expected) || isJunk(row)) return isCategory(row, got);
  return (got.kind === 'listed' || got.kind === 'proposed') && got.model === nameOf(row.model);
}

/** Versions, addresses and quoted names that the answer must not have. */
function leaksOf({ raw, vendor, model, firmware }: Row, got: Identity): boolean {
  if (got.kind === 'refused' || got.model === nameOf(model)) return false;
  const out = `${got.vendor} ${got.model}`.toLowerCase();
  const known = `${vendor} ${model}`.toLowerCase();
  const secrets = [
    firmware,
    ...raw.matchAll(/[0-9a-f]{12}|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|"[^"]*"(?=<)|\([^)]*\)/gi),
  ].map(String);
  return secrets.some(
    (secret) => secret.length > 3 && out.includes(secret.toLowerCase()) && !known.includes(secret.toLowerCase()),
  );
}

function totalsOf(expected: string): string[] {
  if (NOT_DEVICES.has(expected)) return ['not a device'];
  if (expected in HARDWARE) return ['hardware'];
  return expected === 'unknown' ? [] : ['endpoints and softphones'];
}

function answerOf(got: Identity): string {
  return got.kind === 'refused' ? got.reason : got.kind === 'unlisted' ? 'unlisted' : got.category;
}

function describe(got: Identity): string {
  return got.kind === 'refused' ? `refused ${got.reason}` : `${got.kind} ${got.category} ${got.vendor} | ${got.model}`;
}

function readRows(path: string): Row[] {
  const [head, ...lines] = readFileSync(path, 'utf8').split(/\r?\n/).filter(Boolean);
  const names = head!.split('\t');
  const hardware = names.includes('category');
  return lines.map((line) => {
    const cells = line.split('\t');
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    const expected = cell(hardware ? 'category' : 'kind');
    return {
      file: basename(path, '.tsv'),
      raw: cell(hardware ? 'raw' : 'raw_user_agent'),
      kind: hardware ? (HARDWARE[expected] ?? 'pci') : 'user-agent',
      expected,
      vendor: cell('vendor'),
      model: cell('model'),
      firmware: cell('firmware'),
    };
  });
}

function print(): void {
  const out: string[] = ['confusion: kind -> answers'];
  for (const [expected, answers] of confusion)
    out.push(`  ${expected.padEnd(12)} ${[...answers].map(([answer, n]) => `${answer} ${n}`).join(', ')}`);
  const columns = ['rows', 'category', 'vendor', 'model', 'all right', '', 'refused', 'proposed', 'leaks'];
  out.push('', `${''.padEnd(38)}${columns.map((name) => name.padStart(10)).join('')}`);
  for (const [name, { all, category, vendor, model, right, refused, proposed, leaks }] of [...scores].sort()) {
    const cells = [
      all,
      category,
      vendor,
      model,
      right,
      `${((100 * right) / all).toFixed(1)} %`,
      refused,
      proposed,
      leaks,
    ];
    out.push(`  ${name.padEnd(36)}${cells.map((cell) => String(cell).padStart(10)).join('')}`);
  }
  out.push('', `misses (${misses.length})`, ...misses.map((miss) => `  ${miss}`));
  process.stdout.write(`${out.join('\n')}\n`);
}
