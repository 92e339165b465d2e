import { SigningKeyAnswer } from '../../../schemas/answers/releases.ts';
import { type Route, route } from '../../http/route.ts';
import { agreementRoutes } from './agreement-routes.ts';
import { closeRoutes } from './close-routes.ts';
import { heldRoutes } from './held-routes.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import { profileRoutes } from './profile-routes.ts';
import { publicRoutes } from './public/public-routes.ts';
import { NoQuery, type ReleaseRoutesDeps } from './release-deps.ts';
import { releaseListRoutes } from './release-list-routes.ts';

export type { ReleaseRoutesDeps } from './release-deps.ts';

/** Everything about releases: who is given what, what was given, what it cost, and what has to be decided. */
export function releaseRoutes(deps: ReleaseRoutesDeps): Route[] {
  return [
    ...agreementRoutes(deps),
    ...releaseListRoutes(deps),
    ...heldRoutes(deps),
    ...ledgerRoutes(deps),
    ...profileRoutes(deps),
    ...closeRoutes(deps),
    ...publicRoutes(deps),
    signingKeyRoute(deps),
  ];
}

function signingKeyRoute({ signingKeys, keyPublishedAt }: ReleaseRoutesDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/signing-key',
    summary: 'The keys that the signatures of releases are checked with: the newest, and all of them',
    description: 'Each but the first is vouched for by the one before: plain Ed25519 over the bytes of its statement.',
    allow: 'public',
    query: NoQuery,
    example: {},
    answer: SigningKeyAnswer,
    handle: () => {
      const keys = signingKeys();
      const { keyId, pem, fingerprint } = keys.at(-1) as (typeof keys)[number];
      return { keyId, pem, fingerprint, publishedAt: keyPublishedAt, keys };
    },
  });
}
