import { Check } from 'lucide-preact';
import { count } from '../../lib/format.ts';
import { one } from '../../lib/words.ts';
import { Icon } from '../../parts/icon.tsx';
import { keyOf, type Row } from './name.ts';

export function Empty({ threshold }: { threshold: number }) {
  return (
    <div class="empty spaced">
      <Icon of={Check} size={26} />
      <b>Every name is known</b>
      <p>No unknown name has {threshold} sites or more.</p>
    </div>
  );
}

export function Queue({ rows, at, choose }: { rows: readonly Row[]; at: number; choose: (key: string) => void }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Category</th>
          <th scope="col" class="num" aria-sort="descending">
            Sites
          </th>
          <th scope="col" class="w">
            State
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={keyOf(row)} class={i === at ? 'me' : ''} onClick={() => choose(keyOf(row))}>
            <td class="name">
              <button type="button" class="link" aria-current={i === at} onClick={() => choose(keyOf(row))}>
                <small>{row.vendor}</small> {row.model}
              </button>
            </td>
            <td>{one(row.category)}</td>
            <td class="num">{count(row.sites)}</td>
            <td class="w">
              {row.mappedTo === null ? <span class="muted">waits</span> : <span class="badge final">named</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
