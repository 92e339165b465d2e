import { withDocumentation } from '../http/openapi/documentation.ts';
import type { Route } from '../http/route.ts';
import { type CatalogRoutesDeps, catalogRoutes } from './catalog/catalog-routes.ts';
import { type ConsoleDeps, consoleRoutes } from './counts/console-routes.ts';
import { type ApiDeps, countRoutes } from './counts/count-routes.ts';
import { type KeyRoutesDeps, keyRoutes } from './keys/key-routes.ts';
import { type DeadLetterRoutesDeps, deadLetterRoutes } from './log/dead-letter-routes.ts';
import { type ReleaseRoutesDeps, releaseRoutes } from './releases/release-routes.ts';
import { type ViewRoutesDeps, viewRoutes } from './views/view-routes.ts';

export type AllRoutesDeps = ApiDeps &
  ConsoleDeps &
  CatalogRoutesDeps &
  KeyRoutesDeps &
  ViewRoutesDeps &
  ReleaseRoutesDeps &
  DeadLetterRoutesDeps;

/** Every endpoint that asks who calls. What is made for all of them is made from this list. */
export function allRoutes(deps: AllRoutesDeps): Route[] {
  return withDocumentation([
    ...countRoutes(deps),
    ...consoleRoutes(deps),
    ...releaseRoutes(deps),
    ...catalogRoutes(deps),
    ...keyRoutes(deps),
    ...viewRoutes(deps),
    ...deadLetterRoutes(deps),
  ]);
}
