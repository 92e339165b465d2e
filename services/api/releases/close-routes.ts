import * as z from 'zod';
import { CloseAnswer } from '../../../schemas/answers/close.ts';
import { Period } from '../../../schemas/period.ts';
import { closableFrom } from '../../core/period.ts';
import { type Caller, type Route, route } from '../../http/route.ts';
import { callerOf, conflict, NoQuery, notFound, type ReleaseRoutesDeps, timeOf } from './release-deps.ts';

export function closeRoutes(deps: ReleaseRoutesDeps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/periods/:period/close',
      summary: 'Close a month now instead of at the next run',
      description:
        'Facts are destroyed, counts of too few sites dropped, releases made. 409 says from when on it is possible.',
      allow: ['releaser'],
      query: NoQuery,
      params: z.strictObject({ period: Period }),
      answer: CloseAnswer,
      status: 202,
      handle: (call) => acceptClose(call.params.period as Period, callerOf(call), deps),
    }),
  ];
}

async function acceptClose(
  period: Period,
  { keyId }: Caller,
  { audit, clock, closes }: ReleaseRoutesDeps,
): Promise<CloseAnswer> {
  if (clock.now() < closableFrom(period)) throw tooEarly(period);
  await audit.append({ actor: keyId, action: 'close.requested', object: period });
  const state = await closes.request(period, keyId);
  if (state === 'too-early') throw tooEarly(period);
  if (state === 'unknown') throw notFound('nothing-reported', 'There are no facts of this month: nothing to close.');
  return { state };
}

function tooEarly(period: Period) {
  return conflict('too-early', `The month can be closed from ${timeOf(closableFrom(period))} on.`);
}
