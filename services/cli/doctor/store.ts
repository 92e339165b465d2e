import type { Store } from '../../adapters/clickhouse/store.ts';
import { openStore } from '../../compose/adapters.ts';
import type { StoreExamination } from '../../ports/store-examiner.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Config } from '../../shared/config.ts';
import { explanationOf } from '../../shared/failure-codes.ts';
import { settledWithin } from '../../shared/settled-within.ts';
import { lookedAt } from './bounded.ts';
import { bad, type Finding, fine, note } from './finding.ts';
import { ofSpace } from './machine.ts';
import { ofClock } from './running-server.ts';

const ANSWER_MS = 15_000;
/** Every part is read once. */
const READ_MS = 5 * 60_000;

export async function ofStore(config: Config, clock: Clock): Promise<readonly Finding[]> {
  const opened: Store[] = [];
  try {
    const found = await lookedAt('store', ANSWER_MS, async () => {
      const store = await openStore(config.store);
      opened.push(store);
      await store.server.check();
      return [fine('store', 'answers'), ofClock('clock of the store', await store.server.now(), clock.now())];
    });
    const [store] = opened;
    if (store === undefined || found.some(({ state }) => state === 'bad')) return found;
    return [...found, ...(await lookedAt('parts of the store', READ_MS, () => ofWhatItHolds(store, config, clock)))];
  } finally {
    for (const store of opened) await settledWithin(ANSWER_MS, store.server.close());
  }
}

async function ofWhatItHolds(store: Store, config: Config, clock: Clock): Promise<Finding[]> {
  const examined = await store.examiner.examine();
  const space = config.store.kind === 'http' ? [ofSpace('disk of the store', examined.freeBytes)] : [];
  const general = [ofVersions(examined), ...space, ...ofParts(examined)];
  // Without its tables there is nothing else to ask.
  if (examined.migration < examined.knownMigration) return general;
  return [...general, ...(await ofSnapshots(store, config, clock)), ...(await ofCloses(store))];
}

function ofVersions({ engine, migration, knownMigration }: StoreExamination): Finding {
  const seen = `engine ${engine}, tables of migration ${migration}; this version has ${knownMigration}`;
  if (migration > knownMigration) return bad('tables', seen, 'Run the newer version of Rollcall that made them');
  return migration < knownMigration
    ? note('tables', seen, 'The next start brings them up to date')
    : fine('tables', seen);
}

export function ofParts({ detached, damaged }: Pick<StoreExamination, 'detached' | 'damaged'>): Finding[] {
  const found = [
    ...detached.map(({ table, parts }) => bad(`parts of ${table}`, `${parts} set aside by the engine`, SET_ASIDE)),
    ...damaged.map(({ table, parts }) => bad(`parts of ${table}`, `${parts} damaged`, DAMAGED)),
  ];
  return found.length > 0 ? found : [fine('parts of the store', 'each holds what its checksums say')];
}

const SET_ASIDE = 'What is in them is in no count: see docs/runbook/store-parts.md before any close';
const DAMAGED = 'Close no month with them: see docs/runbook/store-parts.md';

/** Open months that were not counted for three intervals. */
async function ofSnapshots({ counts }: Store, config: Config, clock: Clock): Promise<Finding[]> {
  const open = (await counts.snapshots()).filter(({ provisional }) => provisional);
  const found = open.map(({ period, takenAt }) => {
    const age = Math.round((clock.now() - takenAt) / 1_000);
    return ofSnapshotAge(period, age, config.snapshotSeconds);
  });
  return found.length > 0 ? found : [fine('snapshots', 'no month is open')];
}

/** A month in which nothing changes keeps its snapshot, however old: so an old one is worth a look and no more. */
export function ofSnapshotAge(period: string, age: number, interval: number): Finding {
  if (age < -60)
    return bad(`snapshot of ${period}`, `${-age} s in the future`, 'A clock was wrong, or is: see the clocks');
  const seen = `${age} s old, counted every ${interval} s`;
  if (age <= 3 * interval) return fine(`snapshot of ${period}`, seen);
  return note(
    `snapshot of ${period}`,
    seen,
    'If reports arrive, look whether jobs run and what rollcall jobs list says',
  );
}

async function ofCloses({ releases }: Store): Promise<Finding[]> {
  const steps = await releases.transitions();
  const released = new Set(steps.filter(({ step }) => step === 'RELEASED').map(({ period }) => period));
  const failures = (await releases.closeFailures()).filter(({ period }) => !released.has(period));
  if (failures.length === 0) return [fine('closes', `${released.size} months are released, none is stuck`)];
  return failures.map(({ period, code }) => bad(`close of ${period}`, code, explanationOf(code)));
}
