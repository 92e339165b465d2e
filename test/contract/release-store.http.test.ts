import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { openServerClients } from '../../services/adapters/clickhouse/client/open-client.ts';
import { type ClickHouseHttp, startClickHouseHttp } from '../support/clickhouse-http/start-clickhouse-http.ts';
import { describeReleaseStore } from './release-store.suite.ts';

/** Someone's server: the suite works in a database of its own there and drops it. */
const GIVEN = process.env.ROLLCALL_TEST_STORE_URL;
const database = `rollcall_test_${randomBytes(6).toString('hex')}`;
let server: ClickHouseHttp | undefined;

beforeAll(async () => {
  if (!GIVEN) server = await startClickHouseHttp();
});
afterAll(async () => {
  if (GIVEN) {
    const clients = openServerClients(at('default'));
    await clients.write.run('DROP DATABASE IF EXISTS {database:Identifier}', { database });
    await clients.write.close();
  }
  await server?.stop();
});

function at(path: string): string {
  const url = new URL(GIVEN ?? server?.url ?? '');
  url.pathname = `/${path}`;
  return url.toString();
}

describeReleaseStore({
  name: 'http',
  open: async () => openServerClients(at(database)),
  directory: () => server?.directory ?? null,
});
