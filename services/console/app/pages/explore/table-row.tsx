import { memo } from 'preact/compat';
import { slotAt } from '../../charts/model.ts';
import type { Row } from '../../lib/answers.ts';
import { count, oneDecimal, percent } from '../../lib/format.ts';
import { cellOf, namesOf } from '../../lib/links.ts';
import { useQueryState } from '../../lib/query-state.ts';
import { headline, many } from '../../lib/words.ts';
import { Bar, Name, Since, Trend } from '../../parts/numbers.tsx';
import { DEFAULTS, MOST_CELLS, type Question } from './question.ts';

/** Drawn again only when something of it changed: there are a hundred. */
export const TableRow = memo(function TableRow({
  row,
  most,
  since,
  question,
  toggle,
}: {
  row: Row;
  most: number;
  since: string | null;
  question: Question;
  toggle: ((cell: string) => void) | undefined;
}) {
  const { by, byDevices, state } = question;
  const names = namesOf(row);
  const cell = cellOf(names);
  const at = state.cells.indexOf(cell);
  const text = [
    names.platform,
    names.vendor,
    names.model,
    names.category === undefined || names.vendor !== undefined ? undefined : many(names.category),
  ]
    .filter(Boolean)
    .join(' ');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'x' || !toggle || (event.target as HTMLElement).tagName === 'INPUT') return;
    event.preventDefault();
    toggle(cell);
  };
  return (
    <tr class={at >= 0 ? 'on' : ''} onKeyDown={onKeyDown}>
      {toggle && (
        <td class="ck">
          <input
            type="checkbox"
            class={`tick-box ${at >= 0 ? slotAt(at) : ''}`}
            checked={at >= 0}
            aria-label={`Compare ${text}`}
            disabled={at < 0 && state.cells.length >= MOST_CELLS}
            title={at < 0 && state.cells.length >= MOST_CELLS ? 'Up to five are compared' : undefined}
            onChange={() => toggle(cell)}
            onKeyDown={(event) => event.key === 'x' && toggle(cell)}
          />
        </td>
      )}
      <td class="rank num">{row.rank}</td>
      <td class="name">
        {names.category !== undefined && names.vendor === undefined ? (
          <CategoryLink category={names.category} />
        ) : (
          <Name names={names} keep={{ period: state.period, compare: state.compare }} />
        )}
      </td>
      <td class="barc">
        <Bar part={(by === 'sites' ? row.sites : (row.devices ?? 0)) / most} pale={row.change?.few ?? false} />
      </td>
      <td class="num">{count(row.sites)}</td>
      <td class="num">{percent(row.sitesShare)}</td>
      <td class="num since">
        <Since row={row} compare={since} />
      </td>
      {byDevices && (
        <>
          <td class="num w">{count(row.devices)}</td>
          <td class="num w">{percent(row.devicesShare)}</td>
          <td class="num w muted">{row.devices === null ? '–' : oneDecimal(row.devices / row.sites)}</td>
        </>
      )}
      <td class="sp w">
        <Trend points={row.trend} by={by === 'sites' ? 'sitesShare' : 'devicesShare'} />
      </td>
    </tr>
  );
});

function CategoryLink({ category }: { category: string }) {
  const { href, set } = useQueryState(DEFAULTS);
  const change = { view: 'model', category };
  return (
    <a
      href={href(change)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        set(change);
      }}
    >
      {headline(category)}
    </a>
  );
}
