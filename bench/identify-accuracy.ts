import { readFileSync } from 'node:fs';
import { parsePeriod } from '../services/core/period.ts';
import { buildIdentifier } from '../services/identify/identifier.ts';
import type { Identity, RawKind } from '../services/identify/identity.ts';
import { nameOf } from '../services/identify/name.ts';
import { loadCatalog } from '../services/shared/load-catalog.ts';

/**
 * How often the catalogue names a string rightly: `node bench/identify-accuracy.ts FILE.tsv...`
 *
 * Reads the two forms of file there are: User-Agents (raw_user_agent, kind, vendor, model, firmware, source) and
 * hardware (category, raw, vendor, model, source). A row is right when kind, vendor and model are; names are compared in
 * the form in which they may be stored.
 */
interface Row {
  readonly raw: string;
  readonly kind: RawKind;
  readonly expected: string;
  readonly vendor: string;
  readonly model: string;
  readonly source: string;
}

const NOT_DEVICES = new Set(['server', 'scanner', 'proxy', 'trunk']);
const HARDWARE: Readonly<Record<string, RawKind>> = {
  pci: 'pci',
  nic: 'pci',
  cpu: 'cpu',
  board: 'board',
  system: 'system',
  memory: 'memory',
};

const identifier = buildIdentifier(loadCatalog(), parsePeriod('2099-01'));
const rows = process.argv.slice(2).flatMap(readRows);
const confusion = new Map<string, Map<string, number>>();
const groups = new Map<string, { right: number; all: number }>();
const misses: string[] = [];

for (const row of rows) {
  const got = identifier.raw(row.kind, row.raw);
  const answer = got.kind === 'refused' ? got.reason : got.kind === 'unlisted' ? 'unlisted' : got.category;
  const line = confusion.get(row.expected) ?? new Map<string, number>();
  confusion.set(row.expected, line.set(answer, (line.get(answer) ?? 0) + 1));
  const right = isRight(row, got);
  for (const name of groupsOf(row)) {
    const group = groups.get(name) ?? { right: 0, all: 0 };
    groups.set(name, { right: group.right + Number(right), all: group.all + 1 });
  }
  if (!right)
    misses.push(
      `${row.expected}\t${row.raw}\n    expected ${row.vendor} | ${row.model}\n    got      ${describe(got)}`,
    );
}
print();

function isRight({ expected, vendor, model }: Row, got: Identity): boolean {
  if (NOT_DEVICES.has(expected)) return got.kind === 'refused' && got.reason === 'not-a-device';
  if (vendor === '' && model === '') return got.kind !== 'listed';
  if (expected === 'unknown') return got.kind !== 'refused';
  return (
    (got.kind === 'listed' || got.kind === 'proposed') && got.vendor === nameOf(vendor) && got.model === nameOf(model)
  );
}

function groupsOf({ expected, source, kind }: Row): string[] {
  if (kind !== 'user-agent') return ['hardware', `hardware: ${expected}`];
  const real = /^\[(?:sip|http)\]/.test(source);
  if (NOT_DEVICES.has(expected)) return ['not a device', `${expected}`];
  const endpoint = ['phone', 'ata', 'dect', 'doorphone', 'gateway'].includes(expected);
  return [expected, ...(endpoint ? [real ? 'endpoints [sip] [http]' : 'endpoints [fixture]'] : [])];
}

function describe(got: Identity): string {
  return got.kind === 'refused' ? `refused ${got.reason}` : `${got.kind} ${got.category} ${got.vendor} | ${got.model}`;
}

function readRows(path: string): Row[] {
  const [head, ...lines] = readFileSync(path, 'utf8').split(/\r?\n/).filter(Boolean);
  const names = head!.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    const hardware = names.includes('category');
    const expected = cell(hardware ? 'category' : 'kind');
    return {
      raw: cell(hardware ? 'raw' : 'raw_user_agent'),
      kind: hardware ? (HARDWARE[expected] ?? 'pci') : 'user-agent',
      expected,
      vendor: cell('vendor'),
      model: cell('model'),
      source: cell('source'),
    };
  });
}

function print(): void {
  const out: string[] = ['kind -> answers'];
  for (const [expected, answers] of confusion)
    out.push(`  ${expected.padEnd(12)} ${[...answers].map(([answer, n]) => `${answer} ${n}`).join(', ')}`);
  out.push('', 'right');
  for (const [name, { right, all }] of groups)
    out.push(`  ${name.padEnd(24)} ${right}/${all}  ${((100 * right) / all).toFixed(1)} %`);
  out.push('', `misses (${misses.length})`, ...misses.map((miss) => `  ${miss}`));
  process.stdout.write(`${out.join('\n')}\n`);
}
