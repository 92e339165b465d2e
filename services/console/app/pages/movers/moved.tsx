import { ArrowRight, ChevronRight } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { MoversRow } from '../../lib/answers.ts';
import { count } from '../../lib/format.ts';
import { cellOf, namesOf } from '../../lib/links.ts';
import { Icon } from '../../parts/icon.tsx';
import { Delta, Diverging, Name } from '../../parts/numbers.tsx';
import { Nothing } from '../../parts/states.tsx';

export const FIRST = 20;

export function Moved({
  rows,
  view,
  most,
  none,
}: {
  rows: readonly MoversRow[];
  view: 'model' | 'vendor' | 'platform';
  most: number;
  none: string;
}) {
  const [all, showAll] = useState(false);
  if (rows.length === 0) return <Nothing title={none}>Between these two months, among what is shown in both.</Nothing>;
  const shown = all ? rows : rows.slice(0, FIRST);
  const devices = view !== 'platform';
  return (
    <>
      <table class="mv">
        <thead>
          <tr>
            <th scope="col">{view === 'platform' ? 'Platform' : view === 'vendor' ? 'Maker' : 'Model'}</th>
            <th scope="col" class="mid">
              Lost <span>|</span> gained
            </th>
            <th scope="col" class="num" aria-sort="descending">
              Points
            </th>
            <th scope="col" class="num">
              Sites
            </th>
            {devices && (
              <th scope="col" class="num w">
                Devices
              </th>
            )}
            <th scope="col" class="w">
              Sure?
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <MovedRow key={cellOf(namesOf(row))} row={row} most={most} devices={devices} />
          ))}
        </tbody>
      </table>
      {rows.length > FIRST && (
        <div class="pager">
          <span>
            {count(shown.length)} of {count(rows.length)}
          </span>
          <button type="button" class="quiet sp2" onClick={() => showAll(!all)}>
            {all ? 'Show the first' : 'Show all'}
            <Icon of={ChevronRight} size={14} />
          </button>
        </div>
      )}
    </>
  );
}

function MovedRow({ row, most, devices }: { row: MoversRow; most: number; devices: boolean }) {
  const change = (row.sitesShareChange ?? 0) * 100;
  const sure = row.few ? 'few sites' : row.clear ? 'clear' : 'within chance';
  return (
    <tr>
      <td class="name">
        <Name names={namesOf(row)} />
      </td>
      <td class="dvc">
        <Diverging value={change} most={most} faint={!row.clear || row.few} />
      </td>
      <td class="num">
        <Delta value={change} faint={!row.clear || row.few} />
      </td>
      <td class="num fromto">
        <span>{count(row.fromSites)}</span>
        <Icon of={ArrowRight} size={12} />
        <span class="vh"> to </span>
        <b>{count(row.toSites)}</b>
      </td>
      {devices && (
        <td class="num w">
          {row.devicesShareChange === null ? '–' : <Delta value={row.devicesShareChange * 100} faint />}
        </td>
      )}
      <td class="sure w">{sure === 'clear' ? <span class="badge">clear</span> : sure}</td>
    </tr>
  );
}
