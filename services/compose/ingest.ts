import { AddressNames, rateLimit } from '../http/limits/rate-limit.ts';
import { buildIdentifier } from '../identify/identifier.ts';
import { withMappings } from '../identify/mapped.ts';
import type { MappingList } from '../ingest/known-mappings.ts';
import { ingestMetrics, pendingMetric } from '../ingest/metrics.ts';
import { Mixer } from '../ingest/mixer.ts';
import { openPeriodsBy } from '../ingest/open-periods.ts';
import { registerIngest } from '../ingest/routes.ts';
import type { LogWriter } from '../ports/log-writer.ts';
import type { Shared } from './environment.ts';
import { onePerPeriod } from './identifiers.ts';
import type { Served } from './role.ts';

/** Blocks of this many reports do not wait for more: they mix well, and a loaded server does not idle. */
const FULL_BLOCK = 64;
/** Reports held in memory on their way to the log; more are answered 503. */
const MAX_PENDING = 10_000;

export interface IngestRoleDeps extends Shared {
  readonly log: LogWriter;
  readonly known: MappingList;
}

/** Takes reports and appends their facts to the log, mixed. */
export function ingest({ config, clock, catalog, registry, log, known }: IngestRoleDeps): Served {
  const mixer = new Mixer(log, { flushMs: config.flushMs, maxReports: FULL_BLOCK, maxPending: MAX_PENDING });
  pendingMetric(registry, mixer);
  const identifierOf = onePerPeriod((period) =>
    withMappings(buildIdentifier(catalog, period), known.completeFor(period), period),
  );
  return {
    serve(app) {
      const names = new AddressNames(clock, config.trustedProxies);
      const limit = { name: 'reports', perMinute: config.reportsPerMinute, clock, tell: 'when-refused' } as const;
      rateLimit(app, { ...limit, method: 'POST', path: '/v1/reports', names });
      registerIngest(app, { openPeriods: openPeriodsBy(clock), identifierOf, mixer, metrics: ingestMetrics(registry) });
    },
    close: () => mixer.close(),
  };
}
