import type { Clients } from '../../services/adapters/clickhouse/client/sql-client.ts';
import type { ClickHouseCounts } from '../../services/adapters/clickhouse/counts/clickhouse-counts.ts';
import { storeOver } from '../../services/adapters/clickhouse/store.ts';
import type { StoreServer } from '../../services/ports/store-server.ts';

/** The counts and the server behind them in one: tests speak to both. */
export type CountStore = ClickHouseCounts & StoreServer;

export function countStoreOver(clients: Clients): CountStore {
  const { server, counts } = storeOver(clients);
  return { ...server, ...counts };
}
