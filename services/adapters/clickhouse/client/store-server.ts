import type { StoreServer } from '../../../ports/store-server.ts';
import { migrate } from './migrations.ts';
import type { Clients } from './open-client.ts';

/** The engine itself. The migrations' directory has the tables of every store. */
export function storeServer(clients: Clients, migrationsDirectory: string): StoreServer {
  const { write, read } = clients;
  return {
    migrate: () => migrate(write, migrationsDirectory),
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
