import * as z from 'zod';
import { DeadLettersAnswer, DeadLettersMoved } from '../../../schemas/answers/dead-letters.ts';
import { Period } from '../../../schemas/period.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { type Call, type Route, route } from '../../http/route.ts';
import type { DeadLetterDesk } from '../../ports/dead-letters.ts';
import type { Audit } from '../keys/audit.ts';

export interface DeadLetterRoutesDeps {
  readonly audit: Audit;
  /** Opened when it is first asked for: the API answers while the log is away. */
  readonly deadLetters: () => Promise<DeadLetterDesk>;
}

const NoQuery = z.strictObject({});
const OfPeriod = z.strictObject({ period: Period });

/** Blocks that the store would not take: what there is, once more into the log, or forgotten. */
export function deadLetterRoutes(deps: DeadLetterRoutesDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/dead-letters',
      summary: 'Blocks that were set aside, counted by month and reason',
      description: 'Codes and counts only: what is in a block is shown to nobody. A close destroys what is left.',
      allow: ['admin'],
      formats: ['csv', 'parquet'],
      query: NoQuery,
      example: {},
      answer: DeadLettersAnswer,
      table: deadLettersTable,
      handle: async () => ({ deadLetters: await (await deps.deadLetters()).deadLetters() }),
    }),
    route({
      method: 'POST',
      path: '/v1/dead-letters/:period/replay',
      summary: "Append a month's dead letters to the log again",
      description:
        'For when what was wrong is mended. Counting is idempotent: what was counted before changes nothing.',
      allow: ['admin'],
      query: NoQuery,
      params: OfPeriod,
      answer: DeadLettersMoved,
      handle: (call) => moved(call, 'replay', deps),
    }),
    route({
      method: 'DELETE',
      path: '/v1/dead-letters/:period',
      summary: "Forget a month's dead letters, uncounted",
      allow: ['admin'],
      query: NoQuery,
      params: OfPeriod,
      answer: DeadLettersMoved,
      handle: (call) => moved(call, 'drop', deps),
    }),
  ];
}

async function moved(
  call: Call<unknown, unknown>,
  act: 'replay' | 'drop',
  { audit, deadLetters }: DeadLetterRoutesDeps,
): Promise<DeadLettersMoved> {
  const period = call.params.period as Period;
  const desk = await deadLetters();
  await audit.append({ actor: call.caller?.keyId ?? '', action: `dead-letters.${act}`, object: period });
  return { period, blocks: await desk[act](period) };
}

function deadLettersTable({ deadLetters }: DeadLettersAnswer): Table {
  return tableOf({ period: 'text', reason: 'text', blocks: 'whole', facts: 'whole' }, deadLetters);
}
