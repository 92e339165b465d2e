import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { openServerClients } from '../../../services/adapters/clickhouse/client/open-server.ts';
import { type ClickHouseHttp, startClickHouseHttp } from './start-clickhouse-http.ts';

/** Someone's server: a suite works in a database of its own there and drops it. */
const GIVEN = process.env.ROLLCALL_TEST_STORE_URL;

/** Why the server may not be stopped; null when it is ours. */
export const notOurs = GIVEN ? 'the server of ROLLCALL_TEST_STORE_URL is not ours to stop: unset it' : null;

export interface TestDatabase {
  /** The given server's URL, or ours; with a path (a database) and a query. Once the tests have begun. */
  at(path: string): string;
  /** A database that nothing is in. The first migration creates it. */
  readonly database: string;
  /** Undefined for a given one. */
  server(): ClickHouseHttp | undefined;
}

/** A ClickHouse server for the tests of this file, given or started. */
export function useTestDatabase(): TestDatabase {
  const database = `rollcall_test_${randomBytes(6).toString('hex')}`;
  let server: ClickHouseHttp | undefined;
  const at = (path: string) => {
    const url = new URL(GIVEN ?? server?.url ?? '');
    [url.pathname, url.search] = [path.split('?')[0] ?? '', path.split('?')[1] ?? url.search];
    return url.toString();
  };
  beforeAll(async () => {
    if (!GIVEN) server = await startClickHouseHttp();
  });
  afterAll(async () => {
    if (GIVEN) {
      const { write } = openServerClients(at('/default'));
      await write.run('DROP DATABASE IF EXISTS {database:Identifier}', { database });
      await write.close();
    }
    await server?.stop();
  });
  return { at, database, server: () => server };
}
