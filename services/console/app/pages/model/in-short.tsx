import type { ModelAnswer } from '../../lib/answers.ts';
import { count, monthName, monthShort, monthYear, oneDecimal, ordinal, percent, plural } from '../../lib/format.ts';
import { capital, many } from '../../lib/words.ts';
import { Delta, Points } from '../../parts/numbers.tsx';
import { Nothing } from '../../parts/states.tsx';
import type { Names } from './names.ts';

export function InShort({ answer, names }: { answer: ModelAnswer; names: Names }) {
  const { row, place, compare, total } = answer;
  const things = many(names.category);
  if (!row)
    return (
      <Nothing title={`Nothing is shown of it in ${monthYear(answer.period)}.`}>
        Fewer than {answer.threshold} sites, or none: the two are not told apart. The lines below say when it was shown.
      </Nothing>
    );
  const since = compare === null ? '' : ` since ${monthShort(compare)}`;
  const then = row.before;
  const perSite = row.devices === null ? null : row.devices / row.sites;
  const perSiteThen = then && then.devices !== null ? then.devices / then.sites : null;
  return (
    <div class="stats">
      <div>
        <h2>Sites</h2>
        <b>{count(row.sites)}</b>
        {then && <Delta value={row.sites - then.sites} digits={0} faint={!row.change?.clear} />}
        <p>
          of {count(total.sites)} that have {things}
        </p>
      </div>
      <div>
        <h2>Share of sites</h2>
        <b>{percent(row.sitesShare)}</b>
        {row.change && <Points change={row.change} />}
        <p>{row.change ? `percentage points${since}` : `of the sites with ${things}`}</p>
      </div>
      <div>
        <h2>{capital(things)}</h2>
        <b>{count(row.devices)}</b>
        {then && then.devices !== null && row.devices !== null && (
          <Delta value={row.devices - then.devices} digits={0} faint />
        )}
        <p>
          {percent(row.devicesShare)} of all {things}
        </p>
      </div>
      <div>
        <h2>A site has</h2>
        <b>{oneDecimal(perSite)}</b>
        <p>
          {things} of it
          {perSiteThen === null || compare === null ? '' : `, ${oneDecimal(perSiteThen)} in ${monthName(compare)}`}
        </p>
      </div>
      <div>
        <h2>Place among {things}</h2>
        <b>{place ? ordinal(place.rank) : '–'}</b>
        <p>
          {place ? `of ${plural(place.of, 'model')}` : ''}
          {place && place.before !== null && compare !== null
            ? `; ${ordinal(place.before)} in ${monthName(compare)}`
            : ''}
        </p>
      </div>
    </div>
  );
}
