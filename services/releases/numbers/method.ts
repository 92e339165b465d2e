import { capsOf, FIRST_CAP } from '../../core/caps.ts';
import { DELTA, RHO_LIMIT, rhoOf, rhoOfAnyMonth } from './accountant.ts';
import { claims } from './claims.ts';
import { ALWAYS_SHOWN, gateOf, sigmasFor } from './gate.ts';
import { measuresAt, queriesAt } from './queries.ts';
import { roundedUp } from './rounded-up.ts';
import { marginOf, roundingIn } from './rounding.ts';

/** A list of this form: queries with the number of their cells, as today's catalogue has them. */
export type ListLengths = ReadonlyMap<string, number>;

/** The parts of METHOD.md that are generated: between `<!-- NAME -->` and `<!-- /NAME -->`, as Markdown. */
export function methodTables(listed: ListLengths): Readonly<Record<'queries' | 'claims' | 'gates', string>> {
  return { queries: queriesTable(), claims: claimsTable(), gates: gatesTable(listed) };
}

/** METHOD.md with its generated parts as they are today. A part without its marks is an error. */
export function withMethodTables(document: string, listed: ListLengths): string {
  let filled = document;
  for (const [name, table] of Object.entries(methodTables(listed))) {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [filled.indexOf(open), filled.indexOf(close)];
    if (from < 0 || to < from) throw new Error(`METHOD.md has no place for ${name}`);
    filled = `${filled.slice(0, from + open.length)}\n${table}\n${filled.slice(to)}`;
  }
  return filled;
}

function queriesTable(): string {
  const rows = measuresAt(FIRST_CAP).map((measure) => [
    measure.title,
    String(measure.boundSquared),
    String(measure.variance),
    Math.sqrt(measure.variance).toFixed(1),
    rhoOf(measure).toFixed(5),
  ]);
  const most = rhoOfAnyMonth().toFixed(5);
  const total = ['**together, at any cap**', '', '', '', `**${most}** at most (limit ${RHO_LIMIT})`];
  const caption = `Phones at the first cap: ${capsOf(FIRST_CAP).join(', ')}. At other caps bound and variance grow alike, and the cost stays.`;
  return `${table(['number', 'L2 bound squared', 'variance s²', 's', 'rho'], [...rows, total])}\n\n${caption}`;
}

function claimsTable(): string {
  const rows = claims().map(({ who, rho, epsilon }) => [who, rho.toFixed(4), roundedUp(epsilon, 3)]);
  return table(['who', 'rho', `epsilon at delta = ${DELTA.toExponential()}`], rows);
}

function gatesTable(listed: ListLengths): string {
  const step = roundingIn('noised').sites;
  const rows = queriesAt(FIRST_CAP).map((query) => {
    const cells = listed.get(query.name) ?? 0;
    const always = ALWAYS_SHOWN.includes(query.name);
    const sigmas = sigmasFor(query, cells);
    const { variance, title } = query.sites;
    return [
      ...[title, String(cells), always ? '-' : sigmas.toFixed(1), always ? 'always' : String(gateOf(sigmas, variance))],
      `±${marginOf(step, variance)}`,
    ];
  });
  return table(['number', 'listed', 'k', 'published from (with noise)', 'margin (95 %)'], rows);
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (columns: readonly string[]) => `| ${columns.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}
