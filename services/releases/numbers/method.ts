import { DELTA, gateDelta, RHO_LIMIT, rhoOf, rhoOfPeriod } from './accountant.ts';
import { claims } from './claims.ts';
import { gateOf, LEAST_SITES, PHONE_SIGMAS, SITE_SIGMAS } from './gate.ts';
import { MEASURES, type Measure, QUERIES } from './queries.ts';
import { roundedUp } from './rounded-up.ts';
import { marginOf } from './rounding.ts';

/** The parts of METHOD.md that are generated: between `<!-- NAME -->` and `<!-- /NAME -->`, as Markdown. */
export function methodTables(): Readonly<Record<'queries' | 'claims' | 'gates', string>> {
  return { queries: queriesTable(), claims: claimsTable(), gates: gatesTable() };
}

/** METHOD.md with its generated parts as they are today. A part without its marks is an error. */
export function withMethodTables(document: string): string {
  let filled = document;
  for (const [name, table] of Object.entries(methodTables())) {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [filled.indexOf(open), filled.indexOf(close)];
    if (from < 0 || to < from) throw new Error(`METHOD.md has no place for ${name}`);
    filled = `${filled.slice(0, from + open.length)}\n${table}\n${filled.slice(to)}`;
  }
  return filled;
}

function queriesTable(): string {
  const rows = MEASURES.map((measure) => [
    measure.title,
    String(measure.boundSquared),
    String(measure.variance),
    Math.sqrt(measure.variance).toFixed(1),
    String(rhoOf(measure)),
  ]);
  const total = ['**together**', '', '', '', `**${rhoOfPeriod()}** (limit ${RHO_LIMIT})`];
  return table(['number', 'L2 bound squared', 'variance s²', 's', 'rho'], [...rows, total]);
}

function claimsTable(): string {
  const rows = claims().map(({ who, rho, epsilon, delta }) => [
    who,
    String(Number(rho.toPrecision(12))),
    roundedUp(epsilon, 3),
    delta.toExponential(2),
  ]);
  const heading = ['who', 'rho', `epsilon at delta = ${DELTA.toExponential()}`, 'delta, with the gate'];
  return `${table(heading, rows)}\n\nThe gate adds ${gateDelta().toExponential(1)} to delta, for one site in one month.`;
}

function gatesTable(): string {
  const phones = QUERIES.flatMap((query) => (query.phones ? [query.phones] : []));
  const rows = [
    ...QUERIES.map(({ sites }) => gateRow(sites, LEAST_SITES, SITE_SIGMAS)),
    ...phones.map((measure) => gateRow(measure, 0, PHONE_SIGMAS)),
  ];
  return table(['number', 'published from (with noise)', 'rounded to', 'margin (95 %)'], rows);
}

function gateRow(measure: Measure, floor: number, sigmas: number): string[] {
  const from = gateOf(floor, sigmas, measure.variance);
  return [measure.title, String(from), String(measure.rounding), `±${marginOf(measure, measure.variance)}`];
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (columns: readonly string[]) => `| ${columns.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}
