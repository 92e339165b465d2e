import { type KeyRoutesDeps, keyRoutes } from './access/key-routes.ts';
import { type CatalogRoutesDeps, catalogRoutes } from './catalog-routes.ts';
import { withDocumentation } from './documentation.ts';
import { type ReleaseRoutesDeps, releaseRoutes } from './release-routes.ts';
import type { Route } from './route.ts';
import { type ApiDeps, countRoutes } from './routes.ts';

export type AllRoutesDeps = ApiDeps & CatalogRoutesDeps & KeyRoutesDeps & ReleaseRoutesDeps;

/** Every endpoint that asks who calls. What is made for all of them is made from this list. */
export function allRoutes(deps: AllRoutesDeps): Route[] {
  return withDocumentation([...countRoutes(deps), ...releaseRoutes(deps), ...catalogRoutes(deps), ...keyRoutes(deps)]);
}
