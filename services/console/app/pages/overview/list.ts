import type { OverviewAnswer } from '../../lib/answers.ts';
import type { Asked } from '../../lib/use-api.ts';

export const TOP = 10;

export type Keep = { period: string | undefined; compare: string | undefined };

export interface ListProps {
  readonly asked: Asked<OverviewAnswer>;
  readonly category: string;
  readonly keep: Keep;
}

/** Where the export goes: the same question as the list, asked of `/v1/counts`. */
export function countsOf(answer: OverviewAnswer | undefined, view: string, category?: string) {
  return {
    path: '/v1/counts',
    params: { view, category, period: answer?.period, compare: answer?.compare ?? undefined },
  };
}
