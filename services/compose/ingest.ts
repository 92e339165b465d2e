import type { FastifyRequest } from 'fastify';
import type { Period } from '../../schemas/period.ts';
import { AGGREGATOR_GROUP } from '../aggregator/aggregator.ts';
import { periodAt } from '../core/period.ts';
import { AddressNames, rateLimit, refuseBeyondLimit } from '../http/limits/rate-limit.ts';
import { withMappings } from '../identify/mapped.ts';
import type { KnownCloses } from '../ingest/known-closes.ts';
import type { MappingList } from '../ingest/known-mappings.ts';
import { ingestMetrics, pendingMetric } from '../ingest/metrics.ts';
import { Mixer } from '../ingest/mixer.ts';
import { NewTokens } from '../ingest/new-tokens.ts';
import { openPeriodsBy } from '../ingest/open-periods.ts';
import { HELD_PATH, registerIngest } from '../ingest/routes.ts';
import { Tickets } from '../ingest/tickets.ts';
import type { Counters } from '../ports/counters.ts';
import type { HeldFacts } from '../ports/held-facts.ts';
import type { LogLag } from '../ports/log-lag.ts';
import type { LogWriter } from '../ports/log-writer.ts';
import type { RequestCounters } from '../ports/request-counters.ts';
import { pause } from '../shared/clock.ts';
import { SealedNames } from '../shared/sealed-names.ts';
import type { Shared } from './environment.ts';
import { limitKeys } from './limit-keys.ts';
import { onePerPeriod } from './one-per-period.ts';
import type { Served } from './role.ts';

/** Blocks of this many reports do not wait for more: they mix well, and a loaded server does not idle. */
const FULL_BLOCK = 64;
/** Reports held in memory on their way to the log; more are answered 503. */
const MAX_PENDING = 10_000;

export interface IngestRoleDeps extends Shared {
  readonly log: LogWriter & Pick<LogLag, 'pending'>;
  readonly known: MappingList;
  readonly closes: KnownCloses;
  /** Of this process, or of all that share a Redis. */
  readonly counters: Counters;
  readonly requests: RequestCounters;
  /** What tokens lead to; undefined where this process has no way to the store. */
  readonly held?: HeldFacts | undefined;
}

/** Takes reports and appends their facts to the log, mixed. */
export function ingest(deps: IngestRoleDeps): Served {
  const { config, clock, identifierOf: shipped, registry, log, known, closes, held } = deps;
  const { monthKeys, counters, requests } = deps;
  const mixer = new Mixer(log, { flushMs: config.flushMs, maxReports: FULL_BLOCK, maxPending: MAX_PENDING });
  pendingMetric(registry, mixer);
  const identifierOf = onePerPeriod((period) => withMappings(shipped(period), known.completeFor(period), period));
  const capOf = onePerPeriod((period) => known.capFor(period));
  return {
    serve(app) {
      const keys = limitKeys(config, () => monthKeys.of(periodAt(clock.now())).for('requests'));
      const names = new AddressNames(clock, config.trustedProxies, keys);
      const limit = {
        name: 'reports',
        perMinute: config.reportsPerMinute,
        counters: requests,
        tell: 'when-refused',
      } as const;
      rateLimit(app, { ...limit, refuses: 'when-read', method: 'POST', path: '/v1/reports', names });
      // A limit of its own: to ask what is held costs a look into the store.
      rateLimit(app, { ...limit, name: 'held', method: 'POST', path: HELD_PATH, names });
      const openPeriods = openPeriodsBy(clock, closes);
      const settled = (period: Period) => settledWithinReason(() => log.pending(AGGREGATOR_GROUP, period));
      const metrics = ingestMetrics(registry);
      const tickets = new Tickets(monthKeys);
      const { newTokens: perNetwork, popularNetworks: popular } = config;
      const newTokens = new NewTokens({ perNetwork, popular, counters, keys: monthKeys, clock });
      const admissionOf = (request: FastifyRequest) => ({
        withinLimit: () => refuseBeyondLimit(request),
        newToken: (period: Period) => newTokens.take(period, names.client(request)),
      });
      const { mostDevices } = config;
      // Made each time: what is kept of a month's key is the keys' own matter.
      const sealOf = (period: Period) => new SealedNames(monthKeys.of(period));
      const ofPeriod = { openPeriods, identifierOf, capOf, sealOf, closes };
      const shedding = { givesWay: () => deps.reads.busy, door: deps.door };
      registerIngest(app, {
        ...ofPeriod,
        mixer,
        metrics,
        held,
        settled,
        mostDevices,
        tickets,
        admissionOf,
        ...shedding,
      });
    },
    hurry: () => mixer.hurry(),
    close: () => mixer.close(),
  };
}

const SETTLE_MS = 15_000;
const LOOK_MS = 100;

/** Whether everything that was appended has been inserted: looked at again and again for some seconds. */
async function settledWithinReason(pending: () => Promise<number>): Promise<boolean> {
  for (let waited = 0; waited < SETTLE_MS; waited += LOOK_MS) {
    if ((await pending()) === 0) return true;
    await pause(LOOK_MS);
  }
  return false;
}
