import { join } from 'node:path';
import type { CarriedStore } from '../../ports/carried-store.ts';
import type { HeldFacts } from '../../ports/held-facts.ts';
import type { MappingStore } from '../../ports/mappings.ts';
import type { StoreExaminer } from '../../ports/store-examiner.ts';
import type { StoreServer } from '../../ports/store-server.ts';
import { packageRoot } from '../../shared/package-root.ts';
import type { StoreTarget } from '../../shared/targets.ts';
import { type ClickHouseAccess, clickhouseAccess } from './access/clickhouse-access.ts';
import { carriedStore } from './carry/carried-store.ts';
import { mappingStore } from './catalog/mapping-store.ts';
import { openEmbeddedClients } from './client/open-embedded.ts';
import { openServerClients } from './client/open-server.ts';
import type { Clients } from './client/sql-client.ts';
import { storeExaminer } from './client/store-examiner.ts';
import { storeServer } from './client/store-server.ts';
import { type ClickHouseCounts, clickhouseCounts } from './counts/clickhouse-counts.ts';
import { heldFacts } from './counts/held-facts.ts';
import { moveIntoMonths } from './counts/into-months.ts';
import { type ClickHouseReleases, clickhouseReleases } from './releases/clickhouse-releases.ts';

/** Everything that is kept in the database. Its connections are closed by its server alone. */
export interface Store {
  readonly server: StoreServer;
  readonly examiner: StoreExaminer;
  readonly carried: CarriedStore;
  readonly counts: ClickHouseCounts;
  readonly mappings: MappingStore;
  readonly held: HeldFacts;
  readonly access: ClickHouseAccess;
  readonly releases: ClickHouseReleases;
}

export async function openStore(target: StoreTarget): Promise<Store> {
  return storeOver(
    target.kind === 'chdb'
      ? await openEmbeddedClients(target.directory)
      : openServerClients(target.url, target.cluster),
  );
}

const MIGRATIONS = join(packageRoot(), 'schemas', 'clickhouse');

export function storeOver(clients: Clients): Store {
  return {
    server: storeServer(clients, MIGRATIONS, moveIntoMonths),
    examiner: storeExaminer(clients.read, MIGRATIONS),
    carried: carriedStore(clients),
    counts: clickhouseCounts(clients),
    mappings: mappingStore(clients),
    held: heldFacts(clients),
    access: clickhouseAccess(clients),
    releases: clickhouseReleases(clients),
  };
}
