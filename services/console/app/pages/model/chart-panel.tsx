import { useRef } from 'preact/hooks';
import { ChartWithReadOut } from '../../charts/chart-panel.tsx';
import type { Point, Series } from '../../charts/model.ts';
import type { ModelAnswer } from '../../lib/answers.ts';
import type { Exportable } from '../../lib/export.ts';
import { count, monthName, monthYear, plural } from '../../lib/format.ts';
import { capital, many } from '../../lib/words.ts';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Names } from './names.ts';

export function ChartPanel({
  answer,
  of,
  by,
  names,
  slot,
}: {
  answer: ModelAnswer | undefined;
  /** What it is drawn from, as a question. */
  of: Exportable;
  by: 'sites' | 'devices';
  names: Names;
  slot: Series['slot'];
}) {
  const svg = useRef<SVGSVGElement>(null);
  const things = many(names.category);
  const title = by === 'sites' ? `Share of sites with ${things}` : capital(things);
  const points = (answer?.trend ?? []).map(
    ({ sites, devices, sitesShare, devicesShare }): Point =>
      by === 'sites' ? { value: sites, share: sitesShare } : { value: devices, share: devicesShare },
  );
  const months = answer?.trend ?? [];
  const open = months.findLast(({ provisional }) => provisional);
  return (
    <Panel
      title={title}
      class="c6"
      sub={by === 'sites' ? 'How many of them have at least one' : 'All that were counted'}
      tools={
        <ExportMenu
          of={of}
          rows={months.length}
          picture={{
            svg,
            caption: {
              title: `${names.vendor} ${names.model}: ${title}`,
              sub: answer
                ? `${monthYear(months[0]?.period ?? answer.period)} to ${monthYear(months.at(-1)?.period ?? answer.period)}${open ? `, ${monthName(open.period)} provisional` : ''} · ${count(answer.total.sites)} sites with ${things}`
                : '',
              file: `rollcall-${names.model}-${by}`,
            },
          }}
        />
      }
      method={
        answer
          ? `${sentence(answer, by, things)} ${open ? `${monthName(open.period)} (hatched) is provisional.` : ''}`
          : undefined
      }
    >
      {answer && (
        <ChartWithReadOut
          kind="lines"
          months={months}
          series={[
            {
              key: by,
              label: names.model,
              small: names.vendor,
              slot: by === 'sites' ? slot : slot === 's3' ? 's1' : 's3',
              points,
            },
          ]}
          of={by === 'sites' ? 'share' : 'value'}
          name={`${title}, ${names.vendor} ${names.model}, month by month`}
          unit={by === 'sites' ? 'sites' : things}
          height={250}
          svgRef={svg}
        />
      )}
    </Panel>
  );
}

/** What the line says, in words, where it can be said. */
function sentence(
  { row, compare, provisional, threshold, trend }: ModelAnswer,
  by: 'sites' | 'devices',
  things: string,
): string {
  const gone = trend.filter(({ sites }) => sites === null).length;
  if (gone > 0)
    return `In ${plural(gone, 'month')} it had fewer than ${threshold} sites, or none: the line stops instead of falling to zero.`;
  if (provisional) return 'No change is shown while a month is filling.';
  if (compare === null) return 'There is no earlier final month to compare with.';
  if (!row?.before || !row.change)
    return `In ${monthYear(compare)} fewer than ${threshold} sites had it, or none: no change is shown.`;
  const factor = row.sites / row.before.sites;
  if (by === 'sites') {
    if (!row.change.clear) return `Since ${monthName(compare)} within chance${row.change.few ? ': few sites' : ''}.`;
    const how = factor >= 1.9 ? 'About doubled' : factor <= 0.55 ? 'About halved' : factor > 1 ? 'Rose' : 'Fell';
    return `${how} since ${monthName(compare)}, clearly more than chance.`;
  }
  if (row.devices === null || row.before.devices === null) return '';
  const devices = row.devices / row.before.devices;
  if (devices < factor * 0.95) return `Sites grew faster than ${things}: each has fewer of them.`;
  if (devices > factor * 1.05) return `There are more ${things} at each site than there were.`;
  return `${capital(things)} went with sites.`;
}
