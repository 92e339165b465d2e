import { setTimeout as pause } from 'node:timers/promises';
import type { PeriodsAnswer } from '../../../schemas/answers/periods.ts';
import type { Period } from '../../../schemas/period.ts';
import { CLOSE_STEPS } from '../../../schemas/release.ts';
import { openServerClients } from '../../../services/adapters/clickhouse/client/open-server.ts';
import { clickhouseReleases } from '../../../services/adapters/clickhouse/releases/clickhouse-releases.ts';
import { openKafkaFactLog } from '../../../services/adapters/kafka/kafka-fact-log.ts';
import { addMonths, periodAt } from '../../../services/core/period.ts';
import { systemClock } from '../../../services/shared/clock.ts';
import { eventually, get } from '../client.ts';
import { fleet } from '../close-installation.ts';
import { blockOf, linesOf } from '../embedded-store.ts';
import { PATIENCE_MS } from '../patience.ts';
import { ADMIN_KEY } from '../rollcall-process.ts';
import { type Fault, nothing } from './fault.ts';

const SITES = 200;
const PARTY = 'Yealink';

export interface ClosingSetUp {
  readonly brokers: readonly string[];
  readonly replicas: number;
  /** Past every proxy. */
  readonly storeUrl: string;
  readonly apiUrl: string;
}

/**
 * A month that is long over is closed while everything else goes on. Whatever happens meanwhile: it closes once, each step
 * once, at one cost, with one release for the party, and every site that reported is in it.
 */
export function closing({ brokers, replicas, storeUrl, apiUrl }: ClosingSetUp): Fault {
  let months = 2;
  let period: Period = periodAt(Date.now());
  let asked: Promise<void> = Promise.resolve();
  const call = (path: string, body: unknown) =>
    fetch(apiUrl + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    async prepare() {
      period = addMonths(periodAt(Date.now()), -months++);
      const agreement = { party: PARTY, vendors: [PARTY], platforms: [], contact: 'somebody' };
      if (months === 3) await call('/v1/agreements', { ...agreement, delivery: { kind: 'download' } });
      await bring(period, brokers, replicas);
    },
    async strike() {
      asked = untilTaken(() => call(`/v1/periods/${period}/close`, {}));
    },
    heal: nothing,
    async verify() {
      await asked;
      const rowOf = async () =>
        (await get<PeriodsAnswer>(apiUrl, '/v1/periods').catch(() => ({ periods: [] }))).periods.find(
          (row) => row.period === period,
        );
      const row = await eventually(rowOf, (seen) => seen?.state === 'released');
      if (row?.sites !== SITES) throw new Error(`${period} was closed with ${row?.sites} sites of ${SITES}`);
      await expectOne(period, storeUrl);
    },
  };
}

async function bring(period: Period, brokers: readonly string[], replicas: number): Promise<void> {
  const log = await openKafkaFactLog({ brokers, clock: systemClock, partitions: 3, replicationFactor: replicas });
  const words = fleet().slice(0, SITES);
  const lines = words.flatMap((word) => linesOf(period, word));
  try {
    await untilDone(() => log.append(blockOf(period, lines, words.length)));
  } finally {
    await log.close();
  }
}

async function expectOne(period: Period, storeUrl: string): Promise<void> {
  const clients = openServerClients(`${storeUrl}/rollcall`);
  try {
    const releases = clickhouseReleases(clients);
    const of = <T extends { readonly period: Period }>(all: readonly T[]) => all.filter((one) => one.period === period);
    const steps = of(await releases.transitions()).map(({ step }) => step);
    const [costs, made] = [of(await releases.ledger()).length, of(await releases.releases()).length];
    if (steps.join() !== CLOSE_STEPS.join() || costs !== 1 || made !== 1)
      throw new Error(`${period} was closed by ${steps.join()}, with ${costs} costs and ${made} releases`);
  } finally {
    await clients.close();
  }
}

const untilTaken = (ask: () => Promise<Response>): Promise<void> =>
  untilDone(async () => {
    const { status } = await ask();
    if (status !== 202) throw new Error(`${status}`);
  });

async function untilDone(act: () => Promise<void>): Promise<void> {
  for (let waited = 0; ; waited += 500) {
    try {
      return await act();
    } catch (thrown) {
      if (waited > PATIENCE_MS) throw thrown;
      await pause(500);
    }
  }
}
