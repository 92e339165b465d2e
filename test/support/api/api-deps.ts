import type { Store } from '../../../services/adapters/clickhouse/store.ts';
import { openMemoryRequestCounters } from '../../../services/adapters/memory/memory-request-counters.ts';
import type { ApiRoleDeps } from '../../../services/compose/api.ts';
import { type Shared, sharedIn } from '../../../services/compose/environment.ts';
import type { Clock } from '../../../services/shared/clock.ts';
import { type Config, loadConfig } from '../../../services/shared/config.ts';
import type { Log } from '../../../services/shared/log.ts';

export interface ApiSettings {
  readonly directory: string;
  readonly clock: Clock;
  readonly journal: Log;
  readonly adminKey: string;
  readonly config?: Partial<Config>;
}

const NO_LETTERS = { deadLetters: async () => [], replay: async () => 0, drop: async () => 0 };

/** What the role `api` is built over in the product, over a store that is open already and with nobody who does jobs. */
export function apiDeps(
  store: Store,
  { directory, clock, journal, adminKey, config = {} }: ApiSettings,
): ApiRoleDeps & Shared {
  const env = { ROLLCALL_DATA_DIR: directory, ROLLCALL_ADMIN_KEY: adminKey };
  const environment = { config: { ...loadConfig(env), ...config }, clock, journal };
  return {
    ...sharedIn(environment),
    ...store,
    jobs: { enqueue: async () => {} },
    requests: openMemoryRequestCounters(),
    deadLetters: async () => NO_LETTERS,
    onAdded: async () => {},
  };
}
