import * as z from 'zod';
import { ChoiceAnswer, ChoicesAnswer } from '../../../schemas/answers/release-profile.ts';
import { Period } from '../../../schemas/period.ts';
import { PROFILES } from '../../../schemas/release.ts';
import { periodStart } from '../../core/period.ts';
import { type Caller, type Route, route } from '../../http/route.ts';
import type { ProfileChoice } from '../../ports/release-profiles.ts';
import { callerOf, conflict, NoQuery, type ReleaseRoutesDeps, STAFF, timeOf } from './release-deps.ts';

const Wanted = z.strictObject({ profile: z.enum(PROFILES), since: Period });

/** With noise or, for fleets too small for it, by a threshold alone. */
export function profileRoutes(deps: ReleaseRoutesDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/release-profile',
      summary: 'Which profile months are released with, in the order of the choices; without any, noised',
      allow: STAFF,
      query: NoQuery,
      example: {},
      answer: ChoicesAnswer,
      handle: async () => ({ choices: (await deps.releases.profiles()).map(choiceAnswer) }),
    }),
    route({
      method: 'POST',
      path: '/v1/release-profile',
      summary: 'Choose the profile of months that have not begun',
      description:
        '`threshold` releases carry no noise: they say so in their first lines, and the ledger has them as unbounded.',
      allow: ['admin'],
      query: NoQuery,
      body: Wanted,
      bodyExample: { profile: 'noised', since: '2099-01' },
      answer: ChoiceAnswer,
      status: 201,
      handle: (call) => choose(call.body, callerOf(call), deps),
    }),
  ];
}

/** A month that has begun was promised something already. */
async function choose(
  { profile, since }: z.infer<typeof Wanted>,
  { keyId }: Caller,
  { releases, audit, clock }: ReleaseRoutesDeps,
): Promise<ChoiceAnswer> {
  if (periodStart(since) <= clock.now())
    throw conflict('period-begun', 'The month has begun: its profile was promised to those who report.');
  await audit.append({ actor: keyId, action: 'profile.chosen', object: `${profile} ${since}` });
  const choice = { since, profile, at: clock.now(), by: keyId };
  await releases.addProfile(choice);
  return choiceAnswer(choice);
}

function choiceAnswer({ at, ...choice }: ProfileChoice): ChoiceAnswer {
  return { ...choice, at: timeOf(at) };
}
