import type { FastifyInstance } from 'fastify';
import type { CountStore } from '../ports/count-store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Access } from './access.ts';
import { counts } from './counts.ts';
import { parseCountsQuery } from './counts-query.ts';
import { periods } from './periods.ts';

export interface ApiDeps {
  readonly store: CountStore;
  readonly clock: Clock;
  readonly threshold: number;
  readonly access: Access;
}

/** What product managers read. */
export function registerApi(app: FastifyInstance, deps: ApiDeps): void {
  app.register(async (readers) => {
    readers.addHook('onRequest', async (request) => deps.access.requireReader(request));

    readers.get('/v1/periods', async () => ({ periods: await periods(deps.store, deps.clock.now()) }));

    readers.get('/v1/counts', async (request) => counts(parseCountsQuery(request.query), deps));
  });
}
