import { parsePeriod } from '../services/core/period.ts';
import { buildIdentifier } from '../services/identify/identifier.ts';
import type { Identity } from '../services/identify/identity.ts';
import { loadCatalog } from '../services/shared/load-catalog.ts';

/**
 * Raw User-Agents a second on one core, and the cost of a line that is already canonical. The strings are the
 * catalogue's own examples under ever new versions and addresses, with a tenth that no rule knows.
 */
const ROUNDS = 40;
const catalog = loadCatalog();
const identifier = buildIdentifier(catalog, parsePeriod('2099-01'));
const examples = catalog.rules
  .filter(({ scope }) => scope === 'endpoint')
  .flatMap(({ rules }) => rules.flatMap(({ accepts }) => accepts.map(([text]) => text)));

const strings: string[] = [];
for (let round = 0; round < ROUNDS; round++)
  for (const [i, example] of examples.entries())
    strings.push(
      i % 10 === 9
        ? `Nobody N-${round}${i}/1.${round}.${i} 00:11:22:33:44:${(i % 90) + 10}`
        : `${example} ${round}.${i % 300}.0.${i} 0011223344${(i % 90) + 10}`,
    );

const known = new Map<string, Identity & { readonly kind: 'listed' }>();
for (const text of strings) {
  const identity = identifier.raw('user-agent', text);
  if (identity.kind === 'listed') known.set(JSON.stringify(identity), identity);
}
const rawSeconds = secondsOf(() => {
  for (const text of strings) identifier.raw('user-agent', text);
});
const lines = [...known.values()].map((line) => ({ ...line }));
for (const line of lines) identifier.line(line);
const lineSeconds = secondsOf(() => {
  for (let round = 0; round < 500; round++) for (const line of lines) identifier.line(line);
});

process.stdout.write(
  [
    `raw User-Agents      ${Math.round(strings.length / rawSeconds).toLocaleString('en')} /s (${strings.length} distinct)`,
    `canonical lines      ${Math.round((lineSeconds / (500 * lines.length)) * 1e9)} ns each (${lines.length} models)`,
    '',
  ].join('\n'),
);

function secondsOf(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}
