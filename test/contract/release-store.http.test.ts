import { openServerClients } from '../../services/adapters/clickhouse/client/open-server.ts';
import { useTestDatabase } from '../support/clickhouse-http/test-database.ts';
import { describeReleaseStore } from './release-store.suite.ts';

const { at, database, server } = useTestDatabase();

describeReleaseStore({
  name: 'http',
  open: async () => openServerClients(at(`/${database}`)),
  directory: () => server()?.directory ?? null,
});
