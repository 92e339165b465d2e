import { loadavg } from 'node:os';
import { parsePeriod } from '../services/core/period.ts';
import { buildIdentifier } from '../services/identify/identifier.ts';
import type { Identity } from '../services/identify/identity.ts';
import { loadCatalog } from '../services/shared/load-catalog.ts';
import { MEASURED, type Measured, rawKindOf, rawStrings } from './identify-strings.ts';

/**
 * Raw strings a second on one core by kind, in seconds of processor time, and the cost of a line that is already canonical.
 * No string comes twice: the pass that warms up has others than those that are measured.
 */
const PASSES: Readonly<Record<Measured, number>> = { 'user-agent': 5, pci: 60, nic: 40, cpu: 6, board: 5, system: 5 };
const catalog = loadCatalog();
const identifier = buildIdentifier(catalog, parsePeriod('2099-01'));
const out: string[] = [
  `load ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')}`,
];
const known = new Map<string, Identity & { readonly kind: 'listed' }>();

for (const measured of MEASURED)
  for (const text of rawStrings(catalog, measured, 0)) remember(identifier.raw(rawKindOf(measured), text));
for (const measured of MEASURED) {
  const kind = rawKindOf(measured);
  const strings = Array.from({ length: PASSES[measured] }, (_, pass) => rawStrings(catalog, measured, pass + 1)).flat();
  const distinct = new Set(strings).size;
  const seconds = secondsOf(() => {
    for (const text of strings) identifier.raw(kind, text);
  });
  const rate = Math.round(strings.length / seconds).toLocaleString('en');
  out.push(`${measured.padEnd(20)} ${rate.padStart(10)} /s (${distinct} distinct of ${strings.length})`);
}
const lines = [...known.values()].map((line) => ({ ...line }));
for (const line of lines) identifier.line(line);
const lineSeconds = secondsOf(() => {
  for (let round = 0; round < 100; round++) for (const line of lines) identifier.line(line);
});
const nanoseconds = Math.round((lineSeconds / (100 * lines.length)) * 1e9);
out.push(`canonical lines      ${String(nanoseconds).padStart(10)} ns each (${lines.length} models)`);
process.stdout.write(`${out.join('\n')}\n`);

function remember(identity: Identity): void {
  if (identity.kind === 'listed' && known.size < 5_000) known.set(JSON.stringify(identity), identity);
}

function secondsOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
