import type { FacetsAnswer, Names, SeriesAnswer } from '../lib/answers.ts';
import { cellOf, nameOf, namesOf } from '../lib/links.ts';
import { capital, many } from '../lib/words.ts';
import { makerSlots, type Series, slotAt } from './model.ts';

/** What a chart is drawn from: a maker in its own colour, anything else in the order of the answer; Other outermost. */
export function seriesOf(answer: SeriesAnswer, vendors: FacetsAnswer['vendors'] | undefined): Series[] {
  const makers =
    answer.view === 'vendor' || answer.view === 'platform_vendor'
      ? makerSlots(
          answer.series.map(({ vendor = '' }) => vendor),
          vendors,
        )
      : undefined;
  const shown = answer.series.map((one, i): Series => {
    const names = namesOf(one);
    return {
      key: cellOf(names),
      ...labelOf(names),
      names,
      slot: makers?.get(one.vendor ?? '') ?? slotAt(i),
      points: one.points,
    };
  });
  if (!answer.other || answer.other.cells === 0) return shown;
  return [...shown, { key: 'other', label: 'Other', slot: 'so', points: answer.other.points }];
}

export function labelOf(names: Names): { label: string; small?: string } {
  // Of one maker on several platforms, or of several makers on one, either name alone is no label.
  if (names.platform !== undefined && names.vendor !== undefined)
    return { label: `${names.platform}, ${names.vendor}` };
  const { small, main } = nameOf(names);
  const label =
    names.vendor === undefined && names.platform === undefined && names.category !== undefined
      ? capital(many(names.category))
      : main;
  return small === '' ? { label } : { label, small };
}
