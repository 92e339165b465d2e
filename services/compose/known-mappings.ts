import { join } from 'node:path';
import type { Period } from '../../schemas/period.ts';
import type { Store } from '../adapters/clickhouse/store.ts';
import { openPeriods } from '../core/period.ts';
import type { Check } from '../http/health.ts';
import { begunCloses, type KnownCloses, OwnCloses, SharedCloses } from '../ingest/known-closes.ts';
import { KnownMappings, type MappingList, noMappings, ownMappings } from '../ingest/known-mappings.ts';
import type { Caps } from '../ports/caps.ts';
import type { HeldFacts } from '../ports/held-facts.ts';
import type { Mappings } from '../ports/mappings.ts';
import type { Resources } from '../shared/resources.ts';
import { openStore } from './adapters.ts';
import type { Environment } from './environment.ts';

export interface Known extends MappingList {
  /** Where this process is told of what is added: looks again. */
  refresh?(): Promise<void>;
  readonly checks: readonly Check[];
  readonly closes: KnownCloses;
  /** For whoever closes months in this process. */
  stopReports?(period: Period): void;
  /** The same store's answers to tokens. */
  readonly held?: HeldFacts | undefined;
}

/**
 * How a process that takes reports learns the curators' mappings. Embedded, it is the only one that adds any: `own` is
 * its store, if it has one. With a store that is a server it looks there, over connections of its own: its address is in
 * the environment of every role. Without either it has the catalogue as shipped, and says so.
 */
export async function learnMappings(
  environment: Environment,
  own: Pick<Store, 'mappings' | 'releases' | 'held'> | undefined,
  resources: Resources,
): Promise<Known> {
  const { config, journal } = environment;
  if (config.store.kind === 'http') return lookingAt(environment, resources);
  if (own) return knowingOwn(own);
  journal.warn('no store to learn mappings and closes from: unlisted names stay unlisted, months end by this clock');
  return { ...noMappings, checks: [], closes: new OwnCloses() };
}

async function knowingOwn(own: Pick<Store, 'mappings' | 'releases' | 'held'>): Promise<Known> {
  const closes = new OwnCloses(await begunCloses(own.releases));
  const mappings = await ownMappings(learnedFrom(own));
  return { ...mappings, checks: [], held: own.held, closes, stopReports: (period) => closes.begin(period) };
}

/** What there is to learn from a store. */
function learnedFrom({ mappings, releases }: Pick<Store, 'mappings' | 'releases'>): Mappings & Caps {
  return { mappings: () => mappings.mappings(), caps: () => releases.caps() };
}

async function lookingAt({ config, clock, journal }: Environment, resources: Resources): Promise<Known> {
  const store = await openStore(config.store);
  resources.add(store.server);
  const path = join(config.dataDirectory, 'catalog-mappings.json');
  const known = resources.add(new KnownMappings({ store: learnedFrom(store), clock, journal, path }));
  const storeClock = { name: 'store', now: () => store.server.now() };
  const readBefore = () => known.readAt;
  const closes = resources.add(new SharedCloses({ releases: store.releases, storeClock, clock, journal, readBefore }));
  const current = () => known.completeFor(openPeriods(clock.now())[0] as Period);
  return {
    completeFor: (period) => known.completeFor(period),
    capFor: (period) => known.capFor(period),
    checks: [
      { name: 'catalog', check: async () => void current() },
      { name: 'closes', check: async () => closes.check() },
    ],
    held: store.held,
    closes,
  };
}
