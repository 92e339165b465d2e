import { Link } from 'wouter-preact';
import type { MoversAnswer, MoversRow } from '../../lib/answers.ts';
import { monthName, monthYear, plural } from '../../lib/format.ts';
import { cellOf, nameOf, namesOf, pageOf } from '../../lib/links.ts';
import { Panel } from '../../parts/panel.tsx';

/** What is shown in one of the two months alone. */
export function CameAndWent({ answers }: { answers: readonly (MoversAnswer | undefined)[] }) {
  const rows = answers.flatMap((answer) => answer?.rows ?? []);
  const { from, to } = answers.find((answer) => answer !== undefined) ?? {};
  const went = rows.filter((row) => row.toSites === null && row.fromSites !== null);
  const came = rows.filter((row) => row.fromSites === null && row.toSites !== null);
  if (from === undefined || to === undefined) return null;
  return (
    <>
      <Listed
        title="New here"
        rows={came}
        number={(row) => `${plural(row.toSites ?? 0, 'site')} in ${monthName(to)}`}
        note={`Not shown in ${monthYear(from)}: fewer than 10 sites then, or none.`}
      />
      <Listed
        title="Not shown any more"
        rows={went}
        number={(row) => `${plural(row.fromSites ?? 0, 'site')} in ${monthName(from)}`}
        note="Fewer than 10 sites, or none: the two are not told apart."
      />
    </>
  );
}

function Listed({
  title,
  rows,
  number,
  note,
}: {
  title: string;
  rows: readonly MoversRow[];
  number: (row: MoversRow) => string;
  note: string;
}) {
  if (rows.length === 0) return null;
  return (
    <Panel title={title} method={note}>
      <dl class="gone">
        {rows.slice(0, 12).map((row) => {
          const { small, main } = nameOf(namesOf(row));
          const to = pageOf(namesOf(row));
          const text = (
            <>
              {small !== '' && <small>{small} </small>}
              {main}
            </>
          );
          return (
            <div key={cellOf(namesOf(row))}>
              <dt>{to === undefined ? text : <Link href={to}>{text}</Link>}</dt>
              <dd>{number(row)}</dd>
            </div>
          );
        })}
        {rows.length > 12 && (
          <div>
            <dt>and {rows.length - 12} more</dt>
            <dd>in the export</dd>
          </div>
        )}
      </dl>
    </Panel>
  );
}
