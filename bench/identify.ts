import { parsePeriod } from '../services/core/period.ts';
import { buildIdentifier } from '../services/identify/identifier.ts';
import type { Identity, RawKind } from '../services/identify/identity.ts';
import { loadCatalog } from '../services/shared/load-catalog.ts';
import { rawStrings } from './identify-strings.ts';

/**
 * Raw strings a second on one core by kind, and the cost of a line that is already canonical. The strings are made from the
 * list and the rules' examples under ever new versions and addresses, with a tenth that nobody knows.
 */
const KINDS: readonly RawKind[] = ['user-agent', 'pci', 'cpu', 'board', 'system'];
const PASSES = 5;
const catalog = loadCatalog();
const identifier = buildIdentifier(catalog, parsePeriod('2099-01'));
const out: string[] = [];
const known = new Map<string, Identity & { readonly kind: 'listed' }>();

for (const kind of KINDS) {
  const strings = rawStrings(catalog, kind);
  for (const text of strings) remember(identifier.raw(kind, text));
  const seconds = secondsOf(() => {
    for (let pass = 0; pass < PASSES; pass++) for (const text of strings) identifier.raw(kind, text);
  });
  const rate = Math.round((PASSES * strings.length) / seconds).toLocaleString('en');
  out.push(`${kind.padEnd(20)} ${rate.padStart(10)} /s (${strings.length} distinct)`);
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
