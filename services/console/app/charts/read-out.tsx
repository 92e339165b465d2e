import { X } from 'lucide-preact';
import { count, monthYear, percent } from '../lib/format.ts';
import { Icon } from '../parts/icon.tsx';
import type { Month, Series } from './model.ts';

/**
 * The month under the cursor, with number and share of each series. Nothing floats over the data. The slider above says
 * the same to whoever listens.
 */
export function ReadOut({
  months,
  series,
  cursor,
  unit,
  only,
  isolate,
  remove,
}: {
  months: readonly Month[];
  series: readonly Series[];
  cursor: number;
  unit: string;
  only?: string | undefined;
  isolate?: ((key: string) => void) | undefined;
  remove?: ((key: string) => void) | undefined;
}) {
  const month = months[cursor];
  if (!month) return null;
  // Two lines each for a comparison; one for the layers of a stack.
  const many = series.length > 5 || series.length === 1;
  return (
    <div class={`read ${many ? 'many' : ''} ${series.length === 1 ? 'single' : ''}`}>
      <div class="when">
        <b>{monthYear(month.period)}</b>
        <span>{month.provisional ? 'provisional' : 'final'}</span>
      </div>
      {series.map(({ key, label, small, slot, points }) => {
        const point = points[cursor];
        const shown = point?.value !== null && point?.value !== undefined;
        const name = (
          <span class="nm">
            {small !== undefined && small !== '' && <small>{small}</small>} {label}
          </span>
        );
        return (
          <div class="chip" key={key}>
            <i class={`key ${slot}`} />
            {isolate ? (
              <button
                type="button"
                class="link"
                aria-pressed={only === key}
                title={only === key ? 'Show all' : 'Show this alone'}
                onClick={() => isolate(key)}
              >
                {name}
              </button>
            ) : (
              name
            )}
            {remove ? (
              <button class="quiet x" type="button" aria-label={`Take ${label} out`} onClick={() => remove(key)}>
                <Icon of={X} size={14} />
              </button>
            ) : (
              !many && <span />
            )}
            <b>{shown ? percent(point.share) : 'not shown'}</b>
            <span class="q">
              {shown
                ? `${count(point.value)}${many && series.length > 1 ? '' : ` ${unit}`}`
                : many
                  ? ''
                  : 'too few, or none'}
            </span>
          </div>
        );
      })}
    </div>
  );
}
