import type { ModelAnswer } from '../../lib/answers.ts';
import { monthOrDay } from '../../lib/format.ts';

/** What the catalogue knows of a model's end, and who says so. */
export function EndOfLife({ of }: { of: NonNullable<ModelAnswer['endOfLife']> }) {
  const { sold, supported, source } = of;
  return (
    <p>
      <span class="badge plain">End of life</span> Sold by its maker until {monthOrDay(sold)}
      {supported === null ? '' : `, supported until ${monthOrDay(supported)}`}, says {source}.
    </p>
  );
}
