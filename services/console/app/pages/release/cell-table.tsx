import { count, margin, percent } from '../../lib/format.ts';
import type { ReleasedCell as Cell } from '../../lib/release.ts';
import { ExportFile } from '../../parts/export-file.tsx';
import { Arrow, MarginBar } from '../../parts/numbers.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Group } from './groups.ts';

export function CellTable({
  title,
  sub,
  head,
  cells,
  name,
  phones,
  before,
  note,
  noised,
}: Group & { before: string; note: string | undefined; noised: boolean }) {
  const most = Math.max(1, ...cells.map(({ sites, sitesMargin }) => sites + sitesMargin));
  return (
    <Panel
      title={title}
      sub={noised ? sub : 'Exact: a month without noise'}
      method={note}
      badge={noised ? undefined : <span class="badge prov">NO NOISE</span>}
      tools={<ExportFile title={title} cells={cells} name={name} noised={noised} />}
    >
      <table class="rel">
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <th scope="col" class="dc">
              Sites, and their margin
            </th>
            <th scope="col" class="num" aria-sort="descending">
              Sites
            </th>
            <th scope="col" class="num">
              Share
            </th>
            {phones && (
              <th scope="col" class="num w">
                Phones
              </th>
            )}
            <th scope="col" class="chc">
              Since {before}
            </th>
          </tr>
        </thead>
        <tbody>
          {cells.map((cell) => (
            <tr key={`${cell.query}/${cell.platform}/${cell.category}/${cell.vendor}/${cell.model}`}>
              <td class="name">
                <b>{name(cell)}</b>
              </td>
              <td class="dc">
                <MarginBar value={cell.sites} margin={cell.sitesMargin} most={most} />
              </td>
              <td class="num">
                <b>{count(cell.sites)}</b> <span class="muted">{noised ? margin(cell.sitesMargin) : ''}</span>
              </td>
              <td class="num">{percent(cell.share)}</td>
              {phones && (
                <td class="num w">
                  {count(cell.phones)}{' '}
                  {cell.phones !== null && noised && <span class="muted">{margin(cell.phonesMargin)}</span>}
                </td>
              )}
              <td class="chc">
                <ChangeWords cell={cell} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** In the words of the release. */
function ChangeWords({ cell: { change } }: { cell: Cell }) {
  if (change?.sites === 'up' || change?.sites === 'down')
    return (
      <span class={`chg ${change.sites}`}>
        <Arrow up={change.sites === 'up'} />
        {change.sites === 'up' ? 'rose' : 'fell'} from {count(change.beforeSites)}
      </span>
    );
  if (change?.sites === 'new') return <span class="badge">new here</span>;
  if (change?.sites === 'not-significant') return <span class="muted">no clear change</span>;
  return <span class="muted">–</span>;
}
