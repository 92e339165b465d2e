import type { CountsAnswer } from '../../../schemas/answers/counts.ts';
import type { CubeRow } from '../../../schemas/cube.ts';
import type { View } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import { shareText } from '../../core/share-text.ts';
import type { ApiClient } from '../client.ts';

/** Reads counts as a product manager's program would: over HTTP, with a key, page by page. */
export interface CountsApi {
  page(period: Period, parameters: Readonly<Record<string, string>>): Promise<CountsAnswer>;
  /** Every cell of a view. Devices are 0 where the view has none. */
  view(period: Period, view: View): Promise<CubeRow[]>;
}

export function countsApi(client: ApiClient): CountsApi {
  const page = async (period: Period, parameters: Readonly<Record<string, string>>) => {
    const query = new URLSearchParams({ period, ...parameters });
    return (await (await client.demand('GET', `/v1/counts?${query}`)).json()) as CountsAnswer;
  };
  return {
    page,
    async view(period, view) {
      const rows: CubeRow[] = [];
      for (let offset: number | null = 0; offset !== null; ) {
        const answer: CountsAnswer = await page(period, { view, limit: '1000', offset: String(offset) });
        rows.push(...answer.rows.map((row) => cubeRow(view, row)));
        offset = answer.next;
      }
      return rows;
    },
  };
}

function cubeRow(view: View, row: CountsAnswer['rows'][number]): CubeRow {
  const { platform = '', category = '', vendor = '', model = '', sites, devices } = row;
  return { view, platform, category: category as CubeRow['category'], vendor, model, sites, devices: devices ?? 0 };
}

/** The most common models as a table for people. */
export async function topModels(counts: CountsApi, period: Period): Promise<string> {
  const { rows, total, suppressed } = await counts.page(period, { view: 'model', category: 'phone', limit: '15' });
  const lines = rows.map((row) => [
    `${row.vendor} ${row.model}`.padEnd(34),
    String(row.sites).padStart(7),
    shareText(row.sitesShare ?? 0).padStart(8),
    String(row.devices).padStart(9),
  ]);
  return [
    `Phones in ${period}: ${total.sites} sites have any, ${total.devices} phones counted; ${suppressed.cells} models on too few sites to show`,
    '',
    ['model'.padEnd(34), 'sites'.padStart(7), 'share'.padStart(8), 'phones'.padStart(9)].join(''),
    ...lines.map((line) => line.join('')),
    '',
  ].join('\n');
}
