import type { StoreServer } from '../../../ports/store-server.ts';
import { migrate } from './migrations.ts';
import type { Clients, SqlClient } from './sql-client.ts';

/** The engine itself. The migrations' directory has the tables of every store; `after` ends what no statement alone can. */
export function storeServer(
  clients: Clients,
  migrationsDirectory: string,
  after: (client: SqlClient) => Promise<void>,
): StoreServer {
  const { write, read } = clients;
  return {
    async migrate() {
      await migrate(write, migrationsDirectory);
      await after(write);
    },
    async now() {
      const [row] = await read.rows<{ now: number }>('SELECT toUnixTimestamp64Milli(now64(3)) AS now');
      return row?.now ?? 0;
    },
    async check() {
      await read.rows('SELECT 1');
    },
    close: () => clients.close(),
  };
}
