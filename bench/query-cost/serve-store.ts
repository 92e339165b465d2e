import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { openEmbeddedClients } from '../../services/adapters/clickhouse/client/open-embedded.ts';
import { type Store, storeOver } from '../../services/adapters/clickhouse/store.ts';
import { consoleRoutes } from '../../services/api/counts/console-routes.ts';
import { countRoutes } from '../../services/api/counts/count-routes.ts';
import {
  type HeldBackQuery,
  type MonthsQuery,
  readHeldBack,
  readMonths,
} from '../../services/api/counts/remembered-cells.ts';
import { listLengths, methodOf } from '../../services/compose/method.ts';
import { addMonths, periodStart } from '../../services/core/period.ts';
import type { Access } from '../../services/http/access.ts';
import { serveRoutes } from '../../services/http/serve-routes.ts';
import { buildHttp } from '../../services/http/server.ts';
import { endsOfLife } from '../../services/identify/ends-of-life.ts';
import { NameBook } from '../../services/identify/name-book.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { type Filled, fill, LAST, THRESHOLD } from './fill.ts';

/** What a store's process tells the one that started it, once. */
export interface Ready extends Filled {
  readonly url: string;
}

/**
 * A child's whole life: fills a store under `directory`, serves the counts on a free port of this machine alone, tells
 * its parent so, and ends when that ends it or is gone.
 */
export async function serveStore(directory: string, facts: number): Promise<void> {
  // The store is thrown away: nothing has to be closed.
  process.once('disconnect', () => process.exit());
  const clients = await openEmbeddedClients(join(directory, 'store'));
  const store = storeOver(clients);
  await store.server.migrate();
  const filled = await fill(clients.write, store.counts, facts);
  const url = await build(store).listen({ host: '127.0.0.1', port: 0 });
  const ready: Ready = { url, ...filled };
  process.send?.(ready);
}

function build({ counts, releases, mappings }: Store): FastifyInstance {
  const quiet = () => {};
  const app = buildHttp({
    log: { info: quiet, warn: quiet, error: quiet },
    maxWireBytes: 1024,
    maxInflatedBytes: 1024,
  });
  const anybody: Access = {
    authenticate: async () => ({ keyId: 'bench', scopes: ['reader'], manufacturer: undefined }),
  };
  const clock = new SetClock(periodStart(addMonths(LAST, 1)) - 1);
  const catalog = loadCatalog();
  const nameBook = new NameBook(catalog);
  const store = {
    ...counts,
    months: (query: MonthsQuery) => readMonths(counts, query),
    heldBack: (query: HeldBackQuery) => readHeldBack(counts, query),
  };
  const method = () => methodOf(THRESHOLD, listLengths(catalog, LAST));
  const known = { nameBook, catalog, ends: endsOfLife(catalog), method, clock, threshold: THRESHOLD };
  const deps = { ...known, store, arrivals: counts, releases, mappings };
  serveRoutes(app, [...countRoutes(deps), ...consoleRoutes(deps)], anybody);
  return app;
}
